"""What operators ask: alive, ready or why not, and the measurements."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from structlog.testing import capture_logs

from gateway import database, queue
from gateway.carriers import LaneOrder, SendResult, Verdict
from gateway.operations.health import NEWEST_SCHEMA
from gateway.outbox import lanes
from gateway.settings import Settings
from handlers import create_app
from models import LaneName, Outcome, State, Status
from tests import grounds
from tests.gateway.promises import now, promise
from tests.handlers.phones import SUBMIT, TO_THE_CHECK, Phone

NOWHERE = "postgresql://postgres@/gateway?host=/nonexistent"


def readiness(client: FlaskClient) -> tuple[int, list[str]]:
    answer = client.get("/readyz")
    return answer.status_code, (answer.json or {})["causes"]


@contextmanager
def renamed(engine: Engine, table: str) -> Iterator[None]:
    """Makes every statement on a table fail while the block runs."""
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO away"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE away RENAME TO {table}"))


def test_a_process_that_lives_says_so_even_without_a_database(client: FlaskClient, settings: Settings) -> None:
    with grounds.connected(replace(settings, database_url=NOWHERE)):
        assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"alive": True})


def test_ready_means_that_nothing_is_amiss(client: FlaskClient) -> None:
    assert readiness(client) == (200, [])


def test_without_a_database_it_is_not_ready(client: FlaskClient, settings: Settings) -> None:
    with grounds.connected(replace(settings, database_url=NOWHERE)):
        assert readiness(client) == (503, ["database"])


def test_an_older_schema_is_not_ready(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    try:
        assert readiness(client) == (503, ["schema"])
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :n"), {"n": NEWEST_SCHEMA})


def test_without_a_county_pack_it_is_not_ready(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM county"))
    try:
        assert readiness(client) == (503, ["county pack"])
    finally:
        grounds.load_county(engine)


def test_what_else_is_amiss_may_fail_to_be_read_and_citizens_are_still_answered(
    client: FlaskClient, engine: Engine
) -> None:
    with renamed(engine, "sms_spending"), capture_logs() as told:
        assert readiness(client) == (200, ["troubles unknown"])
    assert [(line["event"], type(line["error"])) for line in told] == [("troubles unknown", ProgrammingError)]


def test_without_redis_it_is_ready_and_says_so(client: FlaskClient) -> None:
    queue.connect("redis://127.0.0.1:1/0")
    assert readiness(client) == (200, ["redis"])


def test_a_stopped_lane_is_named_with_its_reason(client: FlaskClient) -> None:
    with database.transaction() as db:
        lanes.obey(db, LaneName.BULK, SendResult(Verdict.NOT_SENT, "HTTP 401", lane=LaneOrder.STOP), now())
    assert readiness(client) == (200, ["lane bulk: HTTP 401"])


def samples(client: FlaskClient) -> dict[str, float]:
    lines = [line for line in client.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_the_measurements_name_every_state_outcome_and_status(client: FlaskClient) -> None:
    found = samples(client)
    incoming = {State.RECEIVED, State.HANDLED}
    for state in State:
        direction = "in" if state in incoming else "out"
        assert found[f'gateway_messages{{direction="{direction}",state="{state}"}}'] == 0
    assert all(f'gateway_ussd_sessions{{outcome="{outcome}"}}' in found for outcome in Outcome)
    assert all(f'gateway_tickets{{status="{status}"}}' in found for status in Status)
    assert found["gateway_outbox_oldest_seconds"] == 0
    assert found["gateway_database_up"] == 1


def test_the_measurements_count_what_happened(client: FlaskClient, phone: Phone) -> None:
    before = samples(client)["gateway_ussd_hop_seconds_count"]
    phone.reports(*TO_THE_CHECK, SUBMIT)
    promise("reply:event:1")
    found = samples(client)
    assert found['gateway_messages{direction="out",state="queued"}'] == 2
    assert found['gateway_tickets{status="new"}'] == 1
    assert found['gateway_ussd_sessions{outcome="ended"}'] == 1
    assert found["gateway_ussd_hop_seconds_count"] - before == len(TO_THE_CHECK) + 2


def test_the_measurements_say_that_the_database_is_away(client: FlaskClient, settings: Settings) -> None:
    with grounds.connected(replace(settings, database_url=NOWHERE)):
        found = samples(client)
    assert (found["gateway_database_up"], found["gateway_scrape_failed"]) == (0, 0)


def test_a_scrape_that_fails_is_told_apart_from_a_database_that_is_away(client: FlaskClient, engine: Engine) -> None:
    assert samples(client)["gateway_scrape_failed"] == 0
    with renamed(engine, "sms_spending"), capture_logs() as told:
        found = samples(client)
    assert (found["gateway_database_up"], found["gateway_scrape_failed"]) == (1, 1)
    assert [(line["event"], type(line["error"])) for line in told] == [("scrape failed", ProgrammingError)]


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("", 404), ("Bearer wrong", 404), ("Bearer a-token-for-tests", 200), ("Bearer é", 404)],
)
def test_where_a_token_is_set_only_its_bearer_sees_the_measurements(
    county: Engine, clean_database: Engine, settings: Settings, authorization: str, status: int
) -> None:
    client = create_app(replace(settings, metrics_token="a-token-for-tests")).test_client()
    with grounds.connected(settings):
        answer = client.get("/metrics", headers={"Authorization": authorization} if authorization else {})
    assert answer.status_code == status


def test_no_cause_tells_an_address_or_a_password(client: FlaskClient, settings: Settings) -> None:
    secret = "postgresql://somebody:a-password@/gateway?host=/nonexistent"
    with grounds.connected(replace(settings, database_url=secret)):
        told = client.get("/readyz").text + client.get("/metrics").text
    assert "a-password" not in told
    assert "nonexistent" not in told
