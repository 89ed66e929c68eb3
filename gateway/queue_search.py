"""Full-text search in what citizens and staff wrote, and by reference.

Words are looked for as they are typed; of the last one its beginning is enough. `"some words"` together, `or` and
`-not` work as in search engines. From each of the two places where words stand the newest matches are taken, up to
`LOOKED_AT`; words of more than `RARE` are looked for in the latest tickets only, for nobody reads the others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from gateway import references
from gateway.rights import in_scope
from models import Staff, Ticket, TicketEvent

LONGEST = 200  # characters; a question of more is cut
LOOKED_AT = 200
RARE, LATELY = 5_000, 5_000
_BEGINNING = re.compile(r"(?P<before>(?:.*\s)?)(?P<word>\w{2,})", re.DOTALL)
_ENDS_WITH_OR = re.compile(r"\bor\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Match:
    """The condition that a ticket matches what was typed, and whether the latest tickets alone were looked at."""

    condition: ColumnElement[bool]
    is_cut: bool


def tidy(typed: str) -> str:
    """Gives what was typed without what no text holds."""
    return " ".join(typed.replace("\x00", " ").split())[:LONGEST]


def reference(db: Session, staff: Staff, typed: str) -> str | None:
    """Gives the reference that was typed, in any spelling, where it is that of a ticket `staff` may see."""
    found = references.read(typed)
    if found is None:
        return None
    return db.scalar(select(Ticket.reference).where(Ticket.reference == found, *in_scope(staff)))


def matching(db: Session, typed: str, conditions: Sequence[ColumnElement[bool]]) -> Match:
    """Gives what matches what was typed, in a ticket's own words or in those of its timeline.

    `conditions` are all the others: they are met by what is looked at, so that none of it is looked at in vain.
    """
    query = _query(typed)
    last = db.scalar(select(func.max(Ticket.id))) or 0
    own = select(Ticket.id).where(Ticket.search.bool_op("@@")(query))
    told = select(TicketEvent.ticket_id).where(TicketEvent.search.bool_op("@@")(query))
    told = told.join(Ticket, Ticket.id == TicketEvent.ticket_id)
    found, is_common = _found(db, own, Ticket.id, last, conditions)
    heard, is_often_said = _found(db, told, TicketEvent.ticket_id, last, conditions)
    return Match(Ticket.id.in_(found | heard), (is_common or is_often_said) and last > LATELY)


def _found(
    db: Session,
    matches: Select[int],
    number: InstrumentedAttribute[int],
    last: int,
    conditions: Sequence[ColumnElement[bool]],
) -> tuple[set[int], bool]:
    """Gives the newest tickets among `matches`, by the index of words where that is quick, and whether it was not."""
    lately = matches.where(number > last - LATELY)
    is_common = _is_common(db, matches, lately, last)
    _by_words(db, is_so=not is_common)
    if is_common:
        matches = lately
    found = set(db.scalars(matches.where(*conditions).order_by(number.desc()).limit(LOOKED_AT)))
    _by_words(db, is_so=False)
    return found, is_common


def _is_common(db: Session, matches: Select[int], lately: Select[int], last: int) -> bool:
    """Whether more than `RARE` match: the latest tickets tell it of most words, to count those by index takes long."""
    many = RARE * LATELY // max(last, 1) + 1  # among the latest, where so many match of all
    if last > LATELY and len(db.scalars(lately.limit(many)).all()) == many:
        return True
    _by_words(db, is_so=True)
    return len(db.scalars(matches.limit(RARE + 1)).all()) > RARE


def _by_words(db: Session, *, is_so: bool) -> None:
    """Has the database read by the index of words, or not.

    It can't know how many tickets hold a word by its beginning, and reads a million of them for the five that do.
    """
    other = "off" if is_so else "on"
    settings = {
        "enable_seqscan": other,
        "enable_indexscan": other,
        "enable_indexonlyscan": other,
        "gin_fuzzy_search_limit": str(2 * RARE) if is_so else "0",
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
