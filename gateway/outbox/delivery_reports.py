"""Delivery reports: kept raw, and applied so that neither their order nor their number matters.

A message's fate is the best report known of it: Success > Rejected > Failed > Expired > Absent, whatever came when. A
report that finds no message waits: it may have overtaken the answer to its own send. One that names another phone than
its message is put in quarantine: somebody made it up.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import structlog
from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import tallies
from gateway.carriers import Report
from gateway.citizens import consent
from models import Attempt, DeliveryReport, Message, State

# Africa's Talking, SMS delivery reports; a status not listed is kept and changes nothing.
RANKS = {
    "sent": (0, State.ACCEPTED),
    "submitted": (1, State.ACCEPTED),
    "buffered": (2, State.ACCEPTED),
    "absentsubscriber": (3, State.FAILED),
    "expired": (4, State.FAILED),
    "failed": (5, State.FAILED),
    "rejected": (6, State.REJECTED),
    "success": (7, State.DELIVERED),
}
ARRIVED = "success"
OPTED_OUT = "userinblacklist"  # AT writes it with and without a capital L
REPORTABLE = (
    State.ACCEPTED,
    State.HELD,  # the carrier may have let it go since
    State.UNKNOWN,
    State.UNRESOLVED,
    State.NO_REPORT,
    State.DELIVERED,
    State.FAILED,
    State.REJECTED,
)
UNDECIDED = (State.UNKNOWN, State.HELD)  # by a report that is not the last word they are accepted, at least
MOST_APPLIED = 500  # in one sweep
LONGEST_CODE = 8  # digits of a network's code
GOES_AGAIN = (State.QUEUED, State.CLAIMED)  # to be sent again: needless when the first one turns out to have arrived

log = structlog.get_logger()


def keep(db: Session, report: Report, now: datetime) -> None:
    """Keeps a report, once however often it comes, and moves its message where that is known already."""
    row = insert(DeliveryReport).values(
        carrier_id=report.carrier_id,
        status=report.status,
        reason=report.reason,
        phone=report.phone,
        received_at=now,
        raw=dict(report.raw),
    )
    db.execute(row.on_conflict_do_nothing())
    apply(db, report.carrier_id, now)


def apply(db: Session, carrier_id: str, now: datetime) -> None:
    """Moves the message that has this carrier's id to what the best of its reports says.

    Of a send after which there was another only the arrival counts: how it failed says nothing of the newer one.
    """
    sent = select(Message, Attempt.n).join(Attempt).where(Attempt.carrier_id == carrier_id)
    found = db.execute(sent.with_for_update(of=Message)).one_or_none()
    if found is None:
        return
    message, n = found
    reports = _believed(db, carrier_id, message)
    _hear_of_blocking(db, message, reports, now)
    if message.state not in REPORTABLE and message.state not in GOES_AGAIN:
        return
    ranked = [RANKS[report.status.lower()] for report in reports if report.status.lower() in RANKS]
    best = max(ranked)[1] if ranked else None
    if message.state in GOES_AGAIN and best is not State.DELIVERED:
        return
    if best is State.DELIVERED or (best and n == message.attempt_no):
        _move(db, message, best, now)
    message.network_code = _network(reports) or message.network_code
    for report in reports:
        report.applied_at = report.applied_at or now
    db.flush()


def apply_early(db: Session, carrier_ids: Collection[str], now: datetime) -> None:
    """Applies the reports on these ids that came before the answer to their own send."""
    early = select(DeliveryReport.carrier_id).where(DeliveryReport.carrier_id.in_(carrier_ids))
    for carrier_id in db.scalars(early.where(DeliveryReport.applied_at.is_(None)).distinct()).all():
        apply(db, carrier_id, now)


def apply_waiting(db: Session, now: datetime) -> None:
    """Applies the reports that overtook the answer to their own send, those that can be, the oldest first."""
    arrived = func.lower(DeliveryReport.status) == ARRIVED
    can_be = or_(Message.state.in_(REPORTABLE), and_(Message.state.in_(GOES_AGAIN), arrived))
    waiting = (
        select(DeliveryReport.carrier_id)
        .join(Attempt, Attempt.carrier_id == DeliveryReport.carrier_id)
        .join(Message)
        .where(DeliveryReport.applied_at.is_(None), DeliveryReport.is_quarantined.is_(False), can_be)
        .group_by(DeliveryReport.carrier_id)
        .order_by(func.min(DeliveryReport.received_at))
        .limit(MOST_APPLIED)
    )
    for carrier_id in db.scalars(waiting).all():
        apply(db, carrier_id, now)


def count_quarantined(db: Session) -> int:
    """Gives how many reports named another phone than their message."""
    return (
        db.scalar(select(func.count()).where(DeliveryReport.is_quarantined, DeliveryReport.applied_at.is_(None))) or 0
    )


def _believed(db: Session, carrier_id: str, message: Message) -> list[DeliveryReport]:
    believed = []
    for report in db.scalars(select(DeliveryReport).where(DeliveryReport.carrier_id == carrier_id)):
        if report.phone and digits(report.phone) != digits(message.phone):
            _quarantine(report)
        else:
            believed.append(report)
    return believed


def _hear_of_blocking(db: Session, message: Message, reports: Sequence[DeliveryReport], now: datetime) -> None:
    """Takes a number on the carrier's blacklist for a STOP, once: the citizen may say START after it."""
    for report in reports:
        if report.applied_at is None and report.reason.casefold() == OPTED_OUT:
            consent.opt_out(db, message.phone, report.received_at)
            report.applied_at = now


def _network(reports: Sequence[DeliveryReport]) -> str | None:
    """Gives the network as the reports name it: a number may have been ported, so its prefix tells nothing."""
    codes = (str(report.raw.get("networkCode") or "") for report in reports)
    return next((code for code in codes if code.isascii() and code.isdigit() and len(code) <= LONGEST_CODE), None)


def _quarantine(report: DeliveryReport) -> None:
    if not report.is_quarantined:
        report.is_quarantined = True
        log.error("report quarantined", report=report.id, cause="it names another phone than its message")


def _move(db: Session, message: Message, to: State, now: datetime) -> None:
    if message.state in (to, State.DELIVERED) or (to is State.ACCEPTED and message.state not in UNDECIDED):
        return
    tallies.uncount_message(db, message)
    message.state = to
    message.state_at = now


def digits(phone: str) -> str:
    """Gives a number's digits: an unescaped `+` arrives as a space, or is missing."""
    return "".join(character for character in phone if character.isdigit())
