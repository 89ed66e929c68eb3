"""All that a campaign's page shows to one member of staff, gathered in one transaction.

Before it begins that is what it would do: who would get it, in what words, at what cost, and when. Afterwards it is how
far it has come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gateway.campaigns import (
    approvals,
    audiences,
    campaign_doubts,
    campaign_moves,
    campaigns,
    headcounts,
    progress,
    uploads,
    wordings,
)
from gateway.campaigns.audiences import Audience
from gateway.campaigns.campaign_doubts import Doubts
from gateway.campaigns.campaign_moves import By
from gateway.campaigns.campaigns import Start
from gateway.campaigns.headcounts import Count, Preview
from gateway.campaigns.progress import Progress
from gateway.campaigns.wordings import Measure
from gateway.dialogues import campaign_replies
from gateway.dialogues.campaign_replies import Replies
from gateway.errors import Refused
from models import Campaign, CampaignStatus, Project, Staff, Upload

BEFORE = (
    CampaignStatus.DRAFT,
    CampaignStatus.REJECTED,
    CampaignStatus.SUBMITTED,
    CampaignStatus.APPROVED,
    CampaignStatus.SCHEDULED,
)


@dataclass(frozen=True)
class Outlook:
    """What a campaign would do if it began. `obstacle`: why it would not begin at all."""

    count: Count | None  # None where nobody asked for it: to count a large audience takes seconds
    previews: Sequence[Preview]
    starts: Start | None
    obstacle: Refused | None


@dataclass(frozen=True)
class Outcome:
    """What a campaign that has begun has done."""

    progress: Progress
    doubts: Doubts
    replies: Replies


@dataclass(frozen=True)
class Desk:
    """A campaign as one member of staff has it before them."""

    campaign: Campaign
    by: By | None
    moves: Sequence[CampaignStatus]
    audience: Audience
    upload: Upload | None
    project: Project | None
    measures: Mapping[str, Measure]
    is_tested: bool
    outlook: Outlook | None
    outcome: Outcome | None

    @property
    def asks_for_a_code(self) -> bool:
        """Whether a yes needs the second factor again."""
        counted = self.outlook.count.recipients if self.outlook and self.outlook.count else 0
        return max(counted, self.campaign.expected or 0) >= approvals.MANY

    @property
    def asks_why(self) -> bool:
        """Whether a yes needs a reason, because most of those meant just got the same text."""
        count = self.outlook.count if self.outlook else None
        return count is not None and count.same_text_percent >= approvals.MOST_AGAIN


def read(db: Session, staff: Staff, campaign_id: int, now: datetime, *, is_real: bool, is_counted: bool) -> Desk:
    """Gives a campaign's page, its audience counted where that is asked for.

    Raises `Refused` where there is none for this member of staff.
    """
    campaign = campaigns.find(db, staff, campaign_id)
    is_ahead = campaign.status in BEFORE
    return Desk(
        campaign=campaign,
        by=campaign_moves.mover(campaign, staff),
        moves=campaign_moves.open_to(campaign, staff),
        audience=audiences.of(campaign),
        upload=db.get(Upload, campaign.upload_id) if campaign.upload_id else None,
        project=db.get(Project, campaign.project_code) if campaign.project_code else None,
        measures=wordings.of(db, campaign).measured(),
        is_tested=campaign.tested == wordings.digest(campaign),
        outlook=outlook(db, campaign, now, is_real=is_real, is_counted=is_counted) if is_ahead else None,
        outcome=outcome(db, staff, campaign, now) if campaign.begun_at is not None else None,
    )


def outlook(db: Session, campaign: Campaign, now: datetime, *, is_real: bool, is_counted: bool) -> Outlook:
    """Gives what a campaign would do now."""
    starts, obstacle = None, None
    try:
        starts = campaigns.start(db, campaign, campaign.starts_at, now)
    except Refused as refused:
        obstacle = refused
    count = headcounts.count(db, campaign, now, is_real=is_real) if is_counted else None
    return Outlook(count, headcounts.previews(db, campaign, now), starts, obstacle)


def outcome(db: Session, staff: Staff, campaign: Campaign, now: datetime) -> Outcome:
    """Gives how far a campaign has come."""
    return Outcome(
        progress=progress.of(db, campaign),
        doubts=campaign_doubts.doubts(db, campaign, now),
        replies=campaign_replies.opened(db, staff, campaign.id),
    )


def size(db: Session, desk: Desk) -> int:
    """Gives how many phones the uploaded list of a campaign has, 0 where it has none."""
    return uploads.size(db, desk.upload.id) if desk.upload else 0
