"""Recipients: who of a campaign's audience may get it, in what words, and why others may not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
    values,
)
from sqlalchemy.orm import Session

from gateway.campaigns import audiences, wordings
from gateway.campaigns.audiences import Audience, Span
from gateway.campaigns.wordings import Kind, Wordings
from gateway.county.county_book import the_county
from gateway.outbox.outbox import SENT_AGAIN
from menus.words import segments
from models import LIVE_STATUSES, Campaign, Citizen, Message, State, Ticket

AGAIN_AFTER = timedelta(hours=24)  # before that nobody gets the same text again
REACHED = (
    State.QUEUED,
    State.CLAIMED,
    State.SENDING,
    State.ACCEPTED,
    State.DELIVERED,
    State.NO_REPORT,
    State.HELD,
    State.UNKNOWN,
    State.UNRESOLVED,
)  # sent, about to be, or perhaps
_MOBILE = r"^\+254[17][0-9]{8}$"


class Reason(StrEnum):
    """Why somebody of an audience gets nothing; the first that fits."""

    NOT_MOBILE = "not_mobile"
    OPTED_OUT = "opted_out"
    SAMPLE = "sample"  # a made-up citizen, and the carrier is real
    NOTHING_DUE = "nothing_due"  # the text names the date of a case, and they have none open
    NO_TEXT = "no_text"  # in their language
    SAME_TEXT = "same_text"  # reached by it within 24 hours


@dataclass(frozen=True)
class Plan:
    """A campaign as its recipients are found: the audience, the words, and what is left out."""

    campaign_id: int
    audience: Audience
    wordings: Wordings
    languages: Sequence[str]  # the county's; the first is for whoever chose none
    zone: str
    price: Decimal
    others: Sequence[int]  # campaigns that may have sent the same text within 24 hours
    since: datetime  # what was sent before that is no matter
    is_real: bool  # whether the carrier sends to real phones: then samples are left out


def plan(db: Session, campaign: Campaign, now: datetime, *, is_real: bool) -> Plan:
    """Gives the plan of a campaign as it stands now."""
    county = the_county(db)
    begun = select(Campaign.id).where(Campaign.begun_at.is_not(None), Campaign.id != campaign.id)
    others = begun.where(or_(Campaign.ended_at.is_(None), Campaign.ended_at > now - AGAIN_AFTER))
    return Plan(
        campaign_id=campaign.id,
        audience=audiences.of(campaign),
        wordings=wordings.of(db, campaign),
        languages=county.languages,
        zone=county.timezone,
        price=county.sms_price,
        others=list(db.scalars(others)),
        since=now - AGAIN_AFTER,
        is_real=is_real,
    )


def candidates(found: Plan, span: Span) -> Select[Any]:
    """Gives the query for the audience in a stretch: phone, language, ward, due date, and why they get nothing.

    The reason is null for whoever may get it; texts are not looked at, neither what there are nor what was sent before.
    """
    named, phone = audiences.people(found.audience, span)
    language, due = _language(found), _due(found, phone)
    people = named.add_columns(
        phone.label("phone"),
        language.label("language"),
        Citizen.ward_code.label("ward"),
        due.label("due"),
        _reason(found, phone, due).label("reason"),
    )
    if found.audience.only_wards:
        people = people.where(Citizen.ward_code.in_(found.audience.only_wards))
    if found.audience.only_languages:
        people = people.where(language.in_(found.audience.only_languages))
    return people


def worded(found: Plan, span: Span, kinds: Collection[Kind]) -> Subquery | None:
    """Gives the query for those of a stretch who may get it, each with body and segments; None where no kind has any.

    Bodies are made once per kind and joined: nobody's is made for themselves.
    """
    bodies = [(*kind, body, segments(body)) for kind in kinds if (body := found.wordings.body(kind)) is not None]
    if not bodies:
        return None
    people = candidates(found, span).cte("people").prefix_with("MATERIALIZED")
    names = ("language", String), ("ward", String), ("due", Date), ("body", String), ("segments", Integer)
    text = values(*(column(name, kind) for name, kind in names), name="bodies").data(bodies).cte("text")
    joined = people.join(text, and_(*(_same(people.c[name], text.c[name]) for name in ("language", "ward", "due"))))
    shown = select(people.c.phone, people.c.language, people.c.ward, people.c.due, text.c.body, text.c.segments)
    return shown.select_from(joined).where(people.c.reason.is_(None)).subquery("worded")


def _same(theirs: ColumnElement[Any], texts: ColumnElement[Any]) -> ColumnElement[bool]:
    """Gives the condition that both are the same, or both none, in a form by which PostgreSQL can hash."""
    return func.coalesce(cast(theirs, String), "") == func.coalesce(cast(texts, String), "")


def is_reached(found: Plan, body: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    """Gives the conditions that a message of another campaign reached its phone with this text within 24 hours, or is
    about to. One that was sent again says so first.
    """
    is_near = or_(Message.state == State.QUEUED, Message.state_at > found.since)
    repeats = and_(Message.details.has_key(SENT_AGAIN), func.right(Message.body, func.char_length(body)) == body)
    is_same = or_(Message.body == body, repeats)
    return (Message.campaign_id.in_(found.others), Message.state.in_(REACHED), is_near, is_same)


def _language(found: Plan) -> ColumnElement[str]:
    """Gives the language that somebody chose, where the county speaks it, else the county's first."""
    first = literal(found.languages[0], String)
    return case((Citizen.language.in_(found.languages), Citizen.language), else_=first)


def _reason(found: Plan, phone: ColumnElement[str], due: ColumnElement[Any]) -> ColumnElement[Any]:
    reasons: list[tuple[ColumnElement[bool], str]] = [
        (phone.regexp_match(_MOBILE).is_(False), Reason.NOT_MOBILE.value),
        (Citizen.opted_out_at.is_not(None), Reason.OPTED_OUT.value),
    ]
    if found.is_real:
        reasons.append((Citizen.is_sample.is_(True), Reason.SAMPLE.value))
    if found.wordings.names_due:
        reasons.append((due.is_(None), Reason.NOTHING_DUE.value))
    return case(*reasons, else_=null())


def _due(found: Plan, phone: ColumnElement[str]) -> ColumnElement[Any]:
    """Gives the day on which the first of somebody's open cases is due, sensitive ones aside, if a text names it."""
    if not found.wordings.names_due:
        return cast(null(), Date)
    first = select(func.min(Ticket.next_due_at)).where(Ticket.phone == phone, Ticket.status.in_(LIVE_STATUSES))
    moment = first.where(Ticket.is_sensitive.is_(False)).correlate_except(Ticket).scalar_subquery()
    return cast(func.timezone(found.zone, moment), Date)
