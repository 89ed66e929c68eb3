"""The one question that may be open to a phone: its reply may be as short as `2`, so a newer question closes it."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from gateway.tickets import informing
from models import OpenQuestion, Ticket, Verdict

CATEGORY, WARD, FIXED = "category", "ward", "fixed"
OPEN_FOR = {CATEGORY: timedelta(hours=24), WARD: timedelta(hours=24), FIXED: timedelta(days=14)}


def newest(db: Session, phone: str, received_at: datetime, now: datetime) -> OpenQuestion | None:
    """Gives the open question; none to an SMS that came before it was asked, such as the last reply sent twice."""
    wanted = select(OpenQuestion).where(OpenQuestion.phone == phone, OpenQuestion.closed_at.is_(None))
    question = db.scalars(wanted.where(OpenQuestion.asked_at <= received_at)).one_or_none()
    return question if question and question.asked_at > now - OPEN_FOR[question.asks] else None


def close(db: Session, phone: str, now: datetime) -> None:
    """Closes what is open to a phone."""
    standing = update(OpenQuestion).where(OpenQuestion.phone == phone, OpenQuestion.closed_at.is_(None))
    db.execute(standing.values(closed_at=now))


def forget(db: Session, ticket: Ticket, now: datetime) -> None:
    """Closes whatever was asked about a case: somebody else speaks for it now."""
    standing = update(OpenQuestion).where(OpenQuestion.ticket_id == ticket.id, OpenQuestion.closed_at.is_(None))
    db.execute(standing.values(closed_at=now))


def ask_if_fixed(db: Session, ticket: Ticket, now: datetime) -> None:
    """Puts down that the citizens of a resolved case were asked if it is fixed, as the SMS with the resolution does."""
    for each in informing.told(db, ticket):
        close(db, each.phone or "", now)
        db.add(OpenQuestion(phone=each.phone, ticket_id=each.id, asks=FIXED, choices=list(Verdict), asked_at=now))


def give_way(db: Session, ticket: Ticket, now: datetime) -> None:
    """Closes what is open to those who are asked something in words now: a `2` may be the answer to that."""
    for each in informing.told(db, ticket):
        close(db, each.phone or "", now)


def forget_if_fixed(db: Session, ticket: Ticket, now: datetime, *, but: str | None = None) -> None:
    """Closes what was asked of a case and those merged into it, once one of their citizens has answered.

    `but` is the phone to which it stays open.
    """
    cases = select(Ticket.id).where(or_(Ticket.id == ticket.id, Ticket.merged_into_id == ticket.id))
    standing = update(OpenQuestion).where(OpenQuestion.ticket_id.in_(cases), OpenQuestion.closed_at.is_(None))
    standing = standing.where(OpenQuestion.asks == FIXED, OpenQuestion.phone.is_distinct_from(but))
    db.execute(standing.values(closed_at=now))
