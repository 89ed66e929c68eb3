"""Campaigns at every point of their way, for tests that look at all pages."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from gateway import database
from gateway.campaigns import text_templates, uploads, wordings
from gateway.citizens import citizens
from gateway.dialogues.campaign_replies import HEARD_FOR
from models import Attempt, Campaign, CampaignStatus, Direction, Exclusion, Message, Staff, State, Ticket
from tests.gateway.sendings import WARD, add_recipients, make_campaign, number

AT = CampaignStatus
TEXTS = {
    "en": "Water is back in {ward} — thank you for waiting. Write to {line} if yours is still dry.",
    "sw": "Maji yamerudi {ward}. Asante kwa kusubiri. Andikia {line} ikiwa kwako bado hakuna maji.",
}
TITLE = "Water is back after the works at the treatment plant above Kapsabet and Lessos"
LIST = "waliojiandikisha_kwenye_baraza_la_maji_kapsabet_novemba_2026.csv"
BAD_ROWS = b"name,phone\nA,0722000111\nB,\nC,nobody\nD,2.54722E+11\nE,0202345678\nF,072200\xe2\x80\x8b0112\n"
_OUTCOMES = (State.DELIVERED, State.DELIVERED, State.FAILED, State.UNKNOWN, State.UNRESOLVED, State.ACCEPTED)


def furnish(author: str) -> Sequence[str]:
    """Makes a campaign of each status, two lists and a template; gives the addresses of their pages.

    The drafts, the lists and the template are the author's; all else is somebody else's, for the author to decide on.
    """
    with database.transaction() as db:
        for position in range(1, 7):
            language = "sw" if position % 2 else "en"
            citizens.remember(db, number(position), datetime.now(UTC), language=language, ward_code=WARD)
        own = {"author": author, "status": AT.DRAFT, "begun_at": None, "expanded_at": None, "approver": None}
        draft, empty = _campaign(db, **own), _campaign(db, **own, audience={}, texts={})
        draft.tested = wordings.digest(draft)
        made = [draft, empty, *(_ahead(db, status) for status in (AT.SUBMITTED, AT.SCHEDULED, AT.REJECTED))]
        made += [_begun(db, status) for status in (AT.SENDING, AT.PAUSED, AT.DONE, AT.CANCELLED)]
        pages = [f"campaigns/{campaign.id}" for campaign in made] + [f"campaigns/{draft.id}/edit"]
        return [*pages, *_written_with(db, db.get_one(Staff, author))]


def _campaign(db: Session, **changes: Any) -> Campaign:
    return make_campaign(db, **{"title": TITLE, "texts": TEXTS, "audience": {"wards": [WARD]}, **changes})


def _ahead(db: Session, status: CampaignStatus) -> Campaign:
    """A campaign that has not begun."""
    now = datetime.now(UTC)
    changes = {"begun_at": None, "expanded_at": None, "submitted_at": now, "expected": 6, "is_emergency": False}
    if status is AT.SCHEDULED:
        changes |= {"starts_at": now + timedelta(hours=3), "approved_at": now}
    else:
        changes |= {"approver": None}
    return _campaign(db, status=status, reason="Say it in fewer words." if status is AT.REJECTED else None, **changes)


def _begun(db: Session, status: CampaignStatus) -> Campaign:
    """A campaign on its way or at its end, with recipients of every fate and a reply that became a case."""
    now = datetime.now(UTC)
    ended_at = now if status in (AT.DONE, AT.CANCELLED) else None
    campaign = _campaign(db, status=status, submitted_at=now, approved_at=now, ended_at=ended_at, expected=6)
    campaign.reason = "The works took longer." if status in (AT.PAUSED, AT.CANCELLED) else None
    waits = [State.QUEUED] * 3 if status in (AT.SENDING, AT.PAUSED) else []
    rows = add_recipients(db, campaign, ["Water is back"] * (len(_OUTCOMES) + len(waits)))
    for message, state in zip(rows, (*_OUTCOMES, *waits), strict=True):
        message.state, message.state_at = state, now - timedelta(hours=25)
        if state is not State.QUEUED:
            message.network_code, message.attempt_no = "63902", 1
            reason = "UserInBlacklist" if state is State.FAILED else None
            db.add(Attempt(message_id=message.id, n=1, started_at=now - HEARD_FOR, reason=reason))
    db.add(Exclusion(campaign_id=campaign.id, reason="opted_out", number=2))
    db.add(Exclusion(campaign_id=campaign.id, reason="same_text", number=1))
    if status is AT.DONE:
        _reply(db, campaign)
    return campaign


def _reply(db: Session, campaign: Campaign) -> None:
    now = datetime.now(UTC)
    facts = {"dedupe_key": f"in:{campaign.id}", "created_at": now, "state_at": now, "campaign_id": campaign.id}
    came = {"direction": Direction.IN, "state": State.HANDLED, "kind": "sms", "phone": number(1)}
    db.add(Message(**came, **facts, body="Bado hakuna maji"))
    ticket = db.query(Ticket).order_by(Ticket.id).first()
    assert ticket is not None
    ticket.campaign_id = campaign.id


def _written_with(db: Session, author: Staff) -> Sequence[str]:
    """What campaigns are written with: lists, templates, and the account of what was done."""
    now = datetime.now(UTC)
    bad = uploads.take(db, author, LIST, BAD_ROWS, now)
    good = uploads.take(db, author, "forum.csv", b"phone\n0722000111\n", now)
    for texts in (TEXTS, {**TEXTS, "en": "Newer words for {ward}."}):
        template = text_templates.write(db, author, "Water is back", texts, now)
    lists = [f"campaigns/lists/{bad.id}", f"campaigns/lists/{good.id}", "campaigns/lists"]
    return [*lists, "campaigns/templates", f"campaigns/templates/{template.id}", "campaigns/said-and-done"]
