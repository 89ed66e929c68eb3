"""The outbox: promised, claimed, sent, settled. A message is sent once, or shown as one that may have been.

Two commits stand before the socket. A crash after `claimed` is provably unsent and goes back to the queue by itself;
one after `sending` may have been sent, becomes `unknown` and is never sent again by itself. Every step names the worker
and the attempt it belongs to, so a worker that comes back late changes nothing that was decided without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import queue, rowsets
from gateway.literals import spelt_out
from gateway.outbox import campaign_gates, lanes
from gateway.outbox.lanes import LEASE
from gateway.phones import is_kenyan_mobile
from menus.words import segments
from models import Attempt, Base, Citizen, Direction, LaneName, Message, State

MOST_CLAIMED = 5
SENT_AGAIN = "sent_again"  # in a message's `details`: a person put it back, and it may have been sent before

# How soon each kind goes (a lower number first), and how long it is worth sending: an old confirmation only confuses.
KINDS = {
    "reply": (3, timedelta(hours=72)),  # a person wrote it
    "status": (4, timedelta(hours=72)),  # a move of a case that its citizen must know
    "officer": (4, timedelta(hours=24)),  # a case for a department's officer
    "confirmation": (5, timedelta(hours=24)),
    "campaign": (7, timedelta(hours=24)),
}
_ANY_KIND = (5, timedelta(hours=24))

IS_QUEUED = Message.state == spelt_out(State.QUEUED)
IS_UNWANTED = and_(
    Message.lane == LaneName.BULK,
    exists().where(Citizen.phone == Message.phone, Citizen.opted_out_at.is_not(None)),
)
_MAY_BE_SENT = (or_(Message.expires_at.is_(None), Message.expires_at > func.now()), ~IS_UNWANTED)

_MESSAGE = Base.metadata.tables["message"]
_PROMISE = insert(_MESSAGE).on_conflict_do_nothing(index_elements=[_MESSAGE.c.dedupe_key]).returning(_MESSAGE.c.id)


def ends_as(to: State) -> ColumnElement[State]:
    """Gives where one ends that waits and is not sent any more: in doubt as before where a person had put it back."""
    kind = Message.state.type
    return case((Message.details.has_key(SENT_AGAIN), literal(State.UNRESOLVED, kind)), else_=literal(to, kind))


@dataclass(frozen=True)
class Promise:
    """An SMS that a business event calls for. `key` is unique per event: the same event again promises nothing."""

    key: str
    kind: str
    phone: str
    body: str
    ticket_id: int | None = None


@dataclass(frozen=True)
class Claim:
    """A message that one worker may send now, and never anybody else under the same attempt."""

    message_id: int
    phone: str
    body: str
    attempt_no: int
    owner: str
    segments: int = 1
    campaign_id: int | None = None


def promise(db: Session, wanted: Promise, now: datetime, *, lives: timedelta | None = None) -> int | None:
    """Promises an SMS in the transaction of the event it belongs to; gives its id, None where it was promised before.

    After `lives` (None: as KINDS says) it is no longer worth sending and expires. A number that is no Kenyan mobile is
    written down as skipped: nothing else is ever sent to.
    """
    state = State.QUEUED if is_kenyan_mobile(wanted.phone) else State.SKIPPED
    priority, usual_life = KINDS.get(wanted.kind, _ANY_KIND)
    row = {
        "direction": Direction.OUT,
        "state": state,
        "state_at": now,
        "created_at": now,
        "expires_at": now + (lives or usual_life),
        "kind": wanted.kind,
        "phone": wanted.phone,
        "body": wanted.body,
        "segments": segments(wanted.body),
        "ticket_id": wanted.ticket_id,
        "dedupe_key": wanted.key,
        "lane": LaneName.REPLIES,
        "priority": priority,
        "attempt_no": 0,
    }
    queue.nudge(db, LaneName.REPLIES)
    return db.execute(_PROMISE, row).scalar_one_or_none()


def is_due() -> tuple[ColumnElement[bool], ...]:
    """Gives the conditions that a queued message may be sent now, for the `WHERE` of a claim."""
    return IS_QUEUED, or_(Message.not_before.is_(None), Message.not_before <= func.now()), *_MAY_BE_SENT


def claim(db: Session, owner: str, limit: int = MOST_CLAIMED) -> list[Claim]:
    """Takes up to `limit` replies that are due, for one lease; two workers never take the same one.

    A campaign's are claimed in batches (bulk.py).
    """
    due = (
        select(Message.id)
        .where(Message.campaign_id.is_(None), Message.lane == LaneName.REPLIES, lanes.is_open(LaneName.REPLIES))
        .where(*is_due())
        .order_by(Message.priority, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")  # as a subquery it may be run once per row, and its limit hold for none
    )
    return take(db, due, owner)


def take(db: Session, due: FromClause, owner: str) -> list[Claim]:
    """Claims the messages whose ids `due` holds, locked, for `owner`."""
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
        .returning(
            Message.priority,
            Message.id,
            Message.phone,
            Message.body,
            Message.attempt_no,
            Message.segments,
            Message.campaign_id,
        )
    )
    rows = sorted(db.execute(taken), key=lambda row: (row[0], row[1]))
    return [Claim(row_id, phone, body, n, owner, parts, of) for _, row_id, phone, body, n, parts, of in rows]


def start_all(db: Session, claims: Sequence[Claim]) -> list[Claim]:
    """Writes down that the carrier is about to be asked. Only when this is committed may it be asked.

    Gives those for which it may: the rest was lost meanwhile, its lane was closed, the citizen opted out, or its
    campaign was paused or cancelled or met the night. `claims` are one worker's. The lease starts anew.
    """
    if not claims:
        return []
    held = _named(claims)
    moved = (
        update(Message)
        .where(Message.id == held.c.id, Message.attempt_no == held.c.n, Message.owner == claims[0].owner)
        .where(Message.state == State.CLAIMED, lanes.is_open(Message.lane), *_MAY_BE_SENT)
        .where(*_gates(db, claims))
        .values(state=State.SENDING, state_at=func.now(), lease_until=func.now() + LEASE)
        .returning(Message.id, Message.attempt_no, Message.campaign_id)
        .cte("moved")
    )
    columns = ["message_id", "n", "campaign_id", "started_at"]
    begun = insert(Attempt).from_select(columns, select(*moved.c, func.now())).returning(Attempt.message_id)
    ids = set(db.scalars(begun))
    db.expire_all()
    return [claimed for claimed in claims if claimed.message_id in ids]


def release(db: Session, claims: Sequence[Claim]) -> None:
    """Gives back what was claimed and not started: at a stop, or because it may not be sent now."""
    if not claims:
        return
    held = _named(claims)
    given_back = (
        update(Message)
        .where(Message.id == held.c.id, Message.attempt_no == held.c.n, Message.owner == claims[0].owner)
        .where(Message.state == State.CLAIMED)
    )
    values = {"state": State.QUEUED, "state_at": func.now(), "owner": None, "attempt_no": Message.attempt_no - 1}
    db.execute(given_back.values(values), execution_options={"synchronize_session": False})
    db.expire_all()


def _named(claims: Sequence[Claim]) -> FromClause:
    columns = {"id": Integer(), "n": Integer()}
    return rowsets.rows(columns, [(claimed.message_id, claimed.attempt_no) for claimed in claims])


def _gates(db: Session, claims: Sequence[Claim]) -> tuple[ColumnElement[bool], ...]:
    if all(claimed.campaign_id is None for claimed in claims):
        return ()
    return (campaign_gates.lets_through(db, Message.campaign_id),)
