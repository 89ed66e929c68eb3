"""How far a campaign has come: every recipient counted once, by state, ward and network; who was left out, and why.

All of it is one look at an index (ix_message_campaign), so that a page may ask every two seconds while hundreds of
thousands are being sent to. Only why recipients were not reached is more: it is asked for seldom, and given up in time.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gateway import database
from gateway.outbox import campaign_gates, lanes
from models import Attempt, Campaign, CampaignStatus, DeliveryReport, Exclusion, LaneName, Message, State

RECENT = timedelta(minutes=1)
REFUSED = (State.FAILED, State.REJECTED, State.HELD)
LEFT = (State.QUEUED, State.CLAIMED, State.SENDING)
INCOMING = (State.RECEIVED, State.HANDLED)
NETWORKS = {"63902": "Safaricom", "63903": "Airtel", "63907": "Telkom", "63999": "Equitel", "99999": "Athena"}
QUIET_HOURS = "quiet hours"
# Each failure meets its attempt and its report: two hundred thousand of them take a second or more.
PATIENCE, MEMORY = 2.0, 64  # seconds, megabytes

Counts = Mapping[State, int]


@dataclass(frozen=True)
class Progress:
    """One moment of a campaign. The states of all wards together are `states`, and so are those of all networks."""

    states: Counts  # of the recipients
    wards: Mapping[str | None, Counts]  # by code; None: the recipient's ward is not known
    networks: Mapping[str | None, Counts]  # by code; None: no delivery report named it yet
    excluded: Mapping[str, int]  # by reason
    replies: int  # SMS that came back
    per_second: float  # recipients, over the last minute
    waits_for: str | None  # what holds it up though it is sending: a lane's reason, or the night

    @property
    def recipients(self) -> int:
        """How many it sends to."""
        return sum(self.states.values())

    @property
    def audience(self) -> int:
        """How many it was meant for: its recipients and those left out."""
        return self.recipients + sum(self.excluded.values())

    @property
    def left(self) -> int:
        """How many are still to be sent to."""
        return sum(self.states.get(state, 0) for state in LEFT)

    @property
    def seconds_left(self) -> float | None:
        """How long it still takes at the pace of the last minute; None while nothing moves."""
        return self.left / self.per_second if self.left and self.per_second else None


def of(db: Session, campaign: Campaign) -> Progress:
    """Gives how far a campaign has come."""
    states: Counter[State] = Counter()
    wards: dict[str | None, Counter[State]] = {}
    networks: dict[str | None, Counter[State]] = {}
    columns = (Message.state, Message.ward_code, Message.network_code)
    counted = select(*columns, func.count()).where(Message.campaign_id == campaign.id).group_by(*columns)
    replies = 0
    for state, ward, network, number in db.execute(counted):
        if state in INCOMING:
            replies += number
            continue
        states[state] += number
        wards.setdefault(ward, Counter())[state] += number
        networks.setdefault(network, Counter())[state] += number
    excluded = select(Exclusion.reason, Exclusion.number).where(Exclusion.campaign_id == campaign.id)
    return Progress(
        states=states,
        wards=wards,
        networks=networks,
        excluded={reason: number for reason, number in db.execute(excluded)},  # noqa: C416 - rows are not pairs to mypy
        replies=replies,
        per_second=_per_second(db, campaign.id),
        waits_for=_waits_for(db, campaign),
    )


def failures(db: Session, campaign_id: int) -> dict[str, int] | None:
    """Gives why recipients were not reached, most frequent first; together they are those of the states REFUSED.

    None where counting takes too long. What is asked after it in the same transaction has no more time than it: ask in
    one of its own.
    """
    try:
        with db.begin_nested():
            database.allow(db, seconds=PATIENCE, megabytes=MEMORY)
            return {reason: number for reason, number in db.execute(_reasons(campaign_id))}  # noqa: C416
    except OperationalError as error:
        if database.has_broken(error):
            raise
        return None


def _reasons(campaign_id: int) -> Select[str, int]:
    """Gives the query for reasons and their numbers.

    The delivery report's reason goes before its status, and both before what the carrier said when it was asked.
    """
    last = and_(Attempt.message_id == Message.id, Attempt.n == Message.attempt_no)
    reported = and_(DeliveryReport.carrier_id == Attempt.carrier_id, DeliveryReport.is_quarantined.is_(False))
    reason = func.coalesce(func.nullif(DeliveryReport.reason, ""), DeliveryReport.status, Attempt.reason, "")
    # All at once, and of each recipient's rows the first: to look up each report by itself takes three times as long.
    each = (
        select(reason.label("reason"))
        .ext(distinct_on(Message.id))
        .select_from(Message)
        .outerjoin(Attempt, last)
        .outerjoin(DeliveryReport, reported)
        .where(Message.campaign_id == campaign_id, Message.state.in_(REFUSED))
        .order_by(Message.id, case((DeliveryReport.reason != "", 0), else_=1), DeliveryReport.id.desc())
        .subquery()
    )
    return select(each.c.reason, func.count()).group_by(each.c.reason).order_by(func.count().desc(), each.c.reason)


def network_name(code: str) -> str:
    """Gives a network's name; one that nobody has listed goes by its code."""
    return NETWORKS.get(code, code)


def _per_second(db: Session, campaign_id: int) -> float:
    since = func.now() - RECENT
    lasted = func.extract("epoch", func.now() - func.min(Attempt.started_at))
    recent = select(func.count(), lasted).where(Attempt.campaign_id == campaign_id, Attempt.started_at > since)
    number, seconds = db.execute(recent).one()
    return number / max(1.0, float(seconds)) if number else 0.0


def _waits_for(db: Session, campaign: Campaign) -> str | None:
    if campaign.status is not CampaignStatus.SENDING:
        return None
    closed = lanes.closed(db).get(LaneName.BULK)
    if closed is not None:
        return closed
    runs = select(Campaign.id).where(Campaign.id == campaign.id, campaign_gates.is_running(db))
    return None if db.scalar(runs) else QUIET_HOURS
