"""Is it one of these? Open tickets of the same matter and place in like words, which may be the same thing.

Only the newest ones are compared, found by an index of category and ward: it costs the same however many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import CompoundSelect, String, cast, func, or_, select, true, union_all
from sqlalchemy.orm import Session

from gateway.county.tokens import words_of
from gateway.staff import rights
from gateway.tickets.ticket_clocks import IS_OPEN
from models import Staff, Ticket, Ward

SHOWN = 5
OF_ONE_WARD, OF_EACH_WARD, OF_NO_WARD = 150, 5, 50  # the newest ones: some 200 are compared
ALIKE = 55  # of 100 (rapidfuzz's token_set_ratio): half of the words are the same


@dataclass(frozen=True)
class Suggestion:
    """A ticket that may be the same, how alike the words are (of 100), and how many citizens it speaks for."""

    ticket: Ticket
    score: int
    citizens: int


def suggestions(db: Session, staff: Staff, ticket: Ticket) -> Sequence[Suggestion]:
    """Gives up to five open tickets that may be the same as this one, those most alike first.

    A ticket without a ward may be like one of any ward, and one with a ward like one without.
    """
    said = " ".join(words_of(ticket.words))
    scores = {
        candidate: fuzz.token_set_ratio(said, " ".join(words_of(words)), score_cutoff=ALIKE)
        for candidate, words in db.execute(_candidates(staff, ticket))
    }
    best = sorted((id_ for id_, score in scores.items() if score), key=lambda id_: (-scores[id_], -id_))[:SHOWN]
    found = {each.id: each for each in db.scalars(select(Ticket).where(Ticket.id.in_(best)))} if best else {}
    citizens = _citizens(db, best) if best else {}
    return [Suggestion(found[id_], round(scores[id_]), citizens[id_]) for id_ in best if id_ in found]


def _candidates(staff: Staff, ticket: Ticket) -> CompoundSelect[int, str]:
    """Gives the query for the newest open tickets of one category: some of each ward that may be meant, and of none."""
    open_ones = select(Ticket.id, Ticket.words).where(
        IS_OPEN,
        Ticket.category_code == ticket.category_code,
        Ticket.is_sensitive == ticket.is_sensitive,
        Ticket.id != ticket.id,
        *rights.in_scope(staff),
    )
    newest = open_ones.order_by(Ticket.ward_code.desc(), Ticket.id.desc())  # as the index has them, read backwards
    most, meant = (OF_ONE_WARD, Ward.code == ticket.ward_code) if ticket.ward_code else (OF_EACH_WARD, true())
    there = newest.where(Ticket.ward_code == Ward.code).limit(most).correlate(Ward).lateral()
    nowhere = newest.where(Ticket.ward_code.is_(None)).limit(OF_NO_WARD).subquery()
    of_wards = select(there.c.id, there.c.words).select_from(Ward).join(there, true()).where(meant)
    return union_all(of_wards, select(nowhere.c.id, nowhere.c.words))


def _citizens(db: Session, ids: Sequence[int]) -> dict[int, int]:
    """Counts the phones that each ticket and those merged into it came from; a caller without one counts, too."""
    whole = func.coalesce(Ticket.merged_into_id, Ticket.id)
    who = func.count(func.coalesce(Ticket.phone, cast(Ticket.id, String)).distinct())
    counted = select(whole, who).where(or_(Ticket.id.in_(ids), Ticket.merged_into_id.in_(ids))).group_by(whole)
    return dict(db.execute(counted).all())
