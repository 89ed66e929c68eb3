"""Full-text search in what citizens and staff wrote, and by reference.

Words are looked for as they are typed; of the last one its beginning is enough. `"some words"` together, `or` and
`-not` work as in search engines. From each of the two places where words stand the newest matches are taken, up to
`LOOKED_AT`; words of more than `RARE` are looked for in the latest tickets only, for nobody reads the others. An export
takes all that match, or is told that it can't have them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from gateway.staff.rights import in_scope
from gateway.tickets import references
from models import Staff, Ticket, TicketEvent

LONGEST = 200  # characters; a question of more is cut
LOOKED_AT = 200
RARE, LATELY = 5_000, 5_000
_BEGINNING = re.compile(r"(?P<before>(?:.*\s)?)(?P<word>\w{2,})", re.DOTALL)
_ENDS_WITH_OR = re.compile(r"\bor\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Match:
    """The condition that a ticket matches what was typed, and whether others match that were not taken."""

    condition: ColumnElement[bool]
    is_cut: bool  # the latest tickets alone were looked at
    is_full: bool  # of what was looked at, the newest alone were taken


@dataclass(frozen=True)
class _Found:
    tickets: set[int]
    is_common: bool
    is_full: bool


def tidy(typed: str) -> str:
    """Gives what was typed without what no text holds."""
    return " ".join(typed.replace("\x00", " ").split())[:LONGEST]


def reference(db: Session, staff: Staff, typed: str) -> str | None:
    """Gives the reference that was typed, in any spelling, where it is that of a ticket `staff` may see."""
    found = references.read(typed)
    if found is None:
        return None
    return db.scalar(select(Ticket.reference).where(Ticket.reference == found, *in_scope(staff)))


def matching(
    db: Session, typed: str, conditions: Sequence[ColumnElement[bool]], *, most: int | None = LOOKED_AT
) -> Match:
    """Gives what matches what was typed, in a ticket's own words or in those of its timeline.

    `conditions` are all the others: they are met by what is looked at, so that none of it is looked at in vain. `most`
    are taken from each of the two, None for all.
    """
    query = _query(typed)
    last = db.scalar(select(func.max(Ticket.id))) or 0
    own = select(Ticket.id).where(Ticket.search.bool_op("@@")(query))
    told = select(TicketEvent.ticket_id).where(TicketEvent.search.bool_op("@@")(query))
    told = told.join(Ticket, Ticket.id == TicketEvent.ticket_id)
    look = partial(_found, db, last=last, conditions=conditions, most=most)
    places = (look(own, Ticket.id), look(told, TicketEvent.ticket_id))
    return Match(
        Ticket.id.in_(places[0].tickets | places[1].tickets),
        is_cut=any(place.is_common for place in places) and last > LATELY,
        is_full=any(place.is_full for place in places),
    )


def _found(
    db: Session,
    matches: Select[int],
    number: InstrumentedAttribute[int],
    *,
    last: int,
    conditions: Sequence[ColumnElement[bool]],
    most: int | None,
) -> _Found:
    """Gives the newest tickets among `matches`, by the index of words where that is quick."""
    lately = matches.where(number > last - LATELY)
    is_common = _is_common(db, matches, lately, last, is_exact=most is None)
    _by_words(db, is_so=not is_common, is_exact=most is None)
    if is_common:
        matches = lately
    wanted = matches.where(*conditions).order_by(number.desc())
    found = db.scalars(wanted if most is None else wanted.limit(most + 1)).all()
    _by_words(db, is_so=False)
    return _Found(set(found[:most]), is_common, is_full=most is not None and len(found) > most)


def _is_common(db: Session, matches: Select[int], lately: Select[int], last: int, *, is_exact: bool) -> bool:
    """Whether more than `RARE` match: the latest tickets tell it of most words, to count those by index takes long."""
    many = RARE * LATELY // max(last, 1) + 1  # among the latest, where so many match of all
    if last > LATELY and len(db.scalars(lately.limit(many)).all()) == many:
        return True
    _by_words(db, is_so=True, is_exact=is_exact)
    return len(db.scalars(matches.limit(RARE + 1)).all()) > RARE


def _by_words(db: Session, *, is_so: bool, is_exact: bool = False) -> None:
    """Has the database read by the index of words, or not, and there as many as it holds where it is to be exact.

    It can't know how many tickets hold a word by its beginning, and reads a million of them for the five that do.
    """
    other = "off" if is_so else "on"
    settings = {
        "enable_seqscan": other,
        "enable_indexscan": other,
        "enable_indexonlyscan": other,
        "gin_fuzzy_search_limit": str(2 * RARE) if is_so and not is_exact else "0",
        "plan_cache_mode": "force_custom_plan",
    }
    db.execute(select(*(func.set_config(name, value, True) for name, value in settings.items())))


def _query(typed: str) -> ColumnElement[Any]:
    found = _BEGINNING.fullmatch(typed)
    if found is None or '"' in typed or _ENDS_WITH_OR.search(found["before"]):
        return func.websearch_to_tsquery("simple", typed, type_=TSQUERY)
    # Letters, digits and underscores only: nothing that the stricter language of to_tsquery would read as a sign.
    beginning = func.to_tsquery("simple", found["word"] + ":*", type_=TSQUERY)
    if not found["before"].strip():
        return beginning
    rest = func.websearch_to_tsquery("simple", found["before"], type_=TSQUERY)
    return rest.op("&&", return_type=TSQUERY())(beginning)
