"""Commands about the audit log."""

import click
from flask.cli import AppGroup

from gateway import database
from gateway.staff import audit
from handlers.commands.operating import operating

audit_group = AppGroup("audit", help="The log of who did what.")


@audit_group.command("verify")
def verify() -> None:
    """Read the whole chain; name the first entry that was altered or taken away.

    What was cut off at the end shows in the count only: compare it with an older one.
    """
    with operating(), database.transaction() as db:
        count, fault = audit.verify(db)
    click.echo(
        f"{count} entries hold." if fault is None else f"Entry {fault.entry} {fault.words}; {count} before it hold."
    )
    if fault is not None:
        raise SystemExit(1)
