"""Beginning a send: paid for, let through, and written down as `sending` before the carrier is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gateway import database
from gateway.outbox import bulk, outbox, spending
from gateway.outbox.outbox import Claim
from gateway.settings import Limits
from models import LaneName


@dataclass(frozen=True)
class Begun:
    """Those of a request for whom the carrier may be asked once this is committed, and whether the day had room."""

    claims: list[Claim]
    has_room: bool


def begin(db: Session, request: list[Claim], lane: LaneName, limits: Limits) -> Begun:
    """Begins to send one text; who may not get it now, or is beyond the day's cap, goes back to the queue."""
    now = database.now(db)
    parts = [claimed.segments for claimed in request]
    affordable = request[: spending.reserve_most(db, parts, limits, now, lane)]
    begun = outbox.start_all(db, affordable) if affordable and bulk.book(db, affordable) else []
    spending.give_back(db, _segments(affordable) - _segments(begun), now)
    may_go = {claimed.message_id for claimed in begun}
    outbox.release(db, [claimed for claimed in request if claimed.message_id not in may_go])
    return Begun(begun, bool(affordable))


def _segments(claims: Sequence[Claim]) -> int:
    return sum(claimed.segments for claimed in claims)
