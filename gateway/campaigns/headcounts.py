"""Headcounts: how many of an audience would get a campaign and how many not, what it costs, and how it will read."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from gateway import database
from gateway.campaigns import recipients
from gateway.campaigns.audiences import Span
from gateway.campaigns.recipients import Plan, Reason
from gateway.campaigns.wordings import Kind
from gateway.phones import masked
from menus.words import segments
from models import Campaign, Message

MOST_LOOKED_AT = 500  # for a few previews
PATIENCE, MEMORY = 20, 64  # seconds, megabytes: an audience is more than one page of a queue


@dataclass(frozen=True)
class Count:
    """What a campaign would do now. The cost is an estimate in shillings."""

    recipients: int
    languages: Mapping[str, int]
    wards: Mapping[str | None, int]
    excluded: Mapping[Reason, int]
    segments: int
    cost: Decimal
    missing: Sequence[str]  # languages that somebody would read and that have no text

    @property
    def same_text_percent(self) -> int:
        """The share of those meant who got the very same text within 24 hours, rounded down."""
        same = self.excluded.get(Reason.SAME_TEXT, 0)
        return 100 * same // (same + self.recipients) if same else 0


@dataclass(frozen=True)
class Preview:
    """The text as one real recipient will read it; the phone is masked."""

    phone: str
    language: str
    ward: str | None
    body: str
    segments: int


def count(db: Session, campaign: Campaign, now: datetime, *, is_real: bool = False) -> Count:
    """Counts who would get a campaign now and who not, in two statements whatever the audience's size.

    `is_real`: whether the carrier sends to real phones, so that sample citizens are left out. A language without a text
    is counted among the recipients and named as missing.
    """
    database.allow(db, seconds=PATIENCE, megabytes=MEMORY)
    found = recipients.plan(db, campaign, now, is_real=is_real)
    people = recipients.candidates(found, Span()).subquery()
    columns = (people.c.language, people.c.ward, people.c.due, people.c.reason)
    kinds: Counter[Kind] = Counter()
    excluded: Counter[Reason] = Counter()
    for language, ward, due, reason, number in db.execute(select(*columns, func.count()).group_by(*columns)):
        if reason is None:
            kinds[Kind(language, ward, due)] += number
        else:
            excluded[Reason(reason)] += number
    same = _same_text(db, found, kinds)
    if same:
        excluded[Reason.SAME_TEXT] = same.total()
    return _summed(found, kinds - same, excluded)


def _same_text(db: Session, found: Plan, kinds: Collection[Kind]) -> Counter[Kind]:
    """Gives how many of each kind were reached by the very text that they would get now."""
    worded = recipients.worded(found, Span(), kinds) if found.others else None
    if worded is None:
        return Counter()
    met = exists().where(Message.phone == worded.c.phone, *recipients.is_reached(found, worded.c.body))
    told_apart = (worded.c.language, worded.c.ward, worded.c.due)
    rows = db.execute(select(*told_apart, func.count()).where(met).group_by(*told_apart))
    return Counter({Kind(language, ward, due): number for language, ward, due, number in rows})


def _summed(found: Plan, kinds: Counter[Kind], excluded: Mapping[Reason, int]) -> Count:
    languages: Counter[str] = Counter()
    wards: Counter[str | None] = Counter()
    parts, missing = 0, set()
    for kind, number in kinds.items():
        languages[kind.language] += number
        wards[kind.ward] += number
        body = found.wordings.body(kind)
        if body is None:
            missing.add(kind.language)
        else:
            parts += number * segments(body)
    return Count(languages.total(), languages, wards, excluded, parts, parts * found.price, sorted(missing))


def previews(db: Session, campaign: Campaign, now: datetime, *, most: int = 5) -> Sequence[Preview]:
    """Gives the text as some real recipients will read it, of every kind one before a second."""
    found = recipients.plan(db, campaign, now, is_real=False)
    people = recipients.candidates(found, Span(most=MOST_LOOKED_AT)).subquery()
    rows = db.execute(select(people).where(people.c.reason.is_(None)).order_by(people.c.phone))
    by_kind: dict[Kind, list[str]] = {}
    for phone, language, ward, due, _ in rows:
        by_kind.setdefault(Kind(language, ward, due), []).append(phone)
    turns = sorted((n, phone) for own in by_kind.values() for n, phone in enumerate(own))
    kinds = {phone: kind for kind, own in by_kind.items() for phone in own}
    shown = []
    for _, phone in turns[:most]:
        kind = kinds[phone]
        body = found.wordings.body(kind) or ""
        shown.append(
            Preview(masked(phone), kind.language, found.wordings.wards.get(kind.ward or ""), body, segments(body))
        )
    return shown
