"""The order of the queue and the place in it where a page begins.

Urgent ones stand first, then by priority, each by what is due next; what has no clock running stands last. What is done
stands newest first. A page begins after a ticket, not at a number: the queue moves while somebody reads it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal, literal_column, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from gateway.desk.folders import NEWEST_FIRST, Folder
from models import Ticket

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST = 2**31 - 1  # a ticket's id
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
_NEVER: ColumnElement[datetime] = literal_column("'infinity'::timestamptz")
# As the index has it: with "never" as a moment of its own, a page is one stretch of the index.
_DUE: ColumnElement[datetime] = literal_column("coalesce(ticket.next_due_at, 'infinity'::timestamptz)")


@dataclass(frozen=True)
class Place:
    """Where a ticket stands in the queue."""

    rank: int
    due: datetime | None
    id: int

    def written(self) -> str:
        """Gives the place as an address carries it."""
        due = "never" if self.due is None else str((self.due - _EPOCH) // _MICROSECOND)
        return f"{self.rank}.{due}.{self.id}"


def read(written: str) -> Place | None:
    """Reads a place as an address carries it; None when it is none."""
    rank, _, rest = written.partition(".")
    due, _, number = rest.partition(".")
    if not (_is_whole(rank, 3) and _is_whole(number, _LARGEST)):
        return None
    if due == "never":
        return Place(int(rank), None, int(number))
    if not _is_whole(due, (_LATEST - _EPOCH) // _MICROSECOND):
        return None
    return Place(int(rank), _EPOCH + int(due) * _MICROSECOND, int(number))


def _is_whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most


def order(folder: Folder) -> tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]:
    """Gives what a folder is ordered by."""
    return (Ticket.id.desc(),) if folder in NEWEST_FIRST else (Ticket.rank, _DUE, Ticket.id)


def after(folder: Folder, place: Place) -> ColumnElement[bool]:
    """Gives the condition that holds for whatever stands behind a place."""
    if folder in NEWEST_FIRST:
        return Ticket.id < place.id
    due = _NEVER if place.due is None else literal(place.due)
    return tuple_(Ticket.rank, _DUE, Ticket.id) > tuple_(literal(place.rank), due, literal(place.id))
