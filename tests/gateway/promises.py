"""The steps of the outbox, each committed as a worker commits it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gateway import database
from gateway.carriers import SendResult, Verdict
from gateway.outbox import outbox, settling, spending
from gateway.outbox.outbox import Claim, Promise
from gateway.sending import sweeping
from gateway.settings import Limits
from models import Attempt, LaneName, Message, State
from tests.grounds import PHONE

ACCEPTED = SendResult(Verdict.ACCEPTED, "Success", carrier_id="ATXid_1", cost="KES 0.8000", http_status=201)
REFUSED = SendResult(Verdict.NOT_SENT, "connect: refused")


def now() -> datetime:
    return datetime.now(UTC)


def promise(key: str = "ack:ticket:1", *, lives: timedelta | None = None, **changes: Any) -> int:
    """Promises an SMS and gives the id of the message with this key."""
    wanted = Promise(**{"key": key, "kind": "confirmation", "phone": PHONE, "body": "Your case", **changes})
    with database.transaction() as db:
        outbox.promise(db, wanted, now(), lives=lives)
        return db.scalars(select(Message.id).where(Message.dedupe_key == key)).one()


def claim(owner: str = "worker-1", *, limit: int = 5) -> list[Claim]:
    with database.transaction() as db:
        return outbox.claim(db, owner, limit)


def start(claimed: Claim) -> bool:
    with database.transaction() as db:
        return started(db, claimed)


def settle(claimed: Claim, result: SendResult) -> State | None:
    with database.transaction() as db:
        return settled(db, claimed, result, now())


def started(db: Session, claimed: Claim) -> bool:
    """Begins one send in an open transaction; gives whether it may."""
    return bool(outbox.start_all(db, [claimed]))


def settled(db: Session, claimed: Claim, result: SendResult, at: datetime) -> State | None:
    """Settles one send in an open transaction; gives the message's new state."""
    return settling.settle_all(db, [(claimed, result)], at).get(claimed.message_id)


def reserved(db: Session, segments: int, limits: Limits, at: datetime) -> bool:
    """Reserves one reply's segments in an open transaction; gives whether the day has room."""
    return spending.reserve_most(db, [segments], limits, at, LaneName.REPLIES) == 1


def try_once(result: SendResult, owner: str = "worker-1") -> State | None:
    """Claims the one message that is due, sends it with this result, and gives its new state."""
    (claimed,) = claim(owner)
    assert start(claimed)
    return settle(claimed, result)


def sweep() -> Mapping[str, int]:
    with database.transaction() as db:
        return sweeping.sweep(db)


def pass_time(**since: timedelta) -> None:
    """Makes every message as if `since` had passed for the columns named: a lease ran out, a wait is over."""
    moved = {name: getattr(Message, name) - by for name, by in since.items()}
    with database.transaction() as db:
        db.execute(update(Message).values(moved))


def state(message_id: int) -> State:
    with database.transaction() as db:
        return db.get_one(Message, message_id).state


def attempts(message_id: int) -> int:
    with database.transaction() as db:
        return db.scalar(select(func.count()).where(Attempt.message_id == message_id)) or 0
