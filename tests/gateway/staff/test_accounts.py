"""Accounts of the console: how they are made and changed, who can't be shut out, and that all of it is recorded."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.errors import BadAccount, Stale
from gateway.staff import accounts, passwords, second_factors, staff_sessions
from gateway.staff.accounts import Place
from models import AuditEntry, Department, Role, Staff, StaffSession
from tests.grounds import NOW

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ROOT = "root"


def account(name: str = "asha", **more: object) -> Staff:
    return Staff(**{"name": name, "role": Role.AGENT, "created_at": NOW, **more})


@pytest.fixture(autouse=True)
def department(db: Session) -> None:
    """A department, where the county was not loaded."""
    if db.get(Department, "health") is None:
        db.add(Department(code="health", name="Health", label={"en": "Health"}, position=1))


@pytest.fixture
def asha(db: Session) -> Staff:
    """An agent who is signed in."""
    made = account()
    accounts.add(db, made, PASSWORD)
    staff_sessions.begin(db, made, NOW)
    return made


@pytest.fixture
def root(db: Session) -> Staff:
    """The only admin."""
    made = account(ROOT, role=Role.ADMIN, totp_secret=SECRET)
    accounts.add(db, made, PASSWORD)
    return made


def sessions(db: Session) -> int:
    return len(db.scalars(select(StaffSession)).all())


def actions(db: Session) -> list[str]:
    return [entry.action for entry in db.scalars(select(AuditEntry).order_by(AuditEntry.id))]


@pytest.mark.parametrize("name", ["ASHA", "asha"])
def test_a_taken_name_is_refused_in_any_spelling(db: Session, asha: Staff, name: str) -> None:
    with pytest.raises(BadAccount, match="of that name already"):
        accounts.add(db, account(name), PASSWORD)


@pytest.mark.parametrize(
    "name", ["", "a", "two words", "(operator)", "a/b", "../x", "x" * 65, "\u0430sha", "a\nb", ".."]
)
def test_a_name_that_is_none_is_refused(db: Session, name: str) -> None:
    with pytest.raises(BadAccount, match="no spaces"):
        accounts.add(db, account(name), PASSWORD)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"department_code": "treasury"}, "no such department"),
        ({"role": Role.OFFICER}, "needs a department"),
        ({"is_chief": True}, "Only an officer"),
        ({"phone": "12"}, "Kenyan mobile"),
        ({"phone": "+12025550123"}, "Kenyan mobile"),
        ({"totp_secret": "nonsense"}, "base32"),
    ],
)
def test_a_place_that_can_not_be_is_refused_and_nothing_is_kept(
    db: Session, more: dict[str, object], words: str
) -> None:
    with pytest.raises(BadAccount, match=words):
        accounts.add(db, account(**more), PASSWORD)
    assert db.scalars(select(Staff)).all() == []
    assert actions(db) == []


def test_a_phone_belongs_to_one_account_and_is_kept_in_one_spelling(db: Session) -> None:
    accounts.add(db, account(phone="0712 345 678"), PASSWORD)
    assert db.scalars(select(Staff.phone)).one() == "+254712345678"
    with pytest.raises(BadAccount, match="has that phone"):
        accounts.add(db, account("brian", phone="+254712345678"), PASSWORD)


def test_an_officer_may_work_by_sms_alone_but_not_without_a_phone(db: Session) -> None:
    officer = account(role=Role.OFFICER, department_code="health", phone="0712345678")
    accounts.add(db, officer, None)
    assert not accounts.has_console(officer)
    with pytest.raises(BadAccount, match="phone that its SMS come from"):
        accounts.add(db, account("brian", role=Role.OFFICER, department_code="health"), None)


def test_an_account_with_a_second_factor_may_have_a_shorter_password(db: Session) -> None:
    with pytest.raises(BadAccount, match="15 to 256"):
        accounts.add(db, account(), "vQ8!mZr2")
    accounts.add(db, account("brian", totp_secret=SECRET), "vQ8!mZr2")
    assert second_factors.is_enrolled(db.get_one(Staff, "brian"))


def test_the_password_itself_is_kept_nowhere(db: Session, asha: Staff) -> None:
    assert asha.password_hash.startswith("$argon2id$")
    assert PASSWORD not in str(vars(asha))


def test_the_first_accounts_are_made_once_and_their_passwords_work(db: Session) -> None:
    drawn = accounts.add_first(db, accounts.FIRST_IN_DEVELOPMENT.items(), NOW)
    assert list(drawn) == ["agent", "supervisor", "admin"]
    assert accounts.add_first(db, accounts.FIRST.items(), NOW) == {}
    for name, password in drawn.items():
        assert passwords.fits(db.get_one(Staff, name).password_hash, password)


def test_another_role_ends_every_session_and_another_phone_ends_none(db: Session, asha: Staff, root: Staff) -> None:
    accounts.move(db, "asha", Place(Role.AGENT, phone="0712345678"), ROOT, NOW)
    assert sessions(db) == 1
    accounts.move(db, "asha", Place(Role.SUPERVISOR), ROOT, NOW)
    assert sessions(db) == 0
    assert (asha.role, asha.phone) == (Role.SUPERVISOR, None)


@pytest.mark.parametrize(
    "other",
    [
        Place(Role.SUPERVISOR),
        Place(Role.AGENT, "health"),
        Place(Role.AGENT, phone="0712345678"),
        Place(Role.OFFICER, "health", is_chief=True),
    ],
)
def test_a_place_is_not_changed_over_one_that_was_not_on_the_screen(
    db: Session, asha: Staff, root: Staff, other: Place
) -> None:
    seen = accounts.version(asha)
    accounts.move(db, "asha", other, ROOT, NOW, over=seen)
    now, recorded = accounts.version(asha), actions(db)
    with pytest.raises(Stale):
        accounts.move(db, "asha", Place(Role.AGENT, phone="0712345679"), ROOT, NOW, over=seen)
    assert (accounts.version(asha), actions(db)) == (now, recorded)


def test_what_changes_nothing_is_not_recorded(db: Session, asha: Staff, root: Staff) -> None:
    before = actions(db)
    accounts.move(db, "asha", Place(Role.AGENT), ROOT, NOW)
    accounts.enable(db, "asha", ROOT, NOW)
    assert actions(db) == before


def test_a_disabled_account_is_out_at_once_until_it_is_enabled(db: Session, asha: Staff, root: Staff) -> None:
    accounts.disable(db, "asha", ROOT, NOW)
    assert asha.disabled_at == NOW
    assert sessions(db) == 0
    accounts.enable(db, "asha", ROOT, NOW)
    assert asha.disabled_at is None


def test_enabling_wakes_an_account_that_rests(db: Session, asha: Staff, root: Staff) -> None:
    asha.locked_until, asha.locks = NOW + timedelta(hours=1), 3
    accounts.enable(db, "asha", ROOT, NOW)
    assert (asha.locked_until, asha.locks) == (None, 0)


def test_nobody_shuts_out_or_demotes_themselves(db: Session, root: Staff) -> None:
    accounts.add(db, account("second", role=Role.ADMIN, totp_secret=SECRET), PASSWORD)
    for deed in (
        lambda: accounts.disable(db, ROOT, ROOT, NOW),
        lambda: accounts.move(db, ROOT, Place(Role.AGENT), ROOT, NOW),
        lambda: accounts.reset_password(db, ROOT, ROOT, NOW),
        lambda: accounts.lose_second_factor(db, ROOT, ROOT, NOW),
    ):
        with pytest.raises(BadAccount):
            deed()
    assert root.role is Role.ADMIN


def test_the_last_admin_stays_whoever_asks(db: Session, root: Staff) -> None:
    with pytest.raises(BadAccount, match="last admin"):
        accounts.disable(db, ROOT, "(operator)", NOW)
    with pytest.raises(BadAccount, match="last admin"):
        accounts.move(db, ROOT, Place(Role.AGENT), "(operator)", NOW)
    accounts.add(db, account("second", role=Role.ADMIN, totp_secret=SECRET), PASSWORD)
    accounts.disable(db, ROOT, "second", NOW)
    with pytest.raises(BadAccount, match="last admin"):
        accounts.disable(db, "second", ROOT, NOW)


def test_a_reset_password_is_drawn_must_be_changed_and_ends_every_session(
    db: Session, asha: Staff, root: Staff
) -> None:
    drawn = accounts.reset_password(db, "asha", ROOT, NOW)
    assert passwords.fits(asha.password_hash, drawn)
    assert asha.must_change_password
    assert sessions(db) == 0


def test_a_changed_password_ends_every_session_and_differs_from_the_old_one(db: Session, asha: Staff) -> None:
    with pytest.raises(BadAccount, match="must differ"):
        accounts.change_password(db, "asha", PASSWORD, NOW)
    accounts.change_password(db, "asha", "tractor under violet ceilings", NOW)
    assert passwords.fits(asha.password_hash, "tractor under violet ceilings")
    assert sessions(db) == 0


def test_a_lost_second_factor_is_forgotten_and_owed(db: Session, asha: Staff, root: Staff) -> None:
    accounts.add(db, account("second", role=Role.ADMIN, totp_secret=SECRET), PASSWORD)
    accounts.lose_second_factor(db, "second", ROOT, NOW)
    second = db.get_one(Staff, "second")
    assert (second.totp_secret, second.totp_confirmed_at) == (None, None)
    assert second_factors.is_owed(second)


def test_every_change_is_recorded_without_a_number_a_password_or_a_secret(
    db: Session, asha: Staff, root: Staff
) -> None:
    accounts.move(db, "asha", Place(Role.OFFICER, "health", "0712345678", is_chief=True), ROOT, NOW)
    accounts.disable(db, "asha", ROOT, NOW)
    accounts.enable(db, "asha", ROOT, NOW)
    drawn = accounts.reset_password(db, "asha", ROOT, NOW)
    accounts.lose_second_factor(db, "asha", ROOT, NOW)
    entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.actor, entry.action, entry.subject) for entry in entries] == [
        ("(operator)", "staff_added", "staff:asha"),
        ("(operator)", "staff_added", "staff:root"),
        (ROOT, "staff_moved", "staff:asha"),
        (ROOT, "staff_disabled", "staff:asha"),
        (ROOT, "staff_enabled", "staff:asha"),
        (ROOT, "password_reset", "staff:asha"),
        (ROOT, "second_factor_lost", "staff:asha"),
    ]
    told = " ".join(str(entry.details) for entry in entries)
    assert "'department': 'health'" in told
    for secret in ("712345678", drawn, SECRET, PASSWORD, "argon2"):
        assert secret not in told


def test_who_is_not_there_can_not_be_changed(db: Session) -> None:
    with pytest.raises(BadAccount, match="no such account"):
        accounts.disable(db, "nobody", ROOT, NOW)


def test_a_department_that_the_county_gave_up_is_kept_but_nobody_comes_into_it(
    db: Session, asha: Staff, root: Staff
) -> None:
    accounts.move(db, "asha", Place(Role.AGENT, "health"), ROOT, NOW)
    db.get_one(Department, "health").retired_at = NOW
    accounts.move(db, "asha", Place(Role.SUPERVISOR, "health"), ROOT, NOW)
    assert (asha.role, asha.department_code) == (Role.SUPERVISOR, "health")
    with pytest.raises(BadAccount, match="no such department"):
        accounts.move(db, ROOT, Place(Role.ADMIN, "health"), "(operator)", NOW)
    assert ("health" in accounts.departments(db), "health" in accounts.departments(db, [asha])) == (False, True)
