"""A screen laid out: 160 septets, keys, numbers that run on, and nothing lost between pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus.pages import LAST_NUMBER, LONGEST_OPTION, LONGEST_TITLE, ROOM, fitted, numbered, pages
from menus.shapes import Ask, Jump, Menu, Option
from menus.words import gsm7, septets, translator

SAY = translator("en")
MISTAKES = ("Not on the list.", "Help: call 1548")
BOTH_KEYS = "0 Back 00 Home"

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
labels = st.text(alphabet="abc XYZ'/€[]", min_size=1, max_size=60).filter(lambda label: label.strip() == label)


def _menu(*labels: str, title: str = "Which ward?", text: str = "") -> Menu:
    return Menu(title, tuple(Option(label, Jump.HOME) for label in labels), text)


def _laid(shape: Menu | Ask, *, is_root: bool = False) -> list[str]:
    return pages(shape, SAY, is_root=is_root, mistakes=MISTAKES)


def test_what_fits_is_one_page_with_the_ways_back() -> None:
    assert _laid(_menu("Kapsabet", "Kosirai")) == ["Which ward?\n1 Kapsabet\n2 Kosirai\n0 Back 00 Home"]


def test_the_first_screen_of_a_call_has_no_way_back() -> None:
    assert _laid(_menu("Kapsabet"), is_root=True) == ["Which ward?\n1 Kapsabet"]


def test_every_page_has_the_title_and_the_keys_that_work_there() -> None:
    laid = [page.splitlines() for page in _laid(_menu(*["Chemundu/Kapng'etuny"] * 9))]
    assert {lines[0] for lines in laid} == {"Which ward?"}
    assert [lines[-1] for lines in laid] == [*[f"{BOTH_KEYS} 98 More"] * (len(laid) - 1), BOTH_KEYS]


def test_a_root_can_be_left_only_back_to_its_first_page() -> None:
    laid = [page.splitlines()[-1] for page in _laid(_menu(*["Chemundu/Kapng'etuny"] * 12), is_root=True)]
    assert (laid[0], laid[1], laid[-1]) == ("98 More", "0 Back 98 More", "0 Back")


def test_a_list_has_no_number_above_90_for_a_key_stands_there() -> None:
    menu = _menu(*["Kapsabet"] * 95)
    assert [number for number, _ in numbered(menu)] == list(range(1, LAST_NUMBER + 1))
    assert _laid(menu)[-1].splitlines()[-2] == "Only the first 90."


def test_90_options_are_not_called_the_first_90() -> None:
    assert "Only the first" not in "\n".join(_laid(_menu(*["Kapsabet"] * 90)))


def test_an_option_that_is_not_there_keeps_its_number_free() -> None:
    follow, unfollow = Option("Follow it", Jump.HOME), Option("Unfollow", Jump.HOME)
    assert _laid(Menu("A well", (follow, None, unfollow)))[0].splitlines()[1:3] == ["1 Follow it", "3 Unfollow"]


def test_text_may_stand_below_the_options() -> None:
    menu = Menu("A well", (Option("Follow it", Jump.HOME),), "ongoing", text_is_below=True)
    assert _laid(menu)[0].splitlines()[1:3] == ["1 Follow it", "ongoing"]


def test_a_sample_is_called_one_on_every_page() -> None:
    laid = _laid(Menu("Budget", text="word " * 60, is_sample=True))
    assert len(laid) > 1
    assert {page.splitlines()[0] for page in laid} == {"Budget (SAMPLE)"}


def test_a_question_stands_alone_above_the_keys() -> None:
    assert _laid(Ask("What is wrong?", "words", lambda _: Menu(""))) == ["What is wrong?\n0 Back 00 Home"]


@given(title=any_text, text=any_text.map(lambda text: text * 6), options=st.lists(any_text, max_size=12))
def test_every_page_fits_even_under_a_mistake_whatever_the_county_calls_its_things(
    title: str, text: str, options: list[str]
) -> None:
    menu = _menu(*options, title=title, text=text)
    for is_sample in (False, True):
        for page in _laid(Menu(menu.title, menu.options, menu.text, is_sample=is_sample)):
            assert gsm7(page) == page
            assert max(septets(f"{mistake}\n{page}") for mistake in MISTAKES) <= ROOM


@given(st.lists(labels, min_size=1, max_size=LAST_NUMBER))
def test_every_option_stands_whole_on_one_page_in_order(options: list[str]) -> None:
    shown = [line for page in _laid(_menu(*options)) for line in page.splitlines()[1:-1]]
    assert shown == [fitted(f"{n} {label}", LONGEST_OPTION) for n, label in enumerate(options, start=1)]


@given(st.lists(st.text(alphabet="abcdef€[", min_size=1, max_size=40), min_size=1, max_size=60))
def test_a_long_text_is_broken_at_its_words_and_loses_none(words: list[str]) -> None:
    shown = [line for page in _laid(Menu("Answer", text=" ".join(words))) for line in page.splitlines()[1:-1]]
    assert " ".join(shown).split() == words


@pytest.mark.parametrize("length", [LONGEST_TITLE, LONGEST_TITLE + 1])
def test_a_title_too_long_is_cut_with_two_dots(length: int) -> None:
    title = _laid(Menu("a" * length))[0].splitlines()[0]
    assert title == ("a" * length if length == LONGEST_TITLE else "a" * (LONGEST_TITLE - 2) + "..")
