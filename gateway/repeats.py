"""A campaign's SMS that may have been sent, sent once more: by a second person who says why, after a day, once.

The text begins with "(Repeat)" in the citizen's language, since they may have had it before. The campaign goes on for
those: it can be paused and cancelled as before, keeps to the day, and its figures still add up.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, Select, String, and_, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from gateway import audit, queue, reasons, rights, rowsets, tallies
from gateway.county import the_county
from gateway.errors import Refused
from gateway.rights import Right
from menus import notices
from menus.words import segments
from models import Campaign, CampaignStatus, Citizen, Direction, LaneName, Message, Staff, State

AFTER = timedelta(hours=24)
LIVES = timedelta(hours=24)
REPEATED = "campaign_repeated"  # the audit log's word
SENT_AGAIN = "sent_again"
_Found = Row[int, str, State, datetime, str | None]  # id, body, state, since when, the citizen's language

OPEN_TO_IT = (CampaignStatus.SENDING, CampaignStatus.PAUSED, CampaignStatus.DONE)


def count(db: Session, campaign_id: int, now: datetime) -> int:
    """Gives how many SMS of a campaign have been in doubt for a day and were not sent again."""
    return db.scalar(select(func.count()).select_from(_in_doubt(campaign_id, now).subquery())) or 0


def repeat(db: Session, staff: Staff, campaign_id: int, reason: str, now: datetime) -> int:
    """Puts all of them back into the queue, and records it; gives how many.

    Raises `Refused` for the campaign's author and who else may not, without a reason, and where there is nothing to do.
    """
    campaign = db.get(Campaign, campaign_id, with_for_update=True)
    if campaign is None or not rights.may(staff, Right.APPROVE_CAMPAIGNS):
        raise Refused("You may not send a campaign's SMS again.")
    if campaign.author == staff.name:
        raise Refused("A second person must decide this: you wrote the campaign.")
    why = reasons.checked(reason)
    if campaign.status not in OPEN_TO_IT:
        raise Refused("This campaign was ended before its time; nothing of it is sent again.")
    found = db.execute(_in_doubt(campaign_id, now).with_for_update(of=Message)).all()
    if not found:
        raise Refused("No SMS of this campaign has been in doubt for 24 hours.")
    _go_on(campaign, now)
    tallies.uncount_messages(db, [(Direction.OUT, row.state, row.state_at) for row in found])
    _queue(db, campaign, found, {SENT_AGAIN: {"by": staff.name, "reason": why}}, now)
    audit.record(db, staff.name, REPEATED, f"campaign:{campaign_id}", now, reason=why, number=len(found))
    return len(found)


def _in_doubt(campaign_id: int, now: datetime) -> Select[int, str, State, datetime, str | None]:
    is_old = and_(Message.state == State.UNKNOWN, Message.state_at <= now - AFTER)
    is_first = or_(Message.details.is_(None), ~Message.details.has_key(SENT_AGAIN))
    return (
        select(Message.id, Message.body, Message.state, Message.state_at, Citizen.language)
        .outerjoin(Citizen, Citizen.phone == Message.phone)
        .where(Message.campaign_id == campaign_id, Message.direction == Direction.OUT, is_first)
        .where(or_(Message.state == State.UNRESOLVED, is_old))
    )


def _go_on(campaign: Campaign, now: datetime) -> None:
    campaign.stale_at = max(campaign.stale_at, now + LIVES)
    campaign.version += 1
    if campaign.status is CampaignStatus.DONE:
        campaign.status, campaign.ended_at = CampaignStatus.SENDING, None


def _queue(db: Session, campaign: Campaign, found: Sequence[_Found], details: dict[str, Any], now: datetime) -> None:
    of_old = the_county(db).languages[0]
    bodies = [notices.repeated(row.language or of_old, row.body) for row in found]
    parts = {body: segments(body) for body in set(bodies)}
    rows = [(row.id, body, parts[body]) for row, body in zip(found, bodies, strict=True)]
    given = rowsets.rows({"id": Integer(), "body": String(), "segments": Integer()}, rows)
    again = {
        "body": given.c.body,
        "segments": given.c.segments,
        "state": State.QUEUED,
        "state_at": now,
        "owner": None,
        "lease_until": None,
        "not_before": None,
        "expires_at": campaign.stale_at,
        "details": func.coalesce(Message.details, literal({}, JSONB)).op("||")(literal(details, JSONB)),
    }
    db.execute(
        update(Message).where(Message.id == given.c.id).values(again),
        execution_options={"synchronize_session": False},
    )
    db.expire_all()
    queue.nudge(db, LaneName.BULK)
