"""The outbox: promised, claimed, sent, settled. A message is sent once, or shown as one that may have been.

Two commits stand before the socket. A crash after `claimed` is provably unsent and goes back to the queue by itself;
one after `sending` may have been sent, becomes `unknown` and is never sent again by itself. Every step names the worker
and the attempt it belongs to, so a worker that comes back late changes nothing that was decided without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Update, and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import lanes, queue, spending, verdicts
from gateway.carriers import SendResult
from gateway.phones import is_kenyan_mobile
from menus.words import segments
from models import Attempt, Citizen, Direction, LaneName, Message, State

LEASE = timedelta(seconds=60)
MOST_CLAIMED = 5
UNKNOWN_FOR = timedelta(hours=24)
SILENT_FOR = timedelta(hours=72)

# How soon each kind goes (a lower number first), and how long it is worth sending: an old confirmation only confuses.
KINDS = {
    "reply": (3, timedelta(hours=72)),  # a person wrote it
    "status": (4, timedelta(hours=72)),  # a move of a case that its citizen must know
    "officer": (4, timedelta(hours=24)),  # a case for a department's officer
    "confirmation": (5, timedelta(hours=24)),
    "campaign": (7, timedelta(hours=24)),
}
_ANY_KIND = (5, timedelta(hours=24))

_IS_UNWANTED = and_(
    Message.lane == LaneName.BULK,
    exists().where(Citizen.phone == Message.phone, Citizen.opted_out_at.is_not(None)),
)
_MAY_BE_SENT = (or_(Message.expires_at.is_(None), Message.expires_at > func.now()), ~_IS_UNWANTED)

log = structlog.get_logger()


@dataclass(frozen=True)
class Promise:
    """An SMS that a business event calls for. `key` is unique per event: the same event again promises nothing."""

    key: str
    kind: str
    phone: str
    body: str
    ticket_id: int | None = None
    lane: LaneName = LaneName.REPLIES


@dataclass(frozen=True)
class Claim:
    """A message that one worker may send now, and never anybody else under the same attempt."""

    message_id: int
    phone: str
    body: str
    attempt_no: int
    owner: str
    segments: int = 1


def promise(db: Session, wanted: Promise, now: datetime, *, lives: timedelta | None = None) -> int | None:
    """Promises an SMS in the transaction of the event it belongs to; gives its id, None where it was promised before.

    After `lives` (None: as KINDS says) it is no longer worth sending and expires. A number that is no Kenyan mobile is
    written down as skipped: nothing else is ever sent to.
    """
    state = State.QUEUED if is_kenyan_mobile(wanted.phone) else State.SKIPPED
    priority, usual_life = KINDS.get(wanted.kind, _ANY_KIND)
    row = insert(Message).values(
        direction=Direction.OUT,
        state=state,
        state_at=now,
        created_at=now,
        expires_at=now + (lives or usual_life),
        kind=wanted.kind,
        phone=wanted.phone,
        body=wanted.body,
        segments=segments(wanted.body),
        ticket_id=wanted.ticket_id,
        dedupe_key=wanted.key,
        lane=wanted.lane,
        priority=priority,
        attempt_no=0,
    )
    queue.nudge(db, wanted.lane)
    once = row.on_conflict_do_nothing(index_elements=[Message.dedupe_key])
    return db.scalar(once.returning(Message.id))


def claim(db: Session, lane: LaneName, owner: str, limit: int = MOST_CLAIMED) -> list[Claim]:
    """Takes up to `limit` messages that are due, for one lease; two workers never take the same one."""
    due = (
        select(Message.id)
        .where(Message.state == State.QUEUED, Message.lane == lane, lanes.is_open(lane))
        .where(or_(Message.not_before.is_(None), Message.not_before <= func.now()), *_MAY_BE_SENT)
        .order_by(Message.priority, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")  # as a subquery it may be run once per row, and its limit hold for none
    )
    taken = (
        update(Message)
        .where(Message.id.in_(select(due.c.id)), Message.state == State.QUEUED)
        .values(
            state=State.CLAIMED,
            state_at=func.now(),
            owner=owner,
            lease_until=func.now() + LEASE,
            attempt_no=Message.attempt_no + 1,
        )
        .returning(Message.priority, Message.id, Message.phone, Message.body, Message.attempt_no, Message.segments)
    )
    rows = sorted(db.execute(taken))
    return [Claim(row_id, phone, body, n, owner, parts) for _, row_id, phone, body, n, parts in rows]


def start(db: Session, claimed: Claim) -> bool:
    """Writes down that the carrier is about to be asked. Only when this is committed may it be asked.

    Gives False where the claim was lost meanwhile, its lane was closed or the citizen opted out: then it may not. The
    lease starts anew.
    """
    moved = db.execute(
        _held(claimed, State.CLAIMED)
        .where(lanes.is_open(Message.lane), *_MAY_BE_SENT)
        .values(state=State.SENDING, state_at=func.now(), lease_until=func.now() + LEASE)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        return False
    db.add(Attempt(message_id=claimed.message_id, n=claimed.attempt_no, started_at=func.now()))
    return True


def release(db: Session, claims: Sequence[Claim]) -> None:
    """Gives back what was claimed and not started, at a stop."""
    for claimed in claims:
        db.execute(
            _held(claimed, State.CLAIMED).values(
                state=State.QUEUED, state_at=func.now(), owner=None, attempt_no=Message.attempt_no - 1
            )
        )


def settle(db: Session, claimed: Claim, result: SendResult, now: datetime) -> State | None:
    """Writes down what the carrier said of one attempt.

    Gives the message's new state, None where a late answer changed nothing. A late answer to an attempt that was
    already given up as unknown is evidence: it still settles that attempt.
    """
    spending.correct(db, claimed.message_id, claimed.attempt_no, result)
    _note(db, claimed, result)
    message = db.scalars(
        select(Message)
        .where(Message.id == claimed.message_id, Message.attempt_no == claimed.attempt_no)
        .where(Message.owner == claimed.owner, Message.state.in_([State.SENDING, State.UNKNOWN]))
        .with_for_update()
    ).one_or_none()
    if message is None:
        return None
    message.state = verdicts.next_state(db, message, result)
    message.state_at = now
    message.lease_until = None
    if message.state is State.QUEUED:
        message.not_before = now + verdicts.wait(claimed.attempt_no, result)
    return message.state


def _held(claimed: Claim, state: State) -> Update:
    return update(Message).where(
        Message.id == claimed.message_id,
        Message.state == state,
        Message.owner == claimed.owner,
        Message.attempt_no == claimed.attempt_no,
    )


def _note(db: Session, claimed: Claim, result: SendResult) -> None:
    taken = db.scalar(select(Attempt.message_id).where(Attempt.carrier_id == result.carrier_id))
    if result.carrier_id and taken not in (None, claimed.message_id):
        log.error("the carrier's id is another message's already", message=claimed.message_id, other=taken)
        result = replace(result, carrier_id=None)
    db.execute(
        update(Attempt)
        .where(Attempt.message_id == claimed.message_id, Attempt.n == claimed.attempt_no)
        .values(
            outcome=result.verdict,
            reason=result.reason,
            http_status=result.http_status,
            carrier_id=func.coalesce(result.carrier_id, Attempt.carrier_id),  # a report may have told it already
            cost=result.cost,
        )
    )


def sweep(db: Session) -> dict[str, int]:
    """Finishes what nobody else will: gives how many messages each rule moved.

    A claim whose lease ran out goes back to the queue, a send whose lease ran out is unknown; unknown for 24 hours is
    unresolved, accepted without a report for 72 hours is no_report; what is too old to be sent expires, and a bulk
    message to somebody who opted out is skipped.
    """
    now = func.now()
    rules = (
        (State.CLAIMED, Message.lease_until < now, State.QUEUED),
        (State.SENDING, Message.lease_until < now, State.UNKNOWN),
        (State.UNKNOWN, Message.state_at < now - UNKNOWN_FOR, State.UNRESOLVED),
        (State.ACCEPTED, Message.state_at < now - SILENT_FOR, State.NO_REPORT),
        (State.QUEUED, Message.expires_at <= now, State.EXPIRED),
        (State.QUEUED, _IS_UNWANTED, State.SKIPPED),
    )
    moved = {}
    for state, overdue, to in rules:
        done = db.execute(update(Message).where(Message.state == state, overdue).values(state=to, state_at=now))
        moved[to.value] = done.rowcount  # type: ignore[attr-defined]
    return moved


def nudge_due(db: Session) -> None:
    """Rings for every lane that is open and has something due."""
    for lane in LaneName:
        due = select(Message.id).where(Message.state == State.QUEUED, Message.lane == lane, lanes.is_open(lane))
        if db.scalar(due.where(or_(Message.not_before.is_(None), Message.not_before <= func.now())).limit(1)):
            queue.nudge(db, lane)


def oldest_seconds(db: Session) -> float:
    """Gives the age in seconds of the oldest message that still waits to be sent; 0 when none does."""
    oldest = select(func.extract("epoch", func.now() - func.min(Message.created_at)))
    return float(db.scalar(oldest.where(Message.state.in_([State.QUEUED, State.CLAIMED]))) or 0)
