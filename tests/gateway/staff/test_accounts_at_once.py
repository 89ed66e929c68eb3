"""What two people do to accounts at the same moment: no admin is left over, and no guess is had for free."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from sqlalchemy import Engine, select

from gateway import database
from gateway.errors import BadAccount
from gateway.staff import accounts, sign_ins
from models import Role, Staff
from tests.grounds import NOW

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MANY = 6


@pytest.fixture(autouse=True)
def two_admins(ground: Engine) -> None:
    """Anna and Brian, both admins."""
    with database.transaction() as db:
        for name in ("anna", "brian"):
            accounts.add(db, Staff(name=name, role=Role.ADMIN, created_at=NOW, totp_secret=SECRET), PASSWORD)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Does all of it at the same moment; gives what each gave."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def disable(name: str, by: str) -> bool:
    try:
        with database.transaction() as db:
            accounts.disable(db, name, by, NOW)
    except BadAccount:
        return False
    return True


def prove(code: str) -> bool:
    with database.transaction() as db:
        return sign_ins.prove_code(db, "anna", code, "192.0.2.1", NOW) is not None


def test_two_admins_who_shut_out_each_other_leave_one() -> None:
    done = at_once(lambda: disable("anna", "brian"), lambda: disable("brian", "anna"))
    assert sorted(map(bool, done)) == [False, True]
    with database.transaction() as db:
        assert len(db.scalars(select(Staff).where(Staff.disabled_at.is_(None))).all()) == 1


def test_one_code_is_taken_once_however_many_bring_it() -> None:
    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=1))
    assert at_once(*[lambda: prove(code)] * MANY).count(True) == 1


def test_guesses_at_the_same_moment_are_all_counted() -> None:
    at_once(*[lambda: prove("000000")] * MANY)
    with database.transaction() as db:
        assert db.get_one(Staff, "anna").failures == MANY
