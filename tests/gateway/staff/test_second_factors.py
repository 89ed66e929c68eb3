"""The second factor: a code is good for a moment, and once."""

from datetime import datetime, timedelta

import pyotp
import pytest

from gateway.errors import BadAccount
from gateway.staff import second_factors
from models import Role, Staff
from tests.grounds import NOW

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def member(role: Role = Role.AGENT, *, is_enrolled: bool = True) -> Staff:
    made = Staff(name="asha", role=role, created_at=NOW, must_enrol=False)
    if is_enrolled:
        made.totp_secret, made.totp_confirmed_at = SECRET, NOW
    return made


def code(at: datetime, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(at)


@pytest.mark.parametrize("early", [-30, 0, 30])
def test_a_code_is_taken_one_step_early_and_late(early: int) -> None:
    assert second_factors.takes(member(), code(NOW + timedelta(seconds=early)), NOW)


@pytest.mark.parametrize("early", [-3600, -60, 60, 3600])
def test_further_off_it_is_not(early: int) -> None:
    assert not second_factors.takes(member(), code(NOW + timedelta(seconds=early)), NOW)


def test_a_code_is_good_once_and_so_are_those_before_it() -> None:
    asha = member()
    before = code(NOW - timedelta(seconds=30))
    assert second_factors.takes(asha, code(NOW), NOW)
    assert not second_factors.takes(asha, code(NOW), NOW)
    assert not second_factors.takes(asha, before, NOW)
    assert second_factors.takes(asha, code(NOW + timedelta(seconds=30)), NOW)


@pytest.mark.parametrize(
    "typed", ["", "abcdef", "12345", "1234567", "\u0661\u0662\u0663\u0664\u0665\u0666", "000000\x00"]
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert not second_factors.takes(member(), typed, NOW)


def test_a_code_may_be_typed_as_apps_show_it() -> None:
    shown = code(NOW)
    assert second_factors.takes(member(), f" {shown[:3]} {shown[3:]} ", NOW)


def test_a_drawn_secret_counts_only_after_a_code_of_it() -> None:
    asha = member(is_enrolled=False)
    assert not second_factors.takes(asha, code(NOW), NOW)
    assert not second_factors.enrol(asha, SECRET, "000000", NOW)
    assert not second_factors.is_enrolled(asha)
    assert second_factors.enrol(asha, SECRET, code(NOW), NOW)
    assert second_factors.is_enrolled(asha)
    assert not second_factors.takes(asha, code(NOW), NOW)  # it was used up


@pytest.mark.parametrize("role", Role)
def test_admins_and_approvers_owe_one_and_others_only_after_they_lost_theirs(role: Role) -> None:
    assert second_factors.is_owed(member(role, is_enrolled=False)) is (role in {Role.ADMIN, Role.APPROVER})
    asha = member(role)
    assert not second_factors.is_owed(asha)
    second_factors.lose(asha)
    assert second_factors.is_owed(asha)
    second_factors.enrol(asha, SECRET, code(NOW), NOW)
    assert not second_factors.is_owed(asha)


def test_the_picture_is_an_image_that_the_content_policy_allows() -> None:
    picture = second_factors.picture("asha", SECRET)
    assert picture.startswith("data:image/svg+xml")
    assert SECRET not in picture


@pytest.mark.parametrize("secret", ["", "short", "0189018901890189", "JBSWY3DPEHPK3PXP!", "é" * 16])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(BadAccount, match="base32"):
        second_factors.checked(secret)


def test_a_secret_is_kept_without_its_spaces_in_capitals() -> None:
    assert second_factors.checked("jbsw y3dp ehpk 3pxp ====") == "JBSWY3DPEHPK3PXP"
