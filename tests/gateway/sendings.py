"""A campaign that sends, made as its expansion makes one: a row for each recipient, each with its text filled in.

It is an emergency unless a test says otherwise, so that it goes out at whatever hour the tests run.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from gateway import database
from menus.words import segments
from models import Campaign, CampaignStatus, Direction, LaneName, Message, Role, Staff, State

AUTHOR, APPROVER = "sample official", "sample approver"
WARD = "772"


def number(position: int) -> str:
    """Gives the phone of the recipient at this position."""
    return f"+2547{position:08d}"


def make_campaign(db: Session, **changes: Any) -> Campaign:
    """Adds a campaign that is being sent, with its author and its approver."""
    now = datetime.now(UTC)
    for name, role in ((AUTHOR, Role.OFFICIAL), (APPROVER, Role.APPROVER)):
        if db.get(Staff, name) is None:
            db.add(Staff(name=name, role=role, password_hash="none", created_at=now))
            db.flush()
    usual = {
        "title": "Water (sample)",
        "status": CampaignStatus.SENDING,
        "author": AUTHOR,
        "approver": APPROVER,
        "is_emergency": True,
        "audience": {},
        "texts": {"en": "Water is back", "sw": "Maji yamerudi"},
        "stale_at": now + timedelta(days=1),
        "created_at": now,
        "begun_at": now,
        "expanded_at": now,
    }
    campaign = Campaign(**{**usual, **changes})
    db.add(campaign)
    db.flush()
    return campaign


def add_recipients(db: Session, campaign: Campaign, bodies: Sequence[str], **changes: Any) -> list[Message]:
    """Adds a recipient for each body, the first with the phone of position 1."""
    now = datetime.now(UTC)
    usual = {
        "direction": Direction.OUT,
        "state": State.QUEUED,
        "kind": "campaign",
        "lane": LaneName.BULK,
        "priority": 7,
    }
    rows = [
        Message(
            **{**usual, **changes},
            phone=number(position),
            body=body,
            segments=segments(body),
            created_at=now,
            state_at=now,
            expires_at=campaign.stale_at,
            dedupe_key=f"camp:{campaign.id}:{number(position)}",
            campaign_id=campaign.id,
            ward_code=WARD,
        )
        for position, body in enumerate(bodies, start=1)
    ]
    db.add_all(rows)
    db.flush()
    return rows


def launch(bodies: Sequence[str], **changes: Any) -> int:
    """Commits a campaign that sends to so many recipients, and gives its id."""
    with database.transaction() as db:
        campaign = make_campaign(db, **changes)
        add_recipients(db, campaign, bodies)
        return campaign.id


def put(campaign_id: int, **changes: Any) -> None:
    """Changes a campaign, as a press of a button does."""
    with database.transaction() as db:
        db.execute(update(Campaign).where(Campaign.id == campaign_id).values(**changes))


def standing(engine: Engine, campaign_id: int) -> dict[str, int]:
    """Counts the recipients of a campaign by state."""
    counted: dict[str, int] = {}
    with Session(engine) as db:
        for state in db.scalars(select(Message.state).where(Message.campaign_id == campaign_id)):
            counted[state.value] = counted.get(state.value, 0) + 1
    return counted
