"""Settling: what the carrier said of each message of a request, written down in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import DateTime, Integer, String, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from gateway import rowsets
from gateway.carriers import SendResult
from gateway.outbox import spending, verdicts
from gateway.outbox.outbox import Claim
from models import Attempt, Message, State

Answers = Sequence[tuple[Claim, SendResult]]

log = structlog.get_logger()


def settle_all(db: Session, answers: Answers, now: datetime) -> Mapping[int, State]:
    """Writes down what the carrier said of the attempts of one worker.

    Gives each message's new state; those are missing for which a late answer changed nothing. A late answer to an
    attempt that was already given up as unknown is evidence: it still settles that attempt.
    """
    spending.correct(db, [(claimed.message_id, claimed.attempt_no, result) for claimed, result in answers])
    _note(db, _each_its_own_id(db, answers))
    standing = _standing(db, answers)
    settled = [(claimed, result) for claimed, result in answers if claimed.message_id in standing]
    states = {claimed.message_id: verdicts.next_state(db, claimed.message_id, result) for claimed, result in settled}
    rows = [(one.message_id, states[one.message_id].value, _again(one, states, result, now)) for one, result in settled]
    given = rowsets.rows({"id": Integer(), "state": String(), "again": DateTime(timezone=True)}, rows)
    values = {"state": given.c.state, "state_at": now, "lease_until": None}
    waits = func.coalesce(given.c.again, Message.not_before)
    moved = update(Message).where(Message.id == given.c.id).values(**values, not_before=waits)
    db.execute(moved, execution_options={"synchronize_session": False})
    db.expire_all()
    return states


def _standing(db: Session, answers: Answers) -> set[int]:
    """Gives the messages that still stand where their attempt left them, locked."""
    named = [(claimed.message_id, claimed.attempt_no, claimed.owner) for claimed, _ in answers]
    given = rowsets.rows({"id": Integer(), "n": Integer(), "owner": String()}, named)
    return set(
        db.scalars(
            select(Message.id)
            .join(given, (Message.id == given.c.id) & (Message.attempt_no == given.c.n))
            .where(Message.owner == given.c.owner, Message.state.in_([State.SENDING, State.UNKNOWN]))
            .with_for_update(of=Message)
        )
    )


def _again(claimed: Claim, states: Mapping[int, State], result: SendResult, now: datetime) -> datetime | None:
    is_tried_again = states[claimed.message_id] is State.QUEUED
    return now + verdicts.wait(claimed.attempt_no, result) if is_tried_again else None


def _each_its_own_id(db: Session, answers: Answers) -> Answers:
    """Takes away the carrier's ids that are another message's already."""
    ids = {result.carrier_id for _, result in answers if result.carrier_id}
    known = select(Attempt.carrier_id, Attempt.message_id).where(Attempt.carrier_id.in_(ids))
    taken: dict[str | None, int] = dict(db.execute(known).all()) if ids else {}
    own = []
    for claimed, result in answers:
        other = taken.setdefault(result.carrier_id, claimed.message_id)
        if result.carrier_id and other != claimed.message_id:
            log.error("the carrier's id is another message's already", message=claimed.message_id, other=other)
            result = replace(result, carrier_id=None)
        own.append((claimed, result))
    return own


def _note(db: Session, answers: Answers) -> None:
    columns: dict[str, TypeEngine[Any]] = {"id": Integer(), "n": Integer(), "status": Integer()}
    columns |= dict.fromkeys(("outcome", "reason", "carrier_id", "cost"), String())
    rows = [
        (one.message_id, one.attempt_no, said.http_status, said.verdict.value, said.reason, said.carrier_id, said.cost)
        for one, said in answers
    ]
    given = rowsets.rows(columns, rows)
    noted = (
        update(Attempt)
        .where(Attempt.message_id == given.c.id, Attempt.n == given.c.n)
        .values(
            outcome=given.c.outcome,
            reason=given.c.reason,
            http_status=given.c.status,
            carrier_id=func.coalesce(given.c.carrier_id, Attempt.carrier_id),  # a report may have told it already
            cost=given.c.cost,
        )
    )
    db.execute(noted, execution_options={"synchronize_session": False})
