"""While the database is away, what the carrier tells us waits on disk; a 200 always means that it is kept."""

import json
import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gateway.dialogues import arrivals
from gateway.operations import spool
from gateway.operations.spool import Spool
from gateway.settings import Settings
from handlers import create_app
from models import DeliveryReport
from tests import grounds
from tests.grounds import NOW, PHONE
from tests.handlers.phones import Phone

NOWHERE = "postgresql://postgres@/gateway?host=/nonexistent"
MORE_THAN_ANY_DISK = 1 << 60


Away = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def away(settings: Settings) -> Iterator[Away]:
    """The database is away while the block runs, and back after it."""
    with ExitStack() as until_the_end:

        @contextmanager
        def block() -> Iterator[None]:
            with grounds.connected(replace(settings, database_url=NOWHERE)):
                yield
            until_the_end.enter_context(grounds.connected(settings))

        yield block


def a_report(carrier_id: str = "ATXid_1", status: str = "Success") -> dict[str, str]:
    return {"id": carrier_id, "status": status, "phoneNumber": PHONE, "networkCode": "63902"}


def reports(kept: Session) -> list[str]:
    return list(kept.scalars(select(DeliveryReport.carrier_id).order_by(DeliveryReport.id)))


def replay(settings: Settings) -> int:
    return spool.of(settings).replay(arrivals.take)


def test_a_report_that_comes_while_the_database_is_away_is_kept_when_it_is_back(
    phone: Phone, away: Away, settings: Settings, kept: Session
) -> None:
    with away():
        assert phone.post("delivery", **a_report()).status_code == 200
        assert replay(settings) == 0
    assert spool.of(settings).count() == (1, 0)
    assert replay(settings) == 1
    assert reports(kept) == ["ATXid_1"]
    assert spool.of(settings).count() == (0, 0)


def test_what_is_spooled_and_repeated_is_kept_once(phone: Phone, away: Away, settings: Settings, kept: Session) -> None:
    with away():
        for _ in range(3):
            assert phone.post("delivery", **a_report()).status_code == 200
    assert phone.post("delivery", **a_report()).status_code == 200
    assert replay(settings) == 3
    assert reports(kept) == ["ATXid_1"]


def test_the_spool_is_ours_alone(phone: Phone, away: Away, settings: Settings) -> None:
    with away():
        phone.post("delivery", **a_report())
    folder = settings.var_dir / "spool.d"
    (entry,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600


def test_the_oldest_goes_first_and_with_the_time_it_came(settings: Settings) -> None:
    waiting = spool.of(settings)
    for minutes in (2, 0, 1):
        waiting.write("delivery", a_report(str(minutes)), NOW.replace(minute=minutes))
    heard: list[tuple[Any, ...]] = []
    waiting.replay(lambda hook, form, at: heard.append((hook, form["id"], at)))
    assert heard == [("delivery", str(minutes), NOW.replace(minute=minutes)) for minutes in (0, 1, 2)]


def test_an_entry_that_nobody_can_read_is_set_aside_and_holds_up_no_other(
    phone: Phone, away: Away, client: FlaskClient, settings: Settings, kept: Session
) -> None:
    with away():
        phone.post("delivery", **a_report())
    (settings.var_dir / "spool.d" / "0-broken.json").write_text("{half an ent")
    (settings.var_dir / "spool.d" / "1-unknown.json").write_text(json.dumps({"hook": "x", "form": {}, "at": "now"}))
    assert replay(settings) == 1
    assert reports(kept) == ["ATXid_1"]
    assert spool.of(settings).count() == (0, 2)
    assert "spool set aside" in client.get("/readyz").json["causes"]


def test_while_one_process_carries_out_the_spool_another_leaves_it_alone(settings: Settings) -> None:
    waiting = spool.of(settings)
    waiting.write("delivery", a_report(), NOW)
    others: list[int] = []
    waiting.replay(lambda *_: others.append(waiting.replay(lambda *_: None)))
    assert others == [0]


def test_a_process_that_dies_in_the_middle_leaves_the_rest_for_the_next(settings: Settings) -> None:
    waiting = spool.of(settings)
    for number in range(3):
        waiting.write("delivery", a_report(str(number)), NOW.replace(second=number))
    child = os.fork()
    if child == 0:
        waiting.replay(lambda _hook, form, _at: os.kill(os.getpid(), signal.SIGKILL) if form["id"] == "1" else None)
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert waiting.replay(lambda *_: None) == 2


def in_the_way(settings: Settings) -> FlaskClient:
    """Gives a client of an application whose spool was blocked after its start."""
    client = create_app(settings).test_client()
    (settings.var_dir / "spool.d").rmdir()
    (settings.var_dir / "spool.d").write_text("a file where the folder should be")
    return client


def nearly_full(settings: Settings) -> FlaskClient:
    limits = replace(settings.limits, spool_min_free=MORE_THAN_ANY_DISK)
    return create_app(replace(settings, limits=limits)).test_client()


@pytest.mark.parametrize("broken", [in_the_way, nearly_full])
def test_where_nothing_can_be_spooled_the_carrier_is_asked_to_keep_it(
    phone: Phone, away: Away, settings: Settings, broken: Any
) -> None:
    client = broken(settings)
    with away():
        answer = client.post(f"{phone.hooks}/delivery", data=a_report())
        ready = client.get("/readyz")
    assert answer.status_code == 503
    assert ready.status_code == 503
    assert {"spool", "database"} <= set(ready.json["causes"])
    assert client.post(f"{phone.hooks}/delivery", data=a_report()).status_code == 200


def test_a_callback_nobody_can_understand_is_refused_and_never_spooled(
    phone: Phone, away: Away, settings: Settings
) -> None:
    with away():
        assert phone.post("delivery", status="Success").status_code == 400
    assert spool.of(settings).count() == (0, 0)


def test_how_a_session_ended_is_spooled_too(phone: Phone, away: Away, settings: Settings) -> None:
    with away():
        assert phone.post("ussd-ended", sessionId="ATUid_1", status="Success").status_code == 200
    assert replay(settings) == 1


@pytest.mark.timeout(60)
def test_with_the_database_hanging_a_report_is_spooled_and_counts_once(
    phone: Phone, settings: Settings, kept: Session
) -> None:
    with grounds.connected(settings, pool_size=1) as engine:
        pid = backend(engine)
        os.kill(pid, signal.SIGSTOP)
        try:
            assert phone.post("delivery", **a_report()).status_code == 200
        finally:
            os.kill(pid, signal.SIGCONT)
        assert replay(settings) == 1
    assert reports(kept) == ["ATXid_1"]


def backend(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.pg_backend_pid())) or 0


def test_a_spool_without_a_folder_is_an_empty_one(tmp_path: Path) -> None:
    assert Spool(tmp_path / "spool.d", 0).count() == (0, 0)
