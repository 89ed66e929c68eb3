"""Full-text search in what citizens and staff wrote, and by reference.

Words are looked for as they are typed; of the last one its beginning is enough. `"some words"` together, `or` and
`-not` work as in search engines. From each of the two places where words stand the newest matches are taken, up to
`LOOKED_AT`.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, text, union
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from gateway import references
from gateway.rights import in_scope
from models import Staff, Ticket, TicketEvent

LONGEST = 200  # characters; a question of more is cut
LOOKED_AT = 500
_BEGINNING = re.compile(r"(?P<before>(?:.*\s)?)(?P<word>\w{2,})", re.DOTALL)
_ENDS_WITH_OR = re.compile(r"\bor\s*$", re.IGNORECASE)


def tidy(typed: str) -> str:
    """Gives what was typed without what no text holds."""
    return " ".join(typed.replace("\x00", " ").split())[:LONGEST]


def reference(db: Session, staff: Staff, typed: str) -> str | None:
    """Gives the reference that was typed, in any spelling, where it is that of a ticket `staff` may see."""
    found = references.read(typed)
    if found is None:
        return None
    return db.scalar(select(Ticket.reference).where(Ticket.reference == found, *in_scope(staff)))


def prepare(db: Session) -> None:
    """Has the database plan each search of this transaction for its own words: no plan fits rare and common ones."""
    db.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def matching(typed: str, conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Gives the condition that a ticket matches what was typed, in its own words or in those of its timeline.

    `conditions` are all the others: they are met by what is looked at, so that none of it is looked at in vain.
    """
    query = _query(typed)
    own = select(Ticket.id).where(Ticket.search.bool_op("@@")(query), *conditions)
    told = (
        select(TicketEvent.ticket_id)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.search.bool_op("@@")(query), *conditions)
    )
    newest = (
        own.order_by(Ticket.id.desc()).limit(LOOKED_AT).subquery(),
        told.order_by(TicketEvent.ticket_id.desc()).limit(LOOKED_AT).subquery(),
    )
    return Ticket.id.in_(union(*(select(some.c[0]) for some in newest)))


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
