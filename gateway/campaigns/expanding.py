"""Expanding: a campaign that has begun gets a message for each recipient, some thousand phones at a time.

What is left to do is whoever has no message yet, never a counter or the last row: a run that is cut short anywhere is
taken up by any other, and gives the same set. Nothing of the audience is held in memory but a chunk's bodies.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import queue
from gateway.campaigns import audiences, recipients
from gateway.campaigns.audiences import Span
from gateway.campaigns.recipients import Plan, Reason
from gateway.campaigns.wordings import Kind
from gateway.outbox import outbox
from models import Campaign, CampaignStatus, Direction, Exclusion, LaneName, Message, State

LOCK = 15486  # one chunk at a time, over all campaigns: two of one text don't see what the other has not committed
CHUNK = 5000  # phones
KIND = "campaign"


def hold(db: Session, campaign_id: int) -> Campaign | None:
    """Gives a campaign to add recipients to; None where there is nothing to add, or where another worker adds some.

    Be it to another campaign. Nobody waits: that worker, or the clock's next look, comes to this campaign too.
    """
    if not db.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        return None
    wanted = select(Campaign).where(Campaign.id == campaign_id, Campaign.status == CampaignStatus.SENDING)
    held = wanted.where(Campaign.expanded_at.is_(None)).with_for_update(skip_locked=True, key_share=True)
    return db.scalars(held.execution_options(populate_existing=True)).one_or_none()


def add_chunk(db: Session, campaign: Campaign, after: str, now: datetime, *, is_real: bool) -> str | None:
    """Makes the messages of the next phones beyond `after`; gives the last of them, None where there is none left.

    From the beginning ("") it passes over whoever has a message, so that each run gets further than the one that was
    cut short. Among those passed some may lack a message by then: `finish` looks at them all again.
    """
    found = recipients.plan(db, campaign, now, is_real=is_real)
    lacks = None if after else campaign.id
    named = audiences.phones(found.audience, Span(after, most=CHUNK, lacks=lacks))
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
    numbers = _left(db, campaign, found)
    if Reason.SAME_TEXT in numbers:  # or they came to the audience behind the chunks
        _add(db, campaign, found, Span(lacks=campaign.id), now)
        numbers = _left(db, campaign, found)
    for why, number in numbers.items():
        once = insert(Exclusion).values(campaign_id=campaign.id, reason=why.value, number=number)
        db.execute(once.on_conflict_do_nothing())
    campaign.expanded_at = now


def _left(db: Session, campaign: Campaign, found: Plan) -> dict[Reason, int]:
    """Gives how many of the audience have no message, by why; those whom nothing else keeps from it had the text."""
    left = recipients.candidates(found, Span(lacks=campaign.id)).subquery()
    counted = select(left.c.reason, left.c.language, func.count()).group_by(left.c.reason, left.c.language)
    numbers: Counter[Reason] = Counter()
    for reason, language, number in db.execute(counted):
        untold = Reason.SAME_TEXT if language in found.wordings.texts else Reason.NO_TEXT
        numbers[Reason(reason) if reason else untold] += number
    return numbers


def _add(db: Session, campaign: Campaign, found: Plan, span: Span, now: datetime) -> None:
    """Adds the messages of a stretch in one statement; whoever has one keeps it."""
    worded = recipients.worded(found, span, _kinds(db, found, span))
    if worded is None:
        return
    columns = _columns(campaign, worded, now)
    rows = select(*columns.values()).order_by(worded.c.phone)
    if found.others:
        rows = rows.where(~_had(found, worded))
    once = insert(Message).from_select(list(columns), rows)
    db.execute(once.on_conflict_do_nothing(index_elements=[Message.dedupe_key]))
    queue.nudge(db, LaneName.BULK)


def _kinds(db: Session, found: Plan, span: Span) -> Collection[Kind]:
    """Gives what kinds of recipients a stretch may have; only dates have to be looked up."""
    if not found.wordings.names_due:
        return [Kind(language, ward) for language in found.wordings.texts for ward in (*found.wordings.wards, None)]
    people = recipients.candidates(found, span).subquery()
    told_apart = (people.c.language, people.c.ward, people.c.due)
    return [Kind(*row) for row in db.execute(select(*told_apart).where(people.c.reason.is_(None)).distinct())]


def _columns(campaign: Campaign, worded: Subquery, now: datetime) -> dict[str, ColumnElement[Any]]:
    """Gives the columns of a message and what goes into them."""
    return {
        "direction": literal(Direction.OUT.value),
        "state": literal(State.QUEUED.value),
        "kind": literal(KIND),
        "phone": worded.c.phone,
        "body": worded.c.body,
        "segments": worded.c.segments,
        "created_at": literal(now),
        "state_at": literal(now),
        "dedupe_key": func.concat(audiences.key(campaign.id, ""), worded.c.phone),
        "lane": literal(LaneName.BULK.value),
        "priority": literal(outbox.KINDS[KIND][0]),
        "expires_at": literal(campaign.stale_at),
        "attempt_no": literal(0),
        "campaign_id": literal(campaign.id),
        "ward_code": worded.c.ward,
    }


def _had(found: Plan, worded: Subquery) -> ColumnElement[bool]:
    """Gives the condition that a phone was reached by these very words; looked up phone by phone."""
    keys = [func.concat(audiences.key(other, ""), worded.c.phone) for other in found.others]
    met = exists().where(Message.dedupe_key.in_(keys), *recipients.is_reached(found, worded.c.body))
    return met.correlate_except(Message)
