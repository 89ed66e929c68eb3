"""Orphans: delivery reports whose id no message has. The carrier tells its id only in its answer, which may be lost.

An orphan is evidence for an SMS that is unknown, where only one to the same phone can be meant. What can't be told
apart is left to a person; an orphan that belongs to nobody is an alarm: forged, or sent by somebody else.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gateway.carriers import Verdict
from gateway.literals import spelt_out
from gateway.outbox import delivery_reports
from gateway.outbox.delivery_reports import RANKS
from gateway.phones import e164
from models import Attempt, DeliveryReport, Message, State

MATCHED_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(hours=72)
ALARMING_AFTER = timedelta(minutes=2)  # until then the answer to its own send may still come
UNFINISHED = 3  # reports below this rank are not the last word

KENYA, NATIONAL = "+254", 9  # what stands before a Kenyan number, and how many digits follow
# One that waits to be sent again, or did so in vain, is still in doubt about its last attempt.
_IS_IN_DOUBT = (
    Message.state.in_([State.UNKNOWN, State.QUEUED, State.UNRESOLVED]),
    Attempt.carrier_id.is_(None),
    or_(Attempt.outcome.is_(None), Attempt.outcome == spelt_out(Verdict.UNKNOWN)),
)

log = structlog.get_logger()


def match(db: Session, now: datetime) -> int:
    """Gives orphans their messages, where there is no doubt, and applies them; gives how many found one.

    Only phones with an SMS in doubt are looked at: whoever else sends with our account may leave any number of orphans.
    """
    by_phone: dict[str, list[DeliveryReport]] = {}
    for report in db.scalars(_hopeful(now).order_by(DeliveryReport.received_at, DeliveryReport.id)):
        by_phone.setdefault(e164(report.phone) or "", []).append(report)
    return sum(_match_phone(db, phone, by_phone[phone], now) for phone in sorted(by_phone))


def _hopeful(now: datetime) -> Select[DeliveryReport]:
    """Gives the query for the orphans of the last day whose phone has an SMS that they may mean.

    From the orphans to the phones: after a large campaign was reconciled hundreds of thousands of phones are in doubt.
    """
    doubted = select(Message.id).join(Attempt).where(Attempt.n == Message.attempt_no, *_IS_IN_DOUBT)
    theirs = doubted.where(Message.phone == func.concat(KENYA, _national(DeliveryReport.phone)))
    is_meant = theirs.where(Attempt.started_at > now - 2 * MATCHED_FOR).correlate(DeliveryReport).exists()
    return _orphans().where(DeliveryReport.received_at > now - MATCHED_FOR, is_meant)


def _national(phone: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Gives the digits that all spellings of a Kenyan number end with."""
    return func.right(func.regexp_replace(phone, "[^0-9]", "", "g"), NATIONAL)


def forget(db: Session, now: datetime) -> None:
    """Deletes the reports that have waited in vain for three days."""
    old = (DeliveryReport.applied_at.is_(None), DeliveryReport.received_at < now - KEPT_FOR)
    db.execute(delete(DeliveryReport).where(*old))


def count(db: Session, now: datetime) -> int:
    """Gives how many reports belong to nobody."""
    alarming = _orphans().where(DeliveryReport.received_at < now - ALARMING_AFTER)
    return db.scalar(select(func.count()).select_from(alarming.subquery())) or 0


def _orphans() -> Select[DeliveryReport]:
    has_message = select(Attempt.id).where(Attempt.carrier_id == DeliveryReport.carrier_id).exists()
    waits = (DeliveryReport.applied_at.is_(None), DeliveryReport.is_quarantined.is_(False))
    return select(DeliveryReport).where(*waits, ~has_message)


def _match_phone(db: Session, phone: str, reports: Sequence[DeliveryReport], now: datetime) -> int:
    """Matches one phone's orphans: one with one, or as many with as many, the first with the first, of one fate."""
    first_heard: dict[str, datetime] = {}
    for report in reports:
        first_heard.setdefault(report.carrier_id, report.received_at)
    if _is_being_sent_to(db, phone):
        return 0  # the orphan may belong to the SMS whose answer is still awaited
    candidates = _candidates(db, phone, max(first_heard.values()))
    heard_after = zip(candidates, first_heard.values(), strict=False)
    if len(candidates) != len(first_heard) or any(attempt.started_at > heard for attempt, heard in heard_after):
        return 0
    if len(candidates) > 1 and not _share_a_fate(reports, first_heard):
        return 0
    for attempt, carrier_id in zip(candidates, first_heard, strict=True):
        attempt.carrier_id = carrier_id
        db.flush()
        delivery_reports.apply(db, carrier_id, now)
        log.info("orphan found its message", message=attempt.message_id)
    return len(candidates)


def _is_being_sent_to(db: Session, phone: str) -> bool:
    return (
        db.scalar(select(Message.id).where(Message.phone == phone, Message.state == State.SENDING).limit(1)) is not None
    )


def _candidates(db: Session, phone: str, until: datetime) -> Sequence[Attempt]:
    """Gives the newest attempts of this phone's unknown messages that a report heard at `until` may mean."""
    return db.scalars(
        select(Attempt)
        .join(Message)
        .where(Message.phone == phone, Attempt.n == Message.attempt_no, *_IS_IN_DOUBT)
        .where(Attempt.started_at.between(until - MATCHED_FOR, until))
        .order_by(Attempt.started_at)
        .with_for_update()
    ).all()


def _share_a_fate(reports: Sequence[DeliveryReport], carrier_ids: dict[str, datetime]) -> bool:
    """Whether all ended alike, so that it does not matter which is which."""
    best = dict.fromkeys(carrier_ids, -1)
    for report in reports:
        rank, _ = RANKS.get(report.status.lower(), (-1, None))
        best[report.carrier_id] = max(best[report.carrier_id], rank)
    return len(set(best.values())) == 1 and min(best.values()) >= UNFINISHED
