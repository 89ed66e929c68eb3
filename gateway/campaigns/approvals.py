"""The second person's yes or no to a campaign, and the moment at which it begins."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gateway import queue
from gateway.campaigns import campaigns
from gateway.campaigns.campaign_moves import put
from gateway.campaigns.campaigns import Deed, Start
from gateway.errors import Refused
from models import Campaign, CampaignStatus

MANY = 500  # recipients, from which the second factor is asked again
MOST_AGAIN = 50  # per cent who got the same text; from there on a reason is needed
MOST_CHANGED = 1  # per cent by which the number may differ from the one shown: a large audience never stands still
LONGEST_REASON = 600


@dataclass(frozen=True)
class Consent:
    """What a second person says with a yes. `proved`: their second factor was asked again just now."""

    proved: bool
    reason: str = ""  # needed where most of those meant just got the same text
    shown: int | None = None  # how many recipients stood beside the button; None where there was no screen


def approve(db: Session, deed: Deed, consent: Consent, *, is_real: bool = False) -> Start:
    """Says yes to a campaign; gives when it begins. By night that is the next morning, unless it is an emergency.

    Raises `Refused` for its author, where it would go to others than were shown, without the second factor from 500
    recipients on, and without a reason where half of those meant got the very same text within 24 hours.
    """
    campaign = campaigns.begin(db, deed, CampaignStatus.APPROVED)
    found = campaigns.counted(db, campaign, deed.now, is_real=is_real)
    shown = found.recipients if consent.shown is None else consent.shown
    if 100 * abs(found.recipients - shown) > MOST_CHANGED * shown:
        raise Refused(
            "By now it would go to %(now)s, not to the %(shown)s that you were shown: look at it again.",
            now=found.recipients,
            shown=shown,
        )
    if max(found.recipients, campaign.expected or 0) >= MANY and not consent.proved:
        raise Refused("From %(many)s recipients on, your second factor is asked again.", many=MANY)
    again, why = found.same_text_percent, checked(consent.reason)
    if again >= MOST_AGAIN and not why:
        raise Refused("%(share)s%% of them got this very text within 24 hours: say why it goes out again.", share=again)
    starts = campaigns.start(db, campaign, campaign.starts_at, deed.now)
    to = CampaignStatus.SCHEDULED if starts.at > deed.now else CampaignStatus.APPROVED
    campaign.approver, campaign.approved_at, campaign.expected = deed.staff.name, deed.now, found.recipients
    _set(db, campaign, to, starts, deed, **campaigns.numbers(found), again=again, why=why)
    return starts


def reject(db: Session, deed: Deed, reason: str) -> None:
    """Says no to a campaign, with a reason that its author reads; raises `Refused` without one."""
    campaign = campaigns.begin(db, deed, CampaignStatus.REJECTED)
    campaign.reason = checked(reason)
    if not campaign.reason:
        raise Refused("Say why.")
    put(db, campaign, CampaignStatus.REJECTED, deed.staff.name, deed.now)


def schedule(db: Session, deed: Deed, starts_at: datetime) -> Start:
    """Sets another moment for an approved campaign; gives the one that holds, which is never in quiet hours."""
    campaign = campaigns.begin(db, deed, CampaignStatus.SCHEDULED)
    if campaign.approved_at is None:
        raise Refused("Only an approved campaign is given another moment.")
    starts = campaigns.start(db, campaign, starts_at, deed.now)
    _set(db, campaign, CampaignStatus.SCHEDULED, starts, deed)
    return starts


def _set(db: Session, campaign: Campaign, to: CampaignStatus, starts: Start, deed: Deed, **details: object) -> None:
    campaign.starts_at = starts.at
    put(db, campaign, to, deed.staff.name, deed.now, starts_at=starts.at.isoformat(), **details)
    queue.nudge_tending(db)


def checked(reason: str) -> str:
    """Gives a reason as it is kept; raises `Refused` for one that is too long."""
    why = " ".join(reason.split()).replace("\0", "")
    if len(why) > LONGEST_REASON:
        raise Refused("A reason has %(longest)s characters at most.", longest=LONGEST_REASON)
    return why
