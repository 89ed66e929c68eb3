"""The moves of a ticket: from which status to which, by whom, and what the citizen reads. There are no others.

The table says it all; `put` makes a move and winds the clocks. Citizens move their own cases by what they say, the
clock closes what stays resolved in silence, a merge closes a duplicate that nobody judged: those moves stand in the
table too. Undoing a merge is no move: the duplicate stands again where it stood, as if nothing had been.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy.orm import Session

from gateway import tallies
from gateway.errors import Refused
from gateway.tickets import ticket_clocks
from menus import answers
from menus.answers import About
from models import EventKind, Priority, Role, Staff, Status, Ticket, TicketEvent


class Itself(Enum):
    """Who moves a ticket besides staff."""

    CITIZEN = "the citizen"
    CLOCK = "the clock"
    MERGE = "a merge"


Mover = Role | Itself
Tells = Callable[[str, About], str]

WORKERS: frozenset[Mover] = frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMIN})
SUPERVISORS: frozenset[Mover] = frozenset({Role.SUPERVISOR, Role.ADMIN})
CITIZEN: frozenset[Mover] = frozenset({Itself.CITIZEN})


@dataclass(frozen=True)
class Move:
    """One move. With `tells` the citizen gets an SMS; staff write its words where `needs_words`, and nowhere else."""

    by: frozenset[Mover]
    needs_words: bool = False
    tells: Tells | None = None


_BEGUN = Move(WORKERS)
_PASSED_ON = Move(WORKERS, tells=answers.passed_on)
_ASKED = Move(WORKERS, needs_words=True, tells=answers.asked)
_RESOLVED = Move(WORKERS, needs_words=True, tells=answers.resolved)
_REJECTED = Move(WORKERS, needs_words=True, tells=answers.rejected)
_JOINED = Move(frozenset({Itself.MERGE}), tells=answers.joined)
_CONTESTED = Move(SUPERVISORS | CITIZEN, tells=answers.reopened)
_OPEN, _DEPARTMENT, _CITIZEN = Status.OPEN, Status.WAITING_DEPARTMENT, Status.WAITING_CITIZEN

MOVES: Mapping[tuple[Status, Status], Move] = {
    **{
        (status, to): move
        for status in (Status.NEW, Status.OPEN, Status.WAITING_DEPARTMENT, Status.WAITING_CITIZEN, Status.REOPENED)
        for to, move in (
            (_DEPARTMENT, _PASSED_ON),
            (_CITIZEN, _ASKED),
            (Status.RESOLVED, _RESOLVED),
            (Status.REJECTED, _REJECTED),
            (Status.CLOSED, _JOINED),  # without having been resolved
        )
        if status is not to
    },
    (Status.NEW, _OPEN): _BEGUN,
    (Status.REOPENED, _OPEN): _BEGUN,
    (_DEPARTMENT, _OPEN): Move(WORKERS | {Role.OFFICER}),  # the department has said what it did
    (_CITIZEN, _OPEN): Move(WORKERS | CITIZEN),  # the citizen has answered
    (Status.RESOLVED, Status.CLOSED): Move(SUPERVISORS | CITIZEN | {Itself.CLOCK}),
    (Status.RESOLVED, Status.REOPENED): _CONTESTED,
    (Status.CLOSED, Status.REOPENED): _CONTESTED,
    (Status.REJECTED, Status.REOPENED): _CONTESTED,
}


def open_to(ticket: Ticket, staff: Staff) -> Sequence[Status]:
    """Gives where this member of staff may move a ticket, in the order of the statuses. A merged one stays."""
    if ticket.merged_into_id is not None:
        return []
    return [to for to in Status if (move := MOVES.get((ticket.status, to))) and staff.role in move.by]


def the_move(ticket: Ticket, to: Status, by: Mover) -> Move:
    """Gives a move that `by` may make now; raises `Refused` where there is none."""
    move = MOVES.get((ticket.status, to))
    if move is None or by not in move.by or ticket.merged_into_id is not None:
        raise Refused("The case can't be moved there from where it stands, or not by you.")
    return move


def put(db: Session, ticket: Ticket, to: Status, actor: str | None, now: datetime) -> TicketEvent:
    """Moves a ticket, winds its clocks and notes it; gives the line of its timeline. Whether it may be is asked before.

    `actor` is a staff name, None for the citizen or the clock.
    """
    tallies.uncount_ticket(db, ticket)
    before, ticket.status = ticket.status, to
    if to is Status.WAITING_CITIZEN:
        ticket_clocks.pause(ticket, now)
    else:
        ticket_clocks.resume(db, ticket, now)
    _date(db, ticket, actor, now)
    ticket_clocks.show_next(ticket)
    event = TicketEvent(ticket_id=ticket.id, kind=EventKind.MOVED, at=now, actor=actor)
    event.details = {"from": before.value, "to": to.value}
    db.add(event)
    return event


def _date(db: Session, ticket: Ticket, actor: str | None, now: datetime) -> None:
    match ticket.status:
        case Status.RESOLVED:
            ticket.resolved_at, ticket.resolved_by, ticket.verdict = now, actor, None
            ticket.answered_at = ticket.answered_at or now
        case Status.CLOSED | Status.REJECTED:
            ticket.closed_at = now
        case Status.REOPENED:
            ticket.answered_at = ticket.resolved_at = ticket.closed_at = None
            ticket.reopened += 1
            ticket.priority = Priority.HIGH
            ticket_clocks.start(db, ticket, now)
