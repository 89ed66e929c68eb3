"""A console with something on every page, and the pages that there are: for tests that look at all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from gateway import database
from gateway.imports import pack, pack_replies
from gateway.tickets import references
from models import EventKind, Message, Priority, Role, State, Status, Ticket, Verdict
from tests.browser import furnished_campaigns
from tests.grounds import NANDI, NOW
from tests.handlers.cases import filed
from tests.handlers.desks import happens, ticket
from tests.handlers.staff import hire

LONG = "Nobody collects the rubbish behind the market, and it smells. " * 5


@dataclass(frozen=True)
class Furniture:
    """What the pages show: printed references of tickets, each in another state, and the addresses of campaigns."""

    fresh: str
    answered: str
    contested: str
    merged: str
    anonymous: str
    campaigns: Sequence[str]


def furnish(language: str) -> Furniture:
    """Hires an admin, an agent and an officer, and puts tickets, messages, replies and campaigns before them."""
    hire("root", Role.ADMIN, language=language)
    hire("asha", language=language)
    hire("kip", Role.OFFICER, language=language, phone="+254722000001")
    made = Furniture(
        fresh=ticket(LONG, is_urgent=True, is_sensitive=True),
        answered=ticket(assignee="asha", status=Status.OPEN, answered_at=NOW, priority=Priority.HIGH),
        contested=ticket(
            assignee="root", status=Status.REOPENED, verdict=Verdict.NOT_FIXED, reopened=1, resolved_by="asha"
        ),
        merged=ticket("The tap again", status=Status.CLOSED, next_due_at=None),
        anonymous=ticket("A caller without a number", phone=None, status=Status.RESOLVED, resolved_at=NOW),
        campaigns=furnished_campaigns.furnish("root"),
    )
    happens(made.answered, EventKind.NOTED, "The plumber was sent")
    happens(made.answered, EventKind.ANSWERED, "A plumber comes on Tuesday.")
    happens(made.contested, EventKind.CONTESTED)
    _merge(made.merged, made.answered)
    _doubt(filed("roads", days=2))
    with database.transaction() as db:
        pack_replies.write(db, pack.read(NANDI).replies, NOW)
    return made


def addresses(made: Furniture) -> tuple[str, ...]:
    """Gives the address of every page that an admin may see, below the console."""
    tickets = [f"tickets/{reference}" for reference in (made.fresh, made.answered, made.contested, made.merged)]
    queues = ["tickets?folder=all", "tickets?folder=emergency&ward=751", "tickets?folder=everything&q=nowhere"]
    work = [f"tickets/{made.anonymous}", f"tickets/{made.answered}/phone", "calls/new", "day", "messages"]
    supervision = ["supervision", "supervision/give", "replies", "replies/new", "exports", "reports", "audit"]
    staff = ["staff", "new-staff", "staff/kip", "staff/kip/second-factor-lost", "account", "password"]
    campaigns = ["campaigns", "campaigns?status=paused", "campaigns?status=expired", "campaigns/new", *made.campaigns]
    nowhere = ["nothing/here", "tickets/XXX-XXX-XXX", "campaigns/999999"]
    return (*queues, *tickets, *work, *supervision, *staff, *campaigns, *nowhere)


def _merge(reference: str, into: str) -> None:
    with database.transaction() as db:
        found = {each: db.query(Ticket).filter_by(reference=references.read(each)).one() for each in (reference, into)}
        found[reference].merged_into_id = found[into].id


def _doubt(reference: str) -> None:
    """Puts the confirmation of a case in doubt."""
    with database.transaction() as db:
        wanted = select(Message).join(Ticket, Ticket.id == Message.ticket_id).where(Ticket.reference == reference)
        message = db.scalars(wanted).one()
        message.state, message.state_at = State.UNKNOWN, NOW - timedelta(hours=1)
