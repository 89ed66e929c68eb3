"""Commands that load: the tables, the county pack, lists of projects and budget lines."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from gateway import database
from gateway.imports import budget_import, pack, pack_loading, project_import
from gateway.imports.imports import ImportReport
from handlers import current
from handlers.commands.operating import operating

SHOWN_FAULTS = 50

db_group = AppGroup("db", help="The database's tables.")
county_group = AppGroup("county", help="The county pack.")
projects_group = AppGroup("projects", help="The list of public projects.")
budget_group = AppGroup("budget", help="The budget's lines.")


@db_group.command("upgrade")
def upgrade() -> None:
    """Bring the tables to the newest schema."""
    with operating():
        click.echo("The database is up to date.")


@county_group.command("load")
def load_county() -> None:
    """Load the county pack; what disappeared from it is retired."""
    with operating(), database.transaction() as db:
        click.echo(str(pack_loading.load(db, pack.read(current.settings().county), datetime.now(UTC))))


@projects_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partial", is_flag=True, help="Take the good rows although others are wrong.")
@click.option("--replace", is_flag=True, help="Retire the projects that the file leaves out.")
def import_projects(file: Path, partial: bool, replace: bool) -> None:
    """Import public projects from a CSV or XLSX FILE; county/README.md names the columns."""
    _import(project_import.import_projects, file, partial=partial, replace=replace)


@budget_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partial", is_flag=True, help="Take the good rows although others are wrong.")
@click.option("--replace", is_flag=True, help="Retire the lines that the file leaves out.")
def import_budget(file: Path, partial: bool, replace: bool) -> None:
    """Import budget lines from a CSV or XLSX FILE; county/README.md names the columns."""
    _import(budget_import.import_budget, file, partial=partial, replace=replace)


def _import(rule: Callable[..., ImportReport], file: Path, *, partial: bool, replace: bool) -> None:
    with operating(), database.transaction() as db:
        report = rule(db, file, partial=partial, replace=replace, now=datetime.now(UTC))
    click.echo(str(report))
    if report.is_refused:
        raise SystemExit(1)
