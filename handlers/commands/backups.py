"""Commands that keep the whole database in a file, and bring it back."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from gateway.operations import backups
from gateway.outbox import lineage
from handlers import current
from handlers.commands.operating import operating, servers


@click.command("backup")
@with_appcontext
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def back_up(file: Path) -> None:
    """Write the whole database to FILE, for its owner's eyes only."""
    with servers():
        backups.back_up(current.settings(), file)
    click.echo(f"{file} is written.")


@click.command("restore")
@with_appcontext
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace the cases and SMS that the database holds.")
def restore(file: Path, yes: bool) -> None:
    """Put the backup in FILE in place of the database. Nothing is sent afterwards, until `reconcile`."""
    with servers():
        backups.restore(current.settings(), file, may_replace=yes)
    now = datetime.now(UTC)
    with operating():  # the tables of an older backup are brought up to date
        lineage.agrees(current.settings(), now)  # it does not: the lanes stop
    click.echo(f"Restored. Nothing is sent until: flask --app wsgi reconcile --since {now.isoformat()}")
