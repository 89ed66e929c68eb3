"""Commands about citizens: made-up ones, to try a campaign on."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from gateway import database
from gateway.citizens import sample_citizens
from handlers.commands.operating import operating

citizens_group = AppGroup("citizens", help="Citizens: sample ones, to try a campaign on.")


@citizens_group.command("sample")
@click.option("--number", type=click.IntRange(1, sample_citizens.MOST), required=True, help="How many there shall be.")
@click.option("--ward", required=True, help="The ward's code, such as 777.")
def sample(number: int, ward: str) -> None:
    """Make sample citizens of a ward. A real carrier is never asked to send to them."""
    with operating(), database.transaction() as db:
        added = sample_citizens.make(db, number, ward, datetime.now(UTC))
    click.echo(f"{added:,} sample citizens were added; ward {ward} has {number:,} at least.")
