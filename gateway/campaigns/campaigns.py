"""A campaign in its author's hands: written, sent to oneself for a test, submitted.

Each deed is one transaction, on the version that was on the screen: the row is held, so that of two presses at once
the second finds another version. Who decides is in approvals.py, how it begins and ends in launches.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.campaigns import audiences, campaign_moves, headcounts, wordings
from gateway.campaigns.audiences import Audience
from gateway.campaigns.campaign_moves import put
from gateway.campaigns.headcounts import Count
from gateway.county import quiet_hours
from gateway.errors import Refused, Stale
from gateway.outbox import outbox
from gateway.outbox.outbox import Promise
from gateway.staff import audit, rights
from gateway.staff.rights import Right
from menus.words import LANGUAGES
from models import Campaign, CampaignStatus, Project, Staff, Upload

LONGEST_TITLE = 80
FASTEST = 1000  # segments per second


@dataclass(frozen=True)
class Deed:
    """One press of a button on a campaign as it was shown."""

    staff: Staff
    campaign_id: int
    version: int
    now: datetime


@dataclass(frozen=True)
class Draft:
    """What a campaign is to be. `starts_at` None: as soon as it is approved."""

    title: str
    texts: Mapping[str, str]
    audience: Audience
    stale_at: datetime
    starts_at: datetime | None = None
    project_code: str | None = None
    is_emergency: bool = False
    rate: int | None = None


@dataclass(frozen=True)
class Start:
    """When a campaign begins; `is_moved` where that was put off to the next morning."""

    at: datetime
    is_moved: bool


def find(db: Session, staff: Staff, campaign_id: int) -> Campaign:
    """Gives a campaign to look at; raises `Refused` where there is none for this member of staff."""
    campaign = db.get(Campaign, campaign_id) if rights.may(staff, Right.SEE_CAMPAIGNS) else None
    if campaign is None:
        raise Refused("There is no such campaign among those you may see.")
    return campaign


def begin(db: Session, deed: Deed, to: CampaignStatus) -> Campaign:
    """Holds the campaign of a deed that moves it to `to`.

    Raises `Refused` where it may not be moved there by them, `Stale` where somebody changed it meanwhile.
    """
    campaign = hold(db, deed)
    if campaign.version != deed.version:
        raise Stale("Somebody else changed this campaign meanwhile. Nothing was done; look at it again.")
    campaign_moves.refuse_unless(campaign, to, campaign_moves.mover(campaign, deed.staff))
    return campaign


def hold(db: Session, deed: Deed) -> Campaign:
    """Gives the campaign of a deed as it stands, held until the transaction ends."""
    find(db, deed.staff, deed.campaign_id)
    wanted = select(Campaign).where(Campaign.id == deed.campaign_id).with_for_update(key_share=True)
    return db.scalars(wanted.execution_options(populate_existing=True)).one()


def write(db: Session, staff: Staff, draft: Draft, now: datetime) -> Campaign:
    """Begins a campaign as a draft. Raises `Refused` as `change` does."""
    if not rights.may(staff, Right.WRITE_CAMPAIGNS):
        raise Refused("You may not write campaigns.")
    campaign = sketch(db, staff, draft, now)
    db.add(campaign)
    db.flush()
    audit.record(db, staff.name, "campaign_written", f"campaign:{campaign.id}", now)
    return campaign


def sketch(db: Session, staff: Staff, draft: Draft, now: datetime) -> Campaign:
    """Gives a campaign as a draft would make it, kept nowhere: to show how it would read. Raises as `change` does."""
    campaign = Campaign(author=staff.name, created_at=now, status=CampaignStatus.DRAFT, version=1)
    _take(db, campaign, draft, now)
    return campaign


def change(db: Session, deed: Deed, draft: Draft) -> Campaign:
    """Changes a draft, or makes a rejected campaign one again.

    A draft may lack what it needs to be submitted; raises `Refused` for what can't be right whatever follows.
    """
    campaign = begin(db, deed, CampaignStatus.DRAFT)
    _take(db, campaign, draft, deed.now)
    put(db, campaign, CampaignStatus.DRAFT, deed.staff.name, deed.now)
    return campaign


def _take(db: Session, campaign: Campaign, draft: Draft, now: datetime) -> None:
    title = " ".join(draft.title.split())
    if not 0 < len(title) <= LONGEST_TITLE:
        raise Refused("A title is needed, of %(longest)s characters at most.", longest=LONGEST_TITLE)
    project = db.get(Project, draft.project_code) if draft.project_code else None
    if draft.project_code and (project is None or project.retired_at is not None):
        raise Refused("There is no project %(code)s.", code=draft.project_code[:24])
    if draft.stale_at <= (draft.starts_at or now):
        raise Refused("It would be too late to be worth sending before it begins: set a later moment.")
    if draft.rate is not None and not 1 <= draft.rate <= FASTEST:
        raise Refused("The rate must be from 1 to %(most)s segments per second.", most=FASTEST)
    audiences.check(db, draft.audience, campaign.author)
    campaign.title, campaign.project_code, campaign.rate = title, draft.project_code or None, draft.rate
    campaign.texts = wordings.checked(draft.texts, has_project=project is not None)
    campaign.audience, campaign.upload_id = draft.audience.kept(), draft.audience.upload
    campaign.starts_at, campaign.stale_at = draft.starts_at, draft.stale_at
    campaign.is_emergency = draft.is_emergency


def send_test(db: Session, deed: Deed) -> Campaign:
    """Sends every text, with the longest names in it, to the author's own phone; raises `Refused` without one."""
    campaign = begin(db, deed, CampaignStatus.DRAFT)
    measured = wordings.of(db, campaign).measured()
    if not deed.staff.phone:
        raise Refused("Your account has no phone: ask an administrator to add it.")
    if not measured:
        raise Refused("Write a text first.")
    campaign.tested = wordings.digest(campaign)
    put(db, campaign, CampaignStatus.DRAFT, deed.staff.name, deed.now, tested=len(measured))
    for language, measure in measured.items():
        key = f"test:{campaign.id}:{campaign.version}:{language}"
        outbox.promise(db, Promise(key, "campaign_test", deed.staff.phone, measure.body), deed.now)
    return campaign


def submit(db: Session, deed: Deed, *, is_real: bool = False) -> Count:
    """Hands a draft to whoever decides, with the number of its recipients as of now.

    Raises `Refused` for an audience of nobody, a language that somebody reads and that has no text, texts that were not
    sent to the author as they stand, a list whose bad rows nobody settled, and a moment that has passed.
    """
    campaign = begin(db, deed, CampaignStatus.SUBMITTED)
    _refuse_unsettled(db, campaign)
    start(db, campaign, campaign.starts_at, deed.now)
    found = counted(db, campaign, deed.now, is_real=is_real)
    if campaign.tested != wordings.digest(campaign):
        raise Refused("Send these texts to your own phone first, exactly as they are.")
    campaign.expected, campaign.reason = found.recipients, None
    put(db, campaign, CampaignStatus.SUBMITTED, deed.staff.name, deed.now, **numbers(found))
    return found


def _refuse_unsettled(db: Session, campaign: Campaign) -> None:
    upload = db.get(Upload, campaign.upload_id) if campaign.upload_id else None
    if upload is not None and upload.settled_at is None:
        raise Refused("The list %(name)s has bad rows: settle them first.", name=upload.name)


def counted(db: Session, campaign: Campaign, now: datetime, *, is_real: bool) -> Count:
    """Gives the recipients as of now; raises `Refused` where there are none, or one of them has no text to read."""
    found = headcounts.count(db, campaign, now, is_real=is_real)
    if found.recipients == 0:
        raise Refused("Nobody would get this campaign.")
    if found.missing:
        raise Refused("Somebody would read it in %(language)s: write that text.", language=LANGUAGES[found.missing[0]])
    return found


def numbers(found: Count) -> dict[str, int | str]:
    """Gives what the audit log keeps of a count."""
    left_out = sum(found.excluded.values())
    cost = found.cost.quantize(Decimal("0.01"))
    return {"recipients": found.recipients, "left_out": left_out, "segments": found.segments, "shillings": str(cost)}


def start(db: Session, campaign: Campaign, wanted: datetime | None, now: datetime) -> Start:
    """Gives when a campaign may begin that is wanted at a moment, None for now.

    Raises `Refused` where it would not be worth sending any more by then.
    """
    moment = max(wanted or now, now)
    at = moment if campaign.is_emergency else quiet_hours.next_day(db, moment)
    if at >= campaign.stale_at:
        raise Refused("It would begin when it is not worth sending any more: set a later moment for that.")
    return Start(at, is_moved=at != moment)
