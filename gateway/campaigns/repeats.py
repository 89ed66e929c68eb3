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

from gateway import queue, rowsets, tallies
from gateway.campaigns import campaigns
from gateway.campaigns.campaign_moves import put
from gateway.campaigns.campaigns import Deed
from gateway.county import quiet_hours
from gateway.county.county_book import the_county
from gateway.errors import Refused
from gateway.outbox.outbox import SENT_AGAIN
from gateway.staff import reasons
from menus import notices
from menus.words import segments
from models import Campaign, CampaignStatus, Citizen, Direction, LaneName, Message, State

AFTER = timedelta(hours=24)
LIVES = timedelta(hours=24)
_Found = Row[int, str, State, datetime, str | None]  # id, body, state, since when, the citizen's language


def count(db: Session, campaign_id: int, now: datetime) -> int:
    """Gives how many SMS of a campaign have been in doubt for a day and were not sent again."""
    return db.scalar(select(func.count()).select_from(_in_doubt(campaign_id, now).subquery())) or 0


def repeat(db: Session, deed: Deed, reason: str) -> int:
    """Puts all of them back into the queue, and records it; gives how many.

    Raises `Refused` for the campaign's author and who else may not, without a reason, for a campaign that was ended
    before its time, and where there is nothing to do.
    """
    campaign = campaigns.begin(db, deed, CampaignStatus.SENDING)
    if campaign.status is not CampaignStatus.DONE:
        raise Refused("Only a campaign that is done is sent again.")
    why = reasons.checked(reason)
    found = db.execute(_in_doubt(campaign.id, deed.now).with_for_update(of=Message)).all()
    if not found:
        raise Refused("No SMS of this campaign has been in doubt for 24 hours.")
    starts = deed.now if campaign.is_emergency else quiet_hours.next_day(db, deed.now)
    campaign.stale_at, campaign.ended_at = starts + LIVES, None
    tallies.uncount_messages(db, [(Direction.OUT, row.state, row.state_at) for row in found])
    _queue(db, campaign, found, {SENT_AGAIN: {"by": deed.staff.name, "reason": why}}, deed.now)
    put(db, campaign, CampaignStatus.SENDING, deed.staff.name, deed.now, again=len(found), why=why)
    queue.nudge_tending(db)
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
