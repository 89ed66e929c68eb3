"""What a phone can show and what an SMS costs: the GSM alphabet, septets, segments, and texts cut short."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus.words import due_day, full_day, gsm7, money, percent, segments, septets, short_day, shorten, translator

ESCAPE = "\x1b"
EXTENDED = "^{}\\[~]|€"
any_text = st.text(st.characters(exclude_categories=["Cs"]))
gsm_text = any_text.map(gsm7)
near_the_limits = st.builds(
    lambda head, filling, tail: head + filling + tail,
    st.text(alphabet=f"a{EXTENDED}", max_size=20),
    st.integers(0, 480).map(lambda length: "b" * length),
    st.text(alphabet=f"a{EXTENDED}", max_size=20),
)
beyond_gsm = st.builds(
    lambda head, filling, tail: f"ŋ{head}{'b' * filling}{tail}",
    st.text(alphabet="a€😀", max_size=20),
    st.integers(0, 200),
    st.text(alphabet="a€😀", max_size=20),
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Kapng’etuny – “lot B”…", 'Kapng\'etuny - "lot B"...'),
        ("café à Noël", "café à Noel"),
        ("cafe\u0301", "café"),
        ("ŋandi ẽ ĩ ũ", "?andi e i u"),
        ("500 m³, ½ acre, 30 °C", "500 m3, 1/2 acre, 30 ?C"),
        ("KSh\u00a01\u202f000", "KSh 1 000"),
        ("ﬁre\u200b!", "fire!"),
        ("fire 🔥🔥", "fire ??"),
        ("tab\there\r\n", "tab here\n\n"),
        ("[a] {b} ~ €5 | x^2 \\", "[a] {b} ~ €5 | x^2 \\"),
        ("مرحبا", "?????"),
        ("", ""),
    ],
)
def test_any_text_is_written_in_the_gsm_alphabet_as_plainly_as_it_can(typed: str, shown: str) -> None:
    assert gsm7(typed) == shown


@given(any_text)
def test_what_is_in_the_gsm_alphabet_stays_as_it_is(text: str) -> None:
    assert gsm7(gsm7(text)) == gsm7(text)
    assert segments(gsm7(text)) == _cut(_gsm(gsm7(text)), 160, 153, ESCAPE)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ŋ" * 70, 1),
        ("ŋ" * 71, 2),
        ("ŋ" * 134, 2),
        ("ŋ" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 35 + "a", 2),
        ("ŋ" * 66 + "😀" + "ŋ" * 65, 2),
        ("ŋ" * 66 + "😀" + "ŋ" * 66, 3),
    ],
)
def test_an_sms_costs_what_its_segments_are(text: str, count: int) -> None:
    assert segments(text) == count


@given(near_the_limits)
def test_an_escape_and_its_character_are_never_parted(text: str) -> None:
    assert segments(text) == _cut(_gsm(text), 160, 153, ESCAPE)


@given(beyond_gsm)
def test_the_two_halves_of_an_emoji_are_never_parted(text: str) -> None:
    encoded = text.encode("utf-16-be")
    units = [int.from_bytes(encoded[at : at + 2], "big") for at in range(0, len(encoded), 2)]
    halves = "".join("h" if 0xD800 <= unit < 0xDC00 else "." for unit in units)
    assert segments(text) == _cut(halves, 70, 67, "h")


def _gsm(text: str) -> str:
    """Writes a text as it goes over the air: an escape before each character of the extension table."""
    return "".join(ESCAPE + character if character in EXTENDED else character for character in text)


def _cut(units: str, single: int, part: int, first_half: str) -> int:
    """Counts the parts of a text already in units, cutting no pair that begins with `first_half`."""
    if len(units) <= single:
        return 1
    count = 0
    while units:
        size = part - 1 if len(units) > part and units[part - 1] == first_half else part
        units, count = units[size:], count + 1
    return count


@pytest.mark.parametrize(
    ("text", "room", "cut"),
    [
        ("No water", 8, "No water"),
        ("No water since Monday", 15, "No water.."),
        ("No water, since Monday", 12, "No water.."),
        ("Supercalifragilistic", 10, "Supercal.."),
        ("two\nlines  and   spaces", 40, "two lines and spaces"),
        ("€€€€€€", 8, "€€€.."),
        ("", 10, ""),
    ],
)
def test_a_text_is_cut_at_a_word_with_two_dots(text: str, room: int, cut: str) -> None:
    assert shorten(text, room) == cut


@given(any_text, st.integers(4, 200))
def test_a_shortened_text_fits_and_begins_as_the_whole_one_does(text: str, room: int) -> None:
    whole, cut = gsm7(" ".join(text.split())), shorten(text, room)
    assert septets(cut) <= room
    assert cut == whole or (cut.endswith("..") and whole.startswith(cut[:-2]))


@given(gsm_text)
def test_a_septet_is_a_character_and_an_escaped_one_takes_two(text: str) -> None:
    assert septets(text) == len(_gsm(text))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0"),
        ("949.60", "950"),
        ("85000", "85,000"),
        ("999999", "999,999"),
        ("1000000", "1M"),
        ("1250000", "1.2M"),
        ("13400000000", "13.4B"),
    ],
)
def test_money_is_short_enough_for_a_phone(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == shown


def test_a_share_of_nothing_is_none() -> None:
    assert (percent(Decimal(3), Decimal(7)), percent(Decimal(3), Decimal(0))) == ("43%", "0%")


def test_a_day_is_written_as_the_language_writes_it() -> None:
    day = date(2026, 3, 1)
    assert (short_day(day, translator("en")), full_day(day, translator("sw"))) == ("1 Mar", "1 Mac 2026")


def test_the_day_of_a_sample_clock_says_so() -> None:
    day, say = date(2026, 3, 1), translator("sw")
    assert due_day(day, say, is_sample=True) == "1 Mac (mfano)"
    assert due_day(day, say, is_sample=False) == short_day(day, say)
