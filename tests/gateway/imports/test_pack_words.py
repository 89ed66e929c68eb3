"""The words by which a text is known are data of the county, and checked before anything is written."""

import shutil
from pathlib import Path

import pytest

from gateway.county.tokens import words_of
from gateway.errors import BadPack
from gateway.imports.pack import read
from models import Kind
from tests.grounds import NANDI


@pytest.fixture
def categories(tmp_path: Path) -> Path:
    """The categories of a pack of one's own to spoil."""
    return Path(shutil.copytree(NANDI, tmp_path / "nandi")) / "categories.toml"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ('"maji", 7,', "which is no word"),
        ('"maji", "--",', "which is no word"),
        ('"maji", "maji",', "twice"),
        ('"maji", "-ua",', "an ending of less than four letters"),
        ('"maji", "nyumba -iba",', "an ending of less than four letters"),
    ],
)
def test_a_wrong_word_is_named_with_its_line(categories: Path, wrong: str, reason: str) -> None:
    categories.write_text(categories.read_text("utf-8").replace('"maji",', wrong, 1), "utf-8")
    with pytest.raises(BadPack, match=rf"categories.toml line \d+: words .*{reason}"):
        read(categories.parent)


@pytest.mark.parametrize("needed", ["other", "erasure"])
def test_a_pack_must_have_a_place_for_what_nothing_is_known_of_and_for_erasure(categories: Path, needed: str) -> None:
    categories.write_text(categories.read_text("utf-8").replace(f"[{needed}]", "[renamed]", 1), "utf-8")
    with pytest.raises(BadPack, match=needed):
        read(categories.parent)


def test_every_complaint_nandi_knows_but_the_last_resort_has_words_in_both_languages() -> None:
    wordless = {category.code for category in read(NANDI).categories if not category.words}
    assert wordless == {"other", "erasure"}


def test_no_word_of_nandi_stands_for_two_matters() -> None:
    complaints = [category for category in read(NANDI).categories if category.kind is Kind.COMPLAINT]
    words = [" ".join(words_of(word)) for category in complaints for word in set(category.words)]
    assert sorted({word for word in words if words.count(word) > 1}) == []
