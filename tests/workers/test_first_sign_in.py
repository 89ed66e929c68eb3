"""The first start makes the first accounts, says their passwords once, and keeps them where only their owner reads."""

import stat
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from gateway import database
from gateway.settings import Settings
from gateway.staff import passwords
from models import Role, Staff
from workers import first_sign_in


@pytest.fixture
def home(settings: Settings) -> Settings:
    """A VAR_DIR with its folder of secrets."""
    (settings.var_dir / "secrets").mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings


def accounts_made() -> dict[str, Staff]:
    with database.transaction() as db:
        made = {staff.name: staff for staff in db.scalars(select(Staff))}
        db.expunge_all()
        return made


def test_a_newcomer_may_sign_in_as_agent_supervisor_and_admin(ground: Engine, home: Settings) -> None:
    *shown, kept = first_sign_in.lines(home)
    made = accounts_made()
    assert {name: staff.role for name, staff in made.items()} == {
        "agent": Role.AGENT,
        "supervisor": Role.SUPERVISOR,
        "admin": Role.ADMIN,
    }
    for line in shown:
        name, _, password = line.removeprefix("as ").partition(", with the password ")
        assert passwords.fits(made[name].password_hash, password)
    path = home.var_dir / "secrets" / first_sign_in.KEPT
    assert kept == f"(kept in {path})"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().splitlines()) == 3


def test_production_begins_with_an_admin_alone(ground: Engine, home: Settings) -> None:
    first_sign_in.lines(replace(home, is_production=True))
    assert set(accounts_made()) == {"admin"}


def test_a_later_start_makes_nobody_and_repeats_no_password(ground: Engine, home: Settings) -> None:
    first = first_sign_in.lines(home)
    (later,) = first_sign_in.lines(home)
    assert str(home.var_dir / "secrets" / first_sign_in.KEPT) in later
    assert not any(line.rpartition(" ")[2] in later for line in first[:-1])
    assert len(accounts_made()) == 3
