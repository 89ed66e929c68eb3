"""A phone that asks without a pause is told to wait; nothing it did is lost, and nobody else waits for it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, literal, select, update
from sqlalchemy.orm import Session

from gateway import database
from gateway.citizens import citizens, restraint
from gateway.dialogues import sessions
from menus import farewells
from models import Ticket, UssdHop, UssdSession
from tests.grounds import NOW, OTHER, PHONE
from tests.handlers.phones import SUBMIT, TO_THE_CHECK, Phone


def screens_shown(db: Session, phone: str, now: datetime) -> int | None:
    return db.scalar(select(restraint.screens_shown(literal(phone), literal(now), sessions.LONGEST)))


def dials(phone: Phone, times: int) -> list[str]:
    return [phone.dial(f"ATUid_{number}") for number in range(times)]


def test_the_sixty_first_screen_in_a_minute_is_a_polite_end(phone: Phone) -> None:
    shown = dials(phone, 61)
    assert {screen[:4] for screen in shown[:60]} == {"CON "}
    assert shown[60] == f"END {farewells.too_often(None)}"


@pytest.mark.parametrize("language", ["en", "sw"])
def test_it_is_said_in_the_citizens_language(phone: Phone, language: str) -> None:
    with database.transaction() as db:
        citizens.remember(db, phone.number, NOW, language=language)
    assert dials(phone, 61)[60] == f"END {farewells.too_often(language)}"


def test_in_one_session_as_in_many(phone: Phone) -> None:
    phone.dial()
    shown = [phone.type("77") for _ in range(60)]
    assert shown[-1] == f"END {farewells.too_often(None)}"
    assert farewells.too_often(None) not in "".join(shown[:-1])


def test_repeats_of_the_carrier_are_not_counted(phone: Phone) -> None:
    assert {phone.ask("")[:4] for _ in range(100)} == {"CON "}
    assert phone.type("1").startswith("CON ")


def test_a_minute_later_the_phone_goes_on_where_it_was(phone: Phone, kept: Session, engine: Engine) -> None:
    dials(phone, 53)
    phone.reports(*TO_THE_CHECK, session="ATUid_last")
    assert phone.type(SUBMIT).startswith("END You")
    assert kept.scalar(select(func.count()).select_from(Ticket)) == 0
    with engine.begin() as connection:
        connection.execute(update(UssdHop).values(at=UssdHop.at - timedelta(minutes=1)))
    assert phone.ask(phone.text).startswith("END Thank you. Case ")
    assert kept.scalar(select(func.count()).select_from(Ticket)) == 1


def test_nobody_else_waits(phone: Phone) -> None:
    dials(phone, 61)
    assert Phone(phone.client, phone.hooks, OTHER).dial("ATUid_other").startswith("CON ")


_MANY = """
WITH others AS (
    INSERT INTO ussd_session (id, phone, service_code, outcome, hops, started_at, last_at)
    SELECT 'other' || n, '+25411' || lpad(n::text, 7, '0'), '*1548#', 'open', 1, now(), now()
    FROM generate_series(1, 3000) AS n RETURNING id
)
INSERT INTO ussd_hop (session_id, digest, answer, is_end, at) SELECT id, id, 'CON', false, now() FROM others
"""


def test_what_a_phone_was_shown_is_counted_by_index(engine: Engine) -> None:
    asked: list[tuple[str, Any]] = []
    with engine.connect() as connection, Session(connection) as db:  # never committed
        connection.exec_driver_sql(_MANY)
        connection.exec_driver_sql("ANALYZE ussd_session, ussd_hop")
        event.listen(connection, "before_cursor_execute", lambda _c, _k, sql, values, *_: asked.append((sql, values)))
        screens_shown(db, PHONE, database.now(db))
        sql, values = asked[-1]
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {sql}", values).scalars())
    assert "ix_ussd_session_phone" in plan
    assert "Seq Scan" not in plan


def test_the_count_forgets_what_lies_over_a_minute_back(phone: Phone) -> None:
    dials(phone, 61)
    with database.transaction() as db:
        now = database.now(db)
        assert screens_shown(db, phone.number, now) == 60
        assert screens_shown(db, phone.number, now + timedelta(seconds=61)) == 0
        assert db.scalar(select(func.count()).select_from(UssdSession)) == 61
