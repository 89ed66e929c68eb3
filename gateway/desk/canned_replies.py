"""Canned replies: what agents begin an answer with, per category and in the languages of the console.

A reply may name facts of a ticket, `{reference}` and the like. They are put in by a plain replacer, never by
`str.format`: whatever else stands between braces stays as it is. A sensitive ticket gives away neither where nor what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import placeholders
from gateway.county import county_time
from gateway.errors import Refused, Stale
from gateway.staff import rights
from gateway.staff.rights import Right
from gateway.tickets import references
from menus import answers
from menus.county import in_language
from models import CannedReply, Category, Staff, Ticket

LANGUAGES = ("en", "sw")
PLACEHOLDERS = ("reference", "ward", "category", "department", "due")
LONGEST_TITLE, LONGEST_BODY = 80, 600
SAMPLE = "sample"  # who "changed" a reply that came with the county pack
# Where a ticket has no ward, and where a sensitive one must not name it.
_UNNAMED = {
    "en": {"ward": "your ward", "category": "this matter", "department": "the department"},
    "sw": {"ward": "wadi yako", "category": "jambo hili", "department": "idara husika"},  # TO REVIEW
}


@dataclass(frozen=True)
class Wording:
    """What staff want a reply to say."""

    title: str
    category: str | None  # None: fits every category
    body: Mapping[str, str]  # per language
    over: str | None = None  # the version it was written over; None for whatever stands there


@dataclass(frozen=True)
class Offer:
    """A reply as it would stand in an answer to one ticket."""

    id: int
    title: str
    words: str
    is_sample: bool


def listed(db: Session, category: str | None = None) -> Sequence[CannedReply]:
    """Gives the replies that fit a category: its own first, then those for all; without one, every reply."""
    standing = select(CannedReply).where(CannedReply.retired_at.is_(None))
    if category is not None:
        fits = (CannedReply.category_code == category) | CannedReply.category_code.is_(None)
        standing = standing.where(fits)
    return db.scalars(standing.order_by(CannedReply.category_code.nulls_last(), CannedReply.title)).all()


def offered(db: Session, ticket: Ticket) -> Sequence[Offer]:
    """Gives the replies that fit a ticket, in its citizen's language, with the ticket's facts in them."""
    facts = _facts(db, ticket)
    return [
        Offer(
            reply.id,
            reply.title,
            placeholders.filled(reply.body.get(ticket.language) or reply.body["en"], facts),
            reply.changed_by == SAMPLE,
        )
        for reply in listed(db, ticket.category_code)
    ]


def categories(db: Session, replies: Sequence[CannedReply] = ()) -> dict[str, dict[str, str]]:
    """Gives the labels per language, by code, of every category that a reply may be for.

    Those of `replies` are among them where the county has given them up, too: a reply keeps its own.
    """
    own = {reply.category_code for reply in replies}
    wanted = select(Category).where(Category.retired_at.is_(None) | Category.code.in_(own))
    return {each.code: each.label for each in db.scalars(wanted.order_by(Category.position, Category.code))}


def find(db: Session, reply_id: int) -> CannedReply:
    """Gives a reply that was not retired; raises `Refused` where there is none."""
    reply = db.get(CannedReply, reply_id)
    if reply is None or reply.retired_at is not None:
        raise Refused("There is no such canned reply.")
    return reply


def add(db: Session, staff: Staff, wording: Wording, now: datetime) -> CannedReply:
    """Adds a reply; the same again is the one there is, since a form may be sent twice on a slow link.

    Raises `Refused` for one that lacks a title or a language, is too long or names unknown facts.
    """
    _may_edit(staff)
    reply = CannedReply()
    _write(db, reply, wording, staff.name, now)
    known = next((each for each in listed(db) if _says(each) == _says(reply)), None)
    if known is not None:
        return known
    db.add(reply)
    db.flush()
    return reply


def _says(reply: CannedReply) -> tuple[str, str | None, dict[str, str]]:
    return reply.title, reply.category_code, reply.body


def change(db: Session, staff: Staff, reply_id: int, wording: Wording, now: datetime) -> CannedReply:
    """Changes a reply; raises `Refused` as `add` does, and `Stale` where somebody else changed it meanwhile."""
    _may_edit(staff)
    db.get(CannedReply, reply_id, with_for_update=True, populate_existing=True)
    reply = find(db, reply_id)
    if wording.over not in (None, version(reply)):
        raise Stale("Somebody else changed this reply meanwhile. Nothing was kept; yours still stands in the form.")
    _write(db, reply, wording, staff.name, now)
    return reply


def version(reply: CannedReply) -> str:
    """Gives which wording of a reply this is."""
    return reply.changed_at.astimezone(UTC).isoformat()


def retire(db: Session, staff: Staff, reply_id: int, now: datetime) -> None:
    """Takes a reply from the list."""
    _may_edit(staff)
    reply = find(db, reply_id)
    reply.retired_at, reply.changed_by, reply.changed_at = now, staff.name, now


def _may_edit(staff: Staff) -> None:
    if not rights.may(staff, Right.EDIT_REPLIES):
        raise Refused("You may not change canned replies.")


def _write(db: Session, reply: CannedReply, wording: Wording, by: str, now: datetime) -> None:
    title = " ".join(wording.title.replace("\0", "").split())
    if not 0 < len(title) <= LONGEST_TITLE:
        raise Refused("A title is needed, of %(most)s characters at most.", most=LONGEST_TITLE)
    category = db.get(Category, wording.category) if wording.category else None
    is_kept = wording.category == reply.category_code
    if wording.category and (category is None or (category.retired_at is not None and not is_kept)):
        raise Refused("There is no such category.")
    reply.body = {language: _checked(wording.body.get(language, ""), language) for language in LANGUAGES}
    reply.title, reply.category_code = title, category.code if category else None
    reply.changed_by, reply.changed_at = by, now


def _checked(body: str, language: str) -> str:
    text = body.strip().replace("\r\n", "\n").replace("\0", "")
    name = {"en": "English", "sw": "Kiswahili"}[language]
    if not text:
        raise Refused("The words in %(language)s are missing.", language=name)
    if len(text) > LONGEST_BODY:
        sizes = {"length": len(text), "most": LONGEST_BODY}
        raise Refused(
            "The words in %(language)s are %(length)s characters long; %(most)s is the most.", language=name, **sizes
        )
    if unknown := placeholders.unknown(text, PLACEHOLDERS):
        known = ", ".join(f"{{{placeholder}}}" for placeholder in PLACEHOLDERS)
        raise Refused("There is no %(name)s; there are %(known)s.", name=f"{{{unknown[:40]}}}", known=known)
    return text


def _facts(db: Session, ticket: Ticket) -> Mapping[str, str]:
    """Gives what a reply may name of a ticket, in its citizen's language."""
    language = ticket.language
    facts = {"reference": references.printed(ticket.reference), **_UNNAMED.get(language, _UNNAMED["en"])}
    due = ticket.resolve_due_at.astimezone(county_time.zone(db)).date()
    facts["due"] = answers.day(language, due, is_sample=ticket.category.clocks_are_sample)
    if not ticket.is_sensitive:
        facts["category"] = in_language(ticket.category.label, language)
        facts["department"] = in_language(ticket.department.label, language)
        facts["ward"] = ticket.ward.name if ticket.ward else facts["ward"]
    return facts
