"""Giving many tickets to one person at once: each stands or is refused for itself, and the log tells of all in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.errors import Refused
from gateway.staff import audit, rights
from gateway.staff.rights import Right
from gateway.tickets import assignments
from gateway.tickets.casework import Deed
from models import Staff, TicketEvent

MOST = 100  # tickets at once
ASSIGNED = "assigned_many"  # the audit log's word


@dataclass(frozen=True)
class Pick:
    """One of the tickets, as it was shown."""

    reference: str  # without hyphens
    version: int


@dataclass(frozen=True)
class Turn:
    """One press of the button: by whom, which press, and when."""

    staff: Staff
    press: UUID
    now: datetime


@dataclass(frozen=True)
class Result:
    """What became of one ticket; without a fault it was given."""

    reference: str
    fault: Refused | None = None


def assign_many(db: Session, turn: Turn, picks: Sequence[Pick], name: str | None) -> Sequence[Result]:
    """Gives tickets to a person, or to nobody; a result for each, in the order of their references.

    The same press again does nothing. Raises `Refused` for who doesn't supervise, for none and for more than `MOST`.
    """
    if not rights.may(turn.staff, Right.SUPERVISE):
        raise Refused("Only a supervisor gives many cases at once.")
    if not 0 < len(picks) <= MOST:
        raise Refused("Choose from 1 to %(most)s cases.", most=MOST)
    deeds = {pick.reference: _deed(turn, pick) for pick in picks}
    known = select(TicketEvent.submission).where(TicketEvent.submission.in_([deed.press for deed in deeds.values()]))
    was_done = set(db.scalars(known))
    # In one order, so that two who give the same tickets wait for one another rather than for ever.
    results = [_assign(db, deed, name) for _, deed in sorted(deeds.items())]
    given = [each.reference for each in results if not each.fault and deeds[each.reference].press not in was_done]
    if given:
        refused = sum(each.fault is not None for each in results)
        subject = f"staff:{name}" if name else "nobody"
        audit.record(db, turn.staff.name, ASSIGNED, subject, turn.now, tickets=given, refused=refused)
    return results


def _deed(turn: Turn, pick: Pick) -> Deed:
    return Deed(turn.staff, pick.reference, pick.version, uuid5(turn.press, pick.reference), turn.now)


def _assign(db: Session, deed: Deed, name: str | None) -> Result:
    try:
        with db.begin_nested():
            assignments.assign(db, deed, name)
    except Refused as refused:
        return Result(deed.reference, refused)
    return Result(deed.reference)
