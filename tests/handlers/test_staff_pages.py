"""The pages on which an admin looks after the accounts of staff."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import database
from models import AuditEntry, Department, Role, Staff
from tests.grounds import NOW
from tests.handlers.staff import PASSWORD, SECRET, enter, hire, over, post

NEW = "/console/new-staff"
FORM = {"name": "asha", "role": "agent", "department": "", "has_console": "y"}  # as a browser sends it
DRAWN = re.compile(r"\b([2-9a-z]{4}(?:-[2-9a-z]{4}){3})\b")


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    """An admin's browser."""
    hire("root", Role.ADMIN)
    enter(client, "root")
    return client


def found(kept: Session, name: str = "asha") -> Staff | None:
    kept.expire_all()
    return kept.get(Staff, name)


def member(kept: Session, name: str = "asha") -> Staff:
    one = found(kept, name)
    assert one
    return one


def act(admin: FlaskClient, name: str, deed: str) -> str:
    return post(admin, f"/console/staff/{name}/{deed}").text


def test_an_added_member_signs_in_with_the_password_shown_once_and_must_change_it(
    admin: FlaskClient, kept: Session
) -> None:
    page = post(admin, NEW, **FORM)
    drawn = DRAWN.search(page.text)
    assert drawn
    assert member(kept).must_change_password
    assert drawn[1] not in admin.get("/console/staff/asha").text
    other = admin.application.test_client()
    page = post(other, "/console/sign-in", name="asha", password=drawn[1])
    assert page.request.path == "/console/password"


def test_an_officer_may_be_added_without_the_console(admin: FlaskClient, kept: Session) -> None:
    page = post(admin, NEW, name="field", role="officer", department="health", phone="0712 345 678", is_chief="y")
    assert DRAWN.search(page.text) is None
    officer = member(kept, "field")
    assert (officer.phone, officer.is_chief, officer.password_hash) == ("+254712345678", True, "")
    assert "works by SMS" in admin.get("/console/staff").text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "root"}, "of that name already"),
        ({"name": "two words"}, "no spaces"),
        ({"role": "king"}, "Not a valid choice"),
        ({"role": "officer"}, "needs a department"),
        ({"department": "treasury"}, "Not a valid choice"),
        ({"phone": "12"}, "Kenyan mobile"),
        ({"is_chief": "y"}, "Only an officer"),
        ({"has_console": ""}, "phone that its SMS come from"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_added(
    admin: FlaskClient, kept: Session, more: dict[str, str], words: str
) -> None:
    form = {**FORM, **more}
    page = post(admin, NEW, **{name: value for name, value in form.items() if value or name != "has_console"})
    assert words in page.text
    assert found(kept) is None


def test_every_member_is_listed_with_role_and_state(admin: FlaskClient) -> None:
    hire("asha", Role.SUPERVISOR)
    hire("brian", must_change_password=True)
    page = admin.get("/console/staff").text
    for words in ("asha", "Supervisor", "brian", "must change the password", "enrolled"):
        assert words in page


def test_role_department_and_phone_are_changed_and_recorded(admin: FlaskClient, kept: Session) -> None:
    hire()
    page = admin.get("/console/staff/asha")
    post(admin, "/console/staff/asha", page, role="officer", department="health", phone="0712345678", over=over(page))
    assert (member(kept).role, member(kept).department_code, member(kept).phone) == (
        Role.OFFICER,
        "health",
        "+254712345678",
    )
    entry = kept.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry
    assert (entry.actor, entry.action, entry.subject) == ("root", "staff_moved", "staff:asha")


def test_a_page_that_was_open_gives_nobody_a_role_back_that_was_taken_meanwhile(
    admin: FlaskClient, kept: Session
) -> None:
    hire("asha", Role.SUPERVISOR)
    path = "/console/staff/asha"
    slow, quick = admin.get(path), admin.get(path)
    assert "Saved." in post(admin, path, quick, role="agent", department="", phone="", over=over(quick)).text
    typed = {"role": "supervisor", "department": "", "phone": "0712 345 678"}
    refused = post(admin, path, slow, **typed, over=over(slow))
    assert (member(kept).role, member(kept).phone) == (Role.AGENT, None)
    assert "Somebody else changed this account meanwhile." in refused.text
    assert "<dt>Role</dt><dd>Agent</dd>" in refused.text
    assert 'value="0712 345 678"' in refused.text
    assert "Saved." in post(admin, path, refused, **typed, over=over(refused)).text  # once read, saved over it
    assert (member(kept).role, member(kept).phone) == (Role.SUPERVISOR, "+254712345678")


def test_another_phone_takes_nobody_out_of_a_department_that_the_county_gave_up(
    admin: FlaskClient, kept: Session
) -> None:
    hire("asha", department_code="health")
    _give_up("health", NOW)
    try:
        page = admin.get("/console/staff/asha")
        assert '<option selected value="health">' in page.text
        assert "Health" in admin.get("/console/staff").text
        assert 'value="health"' not in admin.get(NEW).text
        typed = {"role": "agent", "department": "health", "phone": "0712345678", "over": over(page)}
        assert "Saved." in post(admin, "/console/staff/asha", page, **typed).text
        assert (member(kept).department_code, member(kept).phone) == ("health", "+254712345678")
    finally:
        _give_up("health", None)


def _give_up(code: str, at: datetime | None) -> None:
    """Has the county give up a department at a moment, or take it up again."""
    with database.transaction() as db:
        db.get_one(Department, code).retired_at = at


@pytest.mark.parametrize("deed", ["disable", "enable", "reset-password", "second-factor-lost"])
def test_nothing_is_done_before_it_was_asked_once_more(admin: FlaskClient, kept: Session, deed: str) -> None:
    hire()
    before = dict(vars(member(kept)))
    page = admin.get(f"/console/staff/asha/{deed}")
    assert "Leave it as it is" in page.text
    after = vars(member(kept))
    assert {name for name in before if before[name] != after[name] and name[0] != "_"} == set()


def test_a_member_is_disabled_and_enabled(admin: FlaskClient, kept: Session) -> None:
    hire()
    assert "disabled" in act(admin, "asha", "disable")
    assert member(kept).disabled_at is not None
    act(admin, "asha", "enable")
    assert member(kept).disabled_at is None


def test_a_reset_password_is_shown_once(admin: FlaskClient, kept: Session) -> None:
    hire()
    before = member(kept).password_hash
    assert DRAWN.search(act(admin, "asha", "reset-password"))
    assert (member(kept).password_hash != before, member(kept).must_change_password) == (True, True)


def test_a_lost_second_factor_is_enrolled_anew_at_the_next_sign_in(admin: FlaskClient, kept: Session) -> None:
    hire(totp_secret=SECRET)
    act(admin, "asha", "second-factor-lost")
    assert member(kept).totp_secret is None
    other = admin.application.test_client()
    page = post(other, "/console/sign-in", name="asha", password=PASSWORD)
    assert page.request.path == "/console/second-factor/new"


@pytest.mark.parametrize("deed", ["disable", "reset-password", "second-factor-lost"])
def test_nobody_does_it_to_themselves(admin: FlaskClient, kept: Session, deed: str) -> None:
    before = member(kept, "root").password_hash
    act(admin, "root", deed)
    root = member(kept, "root")
    assert (root.disabled_at, root.password_hash, root.totp_secret) == (None, before, SECRET)
    page = admin.get("/console/staff/root")
    post(admin, "/console/staff/root", page, role="agent", department="", over=over(page))
    assert member(kept, "root").role is Role.ADMIN


@pytest.mark.parametrize(
    "path", ["/console/staff/nobody", "/console/staff/nobody/disable", "/console/staff/root/marry"]
)
def test_who_and_what_is_not_there_is_not_found(admin: FlaskClient, path: str) -> None:
    assert admin.get(path).status_code == 404


def test_forty_fields_more_make_nobody_an_admin(admin: FlaskClient, kept: Session) -> None:
    extra = {
        column.name: "1"
        for column in Staff.__table__.columns
        if column.name not in ("name", "role", "phone", "is_chief")
    }
    extra |= {f"field{number}": "x" for number in range(40)}
    post(admin, NEW, **{**extra, **FORM})
    made = member(kept)
    assert (made.role, made.totp_secret, made.disabled_at, made.locks, made.language) == (
        Role.AGENT,
        None,
        None,
        0,
        "en",
    )
    assert made.password_hash.startswith("$argon2id$")
