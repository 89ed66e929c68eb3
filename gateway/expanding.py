"""Expanding: a campaign that has begun gets a message for each recipient, some thousand phones at a time.

What is left to do is whoever has no message yet, never a counter or the last row: a run that is cut short anywhere is
taken up by any other, and gives the same set. Nothing of the audience is held in memory but a chunk's bodies.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, String, cast, column, exists, func, literal, select, values
from sqlalchemy import Date as DateColumn
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import audiences, outbox, queue, recipients
from gateway.audiences import Span
from gateway.recipients import Plan, Reason
from gateway.wordings import Kind
from menus.words import segments
from models import Campaign, CampaignStatus, Direction, Exclusion, LaneName, Message, State

CHUNK = 5000  # phones
KIND = "campaign"


def hold(db: Session, campaign_id: int) -> Campaign | None:
    """Gives a campaign to add recipients to; None where another worker does, or where there is nothing to add."""
    wanted = select(Campaign).where(Campaign.id == campaign_id, Campaign.status == CampaignStatus.SENDING)
    held = wanted.where(Campaign.expanded_at.is_(None)).with_for_update(skip_locked=True, key_share=True)
    return db.scalars(held.execution_options(populate_existing=True)).one_or_none()


def add_chunk(db: Session, campaign: Campaign, after: str, now: datetime, *, is_real: bool) -> str | None:
    """Makes the messages of the next phones beyond `after`; gives the last of them, None where there is none left.

    Among those already passed some may lack a message by then: `finish` looks at them all again.
    """
    found = recipients.plan(db, campaign, now, is_real=is_real)
    named = audiences.phones(found.audience, Span(after, most=CHUNK, lacks=campaign.id))
    upto = db.scalar(select(func.max(named.c.phone)))
    if upto is None:
        return None
    _add(db, campaign, found, Span(after, upto, lacks=campaign.id), now)
    return str(upto)


def finish(db: Session, campaign: Campaign, now: datetime, *, is_real: bool) -> None:
    """Makes the messages of whoever still lacks one, and writes down, once, how many of the audience get none and why.

    What is counted and what was made add up to the audience, since both are told apart by the messages themselves.
    """
    found = recipients.plan(db, campaign, now, is_real=is_real)
    rest = Span(lacks=campaign.id)
    _add(db, campaign, found, rest, now)
    left = recipients.candidates(found, rest).subquery()
    counted = select(left.c.reason, left.c.language, func.count()).group_by(left.c.reason, left.c.language)
    numbers: dict[Reason, int] = {}
    for reason, language, number in db.execute(counted):
        untold = Reason.SAME_TEXT if language in found.wordings.texts else Reason.NO_TEXT
        why = Reason(reason) if reason else untold
        numbers[why] = numbers.get(why, 0) + number
    for why, number in numbers.items():
        once = insert(Exclusion).values(campaign_id=campaign.id, reason=why.value, number=number)
        db.execute(once.on_conflict_do_nothing())
    campaign.expanded_at = now


def _add(db: Session, campaign: Campaign, found: Plan, span: Span, now: datetime) -> None:
    """Adds the messages of a stretch in one statement; whoever has one keeps it."""
    kinds = _kinds(db, found, span)
    bodies = [(*kind, body, segments(body)) for kind in kinds if (body := found.wordings.body(kind)) is not None]
    if not bodies:
        return
    names, rows = _rows(campaign, found, span, bodies, now)
    once = insert(Message).from_select(names, rows).on_conflict_do_nothing(index_elements=[Message.dedupe_key])
    db.execute(once)
    queue.nudge(db, LaneName.BULK)


def _kinds(db: Session, found: Plan, span: Span) -> Collection[Kind]:
    """Gives what kinds of recipients a stretch has."""
    people = recipients.candidates(found, span).subquery()
    told_apart = (people.c.language, people.c.ward, people.c.due)
    return [Kind(*row) for row in db.execute(select(*told_apart).where(people.c.reason.is_(None)).distinct())]


def _rows(
    campaign: Campaign, found: Plan, span: Span, bodies: Sequence[tuple[Any, ...]], now: datetime
) -> tuple[list[str], Select[Any]]:
    """Gives the columns of the messages and the query for them: the stretch, joined with its bodies."""
    people = recipients.candidates(found, span).cte("people").prefix_with("MATERIALIZED")
    body = _bodies(bodies)
    is_same = people.c.ward.is_not_distinct_from(body.c.ward) & people.c.due.is_not_distinct_from(
        cast(body.c.due, DateColumn)  # with no date among them PostgreSQL takes them for text
    )
    joined = people.join(body, (people.c.language == body.c.language) & is_same)
    columns = {
        "direction": literal(Direction.OUT.value),
        "state": literal(State.QUEUED.value),
        "kind": literal(KIND),
        "phone": people.c.phone,
        "body": body.c.body,
        "segments": body.c.segments,
        "created_at": literal(now),
        "state_at": literal(now),
        "dedupe_key": func.concat(audiences.key(campaign.id, ""), people.c.phone),
        "lane": literal(LaneName.BULK.value),
        "priority": literal(outbox.KINDS[KIND][0]),
        "expires_at": literal(campaign.stale_at),
        "attempt_no": literal(0),
        "campaign_id": literal(campaign.id),
        "ward_code": people.c.ward,
    }
    chosen = select(*columns.values()).select_from(joined).where(people.c.reason.is_(None))
    if found.others:
        chosen = chosen.where(~_had(found, people.c.phone, body.c.body))
    return list(columns), chosen.order_by(people.c.phone)


def _bodies(bodies: Sequence[tuple[Any, ...]]) -> CTE:
    columns = (
        column("language", String),
        column("ward", String),
        column("due", DateColumn),
        column("body", String),
        column("segments", Integer),
    )
    return values(*columns, name="bodies").data(list(bodies)).cte("body")


def _had(found: Plan, phone: ColumnElement[str], body: ColumnElement[str]) -> ColumnElement[bool]:
    """Gives the condition that a phone was reached by these very words; looked up phone by phone."""
    keys = [func.concat(audiences.key(other, ""), phone) for other in found.others]
    met = exists().where(Message.dedupe_key.in_(keys), Message.body == body, *recipients.is_reached(found))
    return met.correlate_except(Message)
