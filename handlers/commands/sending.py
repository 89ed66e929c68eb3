"""Commands about the SMS that go out: lanes, messages in doubt, and what to do after a restore."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup, with_appcontext

from gateway import database, phones
from gateway.outbox import lanes, lineage
from gateway.sending import reconciling, second_sends
from gateway.sending.second_sends import Wish
from handlers import current
from handlers.commands.operating import operating
from models import LaneName

lane_group = AppGroup("lane", help="The lanes on which SMS go out.")
messages_group = AppGroup("messages", help="SMS that may have been sent.")


@lane_group.command("open")
@click.argument("name", type=click.Choice([lane.value for lane in LaneName]))
def open_lane(name: str) -> None:
    """Open a lane that was stopped, once the cause is mended."""
    with operating(), database.transaction() as db:
        lanes.open_again(db, LaneName(name))
    click.echo(f"Lane {name} is open.")


@messages_group.command("unknown")
def list_unknown() -> None:
    """List the replies that may have been sent, and those the carrier held; a campaign lists its own."""
    with operating(), database.transaction() as db:
        for message in second_sends.in_doubt(db):
            since = f"{message.state_at:%Y-%m-%d %H:%M}Z"
            about = f"ticket {message.ticket_id}" if message.ticket_id else "no ticket"
            click.echo(
                f"{message.id}  {message.state}  {since}  {phones.masked(message.phone)}  {message.kind}  {about}"
            )


@messages_group.command("send-again")
@click.argument("message_id", metavar="ID", type=int)
@click.option("--reason", required=True, help="Why; kept on the ticket.")
@click.option("--by", required=True, help="Who decided it.")
def send_again(message_id: int, reason: str, by: str) -> None:
    """Send an SMS in doubt once more: the citizen may get it twice."""
    with operating(), database.transaction() as db:
        second_sends.send_again(db, message_id, Wish(by, reason), database.now(db))
    click.echo(f"SMS {message_id} goes out once more.")


def _moment(_context: click.Context, _option: click.Parameter, typed: str | None) -> datetime | None:
    if typed is None:
        return None
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise click.BadParameter("must look like 2026-11-23T14:30+03:00") from None
    if moment.tzinfo is None:
        raise click.BadParameter("must name its time zone, as in 2026-11-23T14:30+03:00")
    return moment


@click.command("reconcile")
@with_appcontext
@click.option("--since", callback=_moment, help="When the backup was restored, or any moment since it was made.")
@click.option("--nothing-restored", is_flag=True, help="This host is new, or lost its VAR_DIR; nothing is in doubt.")
def reconcile(since: datetime | None, nothing_restored: bool) -> None:
    """Open the lanes after a restore; what was promised before and may have been sent meanwhile is doubted."""
    if (since is None) == (not nothing_restored):
        raise click.UsageError("say either --since TIME or --nothing-restored")
    with operating():
        with database.transaction() as db:
            now = datetime.now(UTC)
            doubted = reconciling.doubt(db, since, now) if since else reconciling.NOTHING
            reconciling.open_lanes(db)
            found = lineage.begin_anew(db, now)
        lineage.remember(current.settings(), found)
    click.echo(f"The lanes are open. {doubted.messages} SMS may have been sent: `messages unknown` lists the replies.")
    for campaign in doubted.campaigns:
        click.echo(f"Campaign {campaign} is cancelled: it may have been sent. Ask before you write it anew.")
