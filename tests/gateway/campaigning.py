"""A campaign without the console around it: who writes, who decides, and what they do as their screens show it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.campaigns import approvals, campaigns, expanding, launches
from gateway.campaigns.approvals import Consent
from gateway.campaigns.audiences import Audience
from gateway.campaigns.campaigns import Deed, Draft
from gateway.citizens import citizens
from models import Campaign, Message, Role, Staff
from tests.gateway.desks import hire
from tests.grounds import NOW

TEXTS = {"en": "Water is back in {ward}.", "sw": "Maji yamerudi {ward}."}
KABIYET = Audience(wards=("777",))


def draft(**more: Any) -> Draft:
    """A campaign to Kabiyet ward that is worth sending for a day."""
    wanted: dict[str, Any] = {
        "title": "Water",
        "texts": TEXTS,
        "audience": KABIYET,
        "stale_at": NOW + timedelta(days=1),
    }
    return Draft(**{**wanted, **more})


def people(
    db: Session, number: int = 3, ward: str | None = "777", *, language: str = "en", first: int = 100
) -> list[str]:
    """Real citizens of a ward; gives their phones."""
    phones = [f"+2547110{first + n:05d}" for n in range(number)]
    for phone in phones:
        citizens.remember(db, phone, NOW, language=language, ward_code=ward)
    return phones


@dataclass
class Office:
    """An official who writes and somebody who decides. The clock stands still unless a test moves it."""

    db: Session
    author: Staff
    approver: Staff
    now: datetime = NOW

    def deed(self, campaign: Campaign, by: Staff | None = None) -> Deed:
        """A press of a button by the author, unless somebody else is named, on a campaign as it stands."""
        return Deed(by or self.author, campaign.id, campaign.version, self.now)

    def drafts(self, **more: Any) -> Campaign:
        """Writes a campaign and has it sent to its author."""
        campaign = campaigns.write(self.db, self.author, draft(**more), self.now)
        return campaigns.send_test(self.db, self.deed(campaign))

    def submits(self, **more: Any) -> Campaign:
        """Writes, tests and submits one."""
        campaign = self.drafts(**more)
        campaigns.submit(self.db, self.deed(campaign))
        return campaign

    def approves(self, campaign: Campaign, reason: str = "") -> approvals.Start:
        """Says yes to one, the second factor asked again."""
        return approvals.approve(self.db, self.deed(campaign, self.approver), Consent(proved=True, reason=reason))

    def sends(self, **more: Any) -> Campaign:
        """Has a campaign begun."""
        campaign = self.submits(**more)
        self.approves(campaign)
        launches.begin_by_clock(self.db, campaign.id, self.now)
        return campaign

    def expands(self, campaign: Campaign, *, is_real: bool = False) -> None:
        """Makes the messages of a campaign that has begun."""
        after: str | None = ""
        while after is not None:
            after = expanding.add_chunk(self.db, campaign, after, self.now, is_real=is_real)
        expanding.finish(self.db, campaign, self.now, is_real=is_real)
        self.db.flush()

    def at(self, now: datetime) -> "Office":
        """The same office at another moment."""
        return replace(self, now=now)


def office(db: Session) -> Office:
    """An office of two."""
    author = hire(db, "chebet", Role.OFFICIAL, phone="+254722000111")
    return Office(db, author, hire(db, "rono", Role.APPROVER))


def told(db: Session, campaign: Campaign) -> dict[str, str]:
    """What each recipient of a campaign reads."""
    rows = db.execute(select(Message.phone, Message.body).where(Message.campaign_id == campaign.id))
    return dict(rows.all())
