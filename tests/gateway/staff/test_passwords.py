"""Passwords: long ones that nobody guesses are taken, and what guessers try first is not."""

import pytest

from gateway.errors import BadAccount
from gateway.staff import passwords

GOOD = [
    "correct horse battery staple",
    "tractor under violet ceilings",
    "Ng'ombe wangu anakula nyasi asubuhi",
    "k7qm-2p4x-dw9t-h3vn",
    "vQ8!mZr2#LwX7pTd",
    "the kettle sings to nobody at dawn" * 2,
    "Ünïcödé wörds are gööd too",
]
COMMON = [
    "password1234567",
    "Password@1548!!!!",
    "PASSWORDPASSWORD",
    "P@ssw0rdP@ssw0rd",
    "nandi1548nandi1548",
    "NandiCounty2026!",
    "kapsabet-kapsabet-1548",
    "Kapsabet@2026....",
    "1548154815481548",
    "123456789012345",
    "qwertyuiopasdfghjkl",
    "qwertyqwertyqwerty",
    "abcdefghijklmnop",
    "zyxwvutsrqponmlk",
    "1qaz2wsx3edc4rfv",
    "aaaaaaaaaaaaaaaa",
    "abababababababab",
    "iloveyouiloveyou",
    "letmeinletmein123",
    "welcome to nandi county",
    "manchesterunited1",
    "Admin123Admin123",
    "harambee-harambee",
    "hakunamatata2026",
    "chelimo.chelimo.1",
    "000000001111111222",
    "2026-11-23-2026",
]


def refusal(password: str, name: str = "asha", *, has_second_factor: bool = False) -> str:
    with pytest.raises(BadAccount) as refused:
        passwords.check(password, name, has_second_factor=has_second_factor)
    return str(refused.value)


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_that_nobody_guesses_is_taken(password: str) -> None:
    passwords.check(password, "asha", has_second_factor=False)


@pytest.mark.parametrize("password", COMMON)
def test_what_guessers_try_first_is_refused_however_long_it_is(password: str) -> None:
    assert "first that are guessed" in refusal(password)


@pytest.mark.parametrize("password", ["password", "Kapsabet1", "12345678", "qwerty123", "Nandi@1548", "sunshine1"])
def test_a_second_factor_makes_no_common_password_good(password: str) -> None:
    assert "first that are guessed" in refusal(password, has_second_factor=True)


@pytest.mark.parametrize("password", ["", "seven7!", "xk4v9 fourteen"[:14], "é" * 257, "vQ8!mZr2" * 40])
def test_too_short_and_too_long_ones_are_refused(password: str) -> None:
    assert "15 to 256 characters" in refusal(password)


def test_with_a_second_factor_eight_characters_are_enough_and_seven_are_not() -> None:
    passwords.check("vQ8!mZr2", "asha", has_second_factor=True)
    assert "15 to 256" in refusal("vQ8!mZr2")
    assert "8 to 256" in refusal("vQ8!mZr", has_second_factor=True)


@pytest.mark.parametrize("length", [64, 128, 256])
def test_long_ones_are_taken_whole(length: int) -> None:
    password = ("vQ8!mZr2#LwX7pTd" * 16)[:length]
    passwords.check(password, "asha", has_second_factor=False)
    kept = passwords.hashed(password)
    assert passwords.fits(kept, password)
    assert not passwords.fits(kept, password[:-1])


@pytest.mark.parametrize("password", ["vQ8!mZr2-asha-LwX7", "ASHA vQ8!mZr2#LwX7"])
def test_the_accounts_own_name_is_in_no_password(password: str) -> None:
    assert "account's name" in refusal(password)
    passwords.check(password, "brian", has_second_factor=False)


def test_one_password_is_the_same_on_every_keyboard() -> None:
    kept = passwords.hashed("caf\u00e9 vQ8!mZr2#Lw")  # é as one character
    assert passwords.fits(kept, "cafe\u0301 vQ8!mZr2#Lw")  # e and its accent


def test_where_nothing_is_kept_no_password_fits() -> None:
    assert not passwords.fits("", "")
    assert not passwords.fits("no hash", "no hash")


def test_a_drawn_password_is_good_and_never_the_same() -> None:
    drawn = {passwords.drawn() for _ in range(50)}
    assert len(drawn) == 50
    for password in drawn:
        passwords.check(password, "asha", has_second_factor=False)


def test_the_list_holds_small_letters_only_and_the_countys_own_words() -> None:
    listed = passwords._listed()
    assert all(word.isascii() and word.isalpha() and word.islower() for word in listed)
    assert len(listed) > 800
    assert {"password", "nandi", "kapsabet", "aldai", "harambee", "jebet"} <= listed
