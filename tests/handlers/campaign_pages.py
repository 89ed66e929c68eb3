"""Officials in front of their browsers: a campaign's page, and what its forms send when their buttons are pressed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from gateway import database
from gateway.campaigns import expanding, launches
from gateway.citizens import citizens
from models import Campaign, CampaignStatus, Message, Role
from tests.grounds import NOW
from tests.handlers.staff import enter, hire, token

_VERSION = re.compile(r'name="version" value="(\d+)"')
_SHOWN = re.compile(r'name="shown" value="(\d+)"')
FORM: dict[str, Any] = {
    "title": "Water",
    "wards": ["777"],
    "text_en": "Water is back in {ward}.",
    "text_sw": "Maji yamerudi {ward}.",
    "stale_at": "2026-11-24T12:00",
}
WHY = "For the county report"


def people(number: int = 3, ward: str = "777") -> None:
    """Remembers citizens of a ward."""
    with database.transaction() as db:
        for n in range(number):
            citizens.remember(db, f"+2547110{n:05d}", NOW, language="en", ward_code=ward)


def come(client: FlaskClient, name: str, role: Role, **more: Any) -> FlaskClient:
    """Hires somebody, and gives a browser of their own in which they are signed in."""
    hire(name, role, **more)
    browser = client.application.test_client()
    enter(browser, name)
    return browser


@dataclass
class CampaignPage:
    """The page of one campaign, as one member of staff last loaded it."""

    client: FlaskClient
    number: int

    def __post_init__(self) -> None:
        self.load()

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"/console/campaigns/{self.number}"

    def load(self) -> str:
        """Loads the page anew, its audience counted, and gives its text."""
        self.seen = self.client.get(self.path, query_string={"counted": 1})
        return self.seen.text

    def press(self, action: str, **form: Any) -> TestResponse:
        """Presses the button of a form on the page as it was last loaded."""
        version, shown = _VERSION.search(self.seen.text), _SHOWN.search(self.seen.text)
        numbers = {"version": version[1] if version else "1", "shown": shown[1] if shown else "1"}
        sent = {"csrf_token": token(self.seen), **numbers, **form}
        return self.client.post(f"{self.path}/{action}", data=sent)

    def presses(self, action: str, **form: Any) -> str:
        """Loads the page, presses a button that must work, and gives the page that follows."""
        self.load()
        answer = self.press(action, **form)
        assert answer.status_code == 302, answer.text
        return self.load()


def write(client: FlaskClient, **more: Any) -> CampaignPage:
    """Writes a campaign in the form and gives its page."""
    form = client.get("/console/campaigns/new")
    answer = client.post("/console/campaigns/new", data={"csrf_token": token(form), **FORM, **more})
    assert answer.status_code == 302, answer.text
    return CampaignPage(client, int(answer.location.rsplit("/", 1)[1]))


def submit(client: FlaskClient, **more: Any) -> CampaignPage:
    """Writes one, sends it to its author and submits it."""
    page = write(client, **more)
    page.presses("test")
    page.presses("submit")
    return page


def begin(number: int) -> None:
    """Has the clock begin a campaign and make its messages."""
    now = datetime.now(UTC)
    with database.transaction() as db:
        launches.begin_by_clock(db, number, now)
        campaign = expanding.hold(db, number)
        assert campaign is not None
        assert campaign.status is CampaignStatus.SENDING
        expanding.finish(db, campaign, now, is_real=False)


def the(kept: Session, number: int) -> Campaign:
    """Gives a campaign as it stands now."""
    kept.expire_all()
    return kept.get_one(Campaign, number)


def messages(kept: Session, number: int) -> list[Message]:
    """Gives the messages of a campaign as they stand now."""
    kept.expire_all()
    return list(kept.scalars(select(Message).where(Message.campaign_id == number).order_by(Message.id)))
