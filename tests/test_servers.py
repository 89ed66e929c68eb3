"""The ground the other tests stand on."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from gateway.settings import Settings
from models import Citizen
from tests.servers import setting_names


def _a_citizen() -> Citizen:
    return Citizen(phone="+254700000001", first_seen_at=datetime(2026, 11, 23, 9, tzinfo=UTC))


def test_a_test_reaches_nobody_but_this_machine() -> None:
    with pytest.raises(PermissionError, match=r"192\.0\.2\.1"), socket.socket() as sock:
        sock.connect(("192.0.2.1", 80))
    with pytest.raises(PermissionError, match=r"example\.invalid"):
        socket.getaddrinfo("example.invalid", 80)


@pytest.mark.parametrize("attempt", ["first", "second"])
def test_what_a_test_commits_in_its_session_is_gone_in_the_next(db: Session, attempt: str) -> None:
    assert db.query(Citizen).count() == 0
    db.add(_a_citizen())
    db.commit()
    assert db.query(Citizen).count() == 1, attempt


@pytest.mark.parametrize("attempt", ["first", "second"])
def test_what_a_journey_commits_is_swept_away_after_it(clean_database: Engine, attempt: str) -> None:
    with Session(clean_database) as db, db.begin():
        assert db.query(Citizen).count() == 0, attempt
        db.add(_a_citizen())


@pytest.mark.parametrize("attempt", ["first", "second"])
def test_redis_is_empty_when_a_test_begins(redis_url: str, attempt: str) -> None:
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0, attempt
        client.set("a", "b")


def test_the_settings_point_at_the_tests_own_servers(settings: Settings, engine: Engine) -> None:
    assert not settings.embeds_database
    assert not settings.embeds_redis
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW fsync")) == "off"


def test_no_setting_of_the_shell_is_left(tmp_path: Path) -> None:
    names = setting_names(tmp_path)
    assert {"DATABASE_URL", "REDIS_URL", "AT_API_KEY", "PORT"} <= names
    assert not names & set(os.environ)
