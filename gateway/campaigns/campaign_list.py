"""The list of campaigns: what waits for somebody, and all of them by status, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.staff import rights
from gateway.staff.rights import Right
from models import Campaign, CampaignStatus, Staff

AT_ONCE = 50
MOST_WAITING = 20
_UNFINISHED = (CampaignStatus.DRAFT, CampaignStatus.REJECTED)


@dataclass(frozen=True)
class Page:
    """A stretch of the list; `following` is what the next one lies below, None at the end."""

    campaigns: Sequence[Campaign]
    following: int | None


@dataclass(frozen=True)
class Waiting:
    """What waits for one member of staff: others' campaigns to decide on, own ones to finish."""

    to_approve: Sequence[Campaign]
    own: Sequence[Campaign]


def page(db: Session, status: CampaignStatus | None, below: int | None) -> Page:
    """Gives a stretch of the list, of one status or of all."""
    wanted = select(Campaign).order_by(Campaign.id.desc()).limit(AT_ONCE + 1)
    if status is not None:
        wanted = wanted.where(Campaign.status == status)
    if below is not None:
        wanted = wanted.where(Campaign.id < below)
    found = db.scalars(wanted).all()
    return Page(found[:AT_ONCE], found[AT_ONCE - 1].id if len(found) > AT_ONCE else None)


def counts(db: Session) -> Mapping[CampaignStatus, int]:
    """Gives how many campaigns each status has, those without any left out."""
    rows = db.execute(select(Campaign.status, func.count()).group_by(Campaign.status))
    found = {row[0]: row[1] for row in rows}
    return {status: found[status] for status in CampaignStatus if status in found}


def waiting(db: Session, staff: Staff) -> Waiting:
    """Gives what waits for this member of staff."""
    to_approve: Sequence[Campaign] = ()
    own: Sequence[Campaign] = ()
    if rights.may(staff, Right.APPROVE_CAMPAIGNS):
        others = select(Campaign).where(Campaign.status == CampaignStatus.SUBMITTED, Campaign.author != staff.name)
        to_approve = db.scalars(others.order_by(Campaign.submitted_at).limit(MOST_WAITING)).all()
    if rights.may(staff, Right.WRITE_CAMPAIGNS):
        unfinished = select(Campaign).where(Campaign.status.in_(_UNFINISHED), Campaign.author == staff.name)
        own = db.scalars(unfinished.order_by(Campaign.id.desc()).limit(MOST_WAITING)).all()
    return Waiting(to_approve, own)
