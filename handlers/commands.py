"""The operator's commands: `flask --app wsgi …`. Each uses the running embedded servers, or starts them for itself."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from gateway import accounts, budget_import, database, embedded, lanes, pack, pack_loading, project_import
from gateway.errors import GatewayError
from gateway.imports import ImportReport
from handlers import current
from models import LaneName, Role, Staff

OPERATOR_STATEMENT_MS = 60_000
SHOWN_FAULTS = 50

db_group = AppGroup("db", help="The database's tables.")
county_group = AppGroup("county", help="The county pack.")
projects_group = AppGroup("projects", help="The list of public projects.")
budget_group = AppGroup("budget", help="The budget's lines.")
staff_group = AppGroup("staff", help="Accounts of the console.")
lane_group = AppGroup("lane", help="The lanes on which SMS go out.")


def register(app: Flask) -> None:
    """Hangs the commands on the application."""
    for group in (db_group, county_group, projects_group, budget_group, staff_group, lane_group):
        app.cli.add_command(group)


@contextmanager
def _operating() -> Iterator[None]:
    """Has the servers running, and turns a fault with a name into one line and exit code 1."""
    settings = current.settings()
    try:
        with embedded.running(settings):
            database.migrate(settings.database_url)
            engine = database.connect(settings.database_url, statement_ms=OPERATOR_STATEMENT_MS)
            yield
            engine.dispose()
    except GatewayError as error:
        raise click.ClickException(str(error)) from error


@db_group.command("upgrade")
def upgrade() -> None:
    """Bring the tables to the newest schema."""
    with _operating():
        click.echo("The database is up to date.")


@county_group.command("load")
def load_county() -> None:
    """Load the county pack; what disappeared from it is retired."""
    with _operating(), database.transaction() as db:
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
    with _operating(), database.transaction() as db:
        report = rule(db, file, partial=partial, replace=replace, now=datetime.now(UTC))
    click.echo(str(report))
    if report.is_refused:
        raise SystemExit(1)


@staff_group.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--department", help="The code of the account's department.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from the first line of stdin.")
@click.option("--totp-secret-stdin", is_flag=True, help="Read the second factor's secret from the next line.")
def add_staff(name: str, role: str, department: str | None, password_stdin: bool, totp_secret_stdin: bool) -> None:
    """Add an account to the console."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    totp_secret = sys.stdin.readline().strip() if totp_secret_stdin else None
    with _operating(), database.transaction() as db:
        staff = Staff(
            name=name,
            role=Role(role),
            department_code=department,
            totp_secret=totp_secret,
            created_at=datetime.now(UTC),
        )
        accounts.add(db, staff, password)
    click.echo(f"{name} may sign in as {role}.")


@lane_group.command("open")
@click.argument("name", type=click.Choice([lane.value for lane in LaneName]))
def open_lane(name: str) -> None:
    """Open a lane that was stopped, once the cause is mended."""
    with _operating(), database.transaction() as db:
        lanes.open_again(db, LaneName(name))
    click.echo(f"Lane {name} is open.")
