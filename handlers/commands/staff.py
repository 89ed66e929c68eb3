"""Commands about the console's accounts."""

import sys
from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import AppGroup

from gateway import database
from gateway.staff import accounts
from handlers.commands.operating import operating
from models import Role, Staff

staff_group = AppGroup("staff", help="Accounts of the console.")


@staff_group.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--department", help="The code of the account's department.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from the first line of stdin.")
@click.option("--phone", help="Where an officer's SMS come from.")
@click.option("--chief", is_flag=True, help="The chief officer of the department.")
@click.option("--totp-secret-stdin", is_flag=True, help="Read the second factor's secret from the next line.")
def add_staff(name: str, role: str, password_stdin: bool, totp_secret_stdin: bool, **more: Any) -> None:
    """Add an account to the console."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    staff = Staff(
        name=name,
        role=Role(role),
        department_code=more["department"],
        phone=more["phone"],
        is_chief=more["chief"],
        totp_secret=sys.stdin.readline().strip() if totp_secret_stdin else None,
        created_at=datetime.now(UTC),
    )
    with operating(), database.transaction() as db:
        accounts.add(db, staff, password)
    click.echo(f"{name} may sign in as {role}.")
