"""The translations are complete, say the same, and appear on the phone exactly when their last sentence is there."""

import errno
import os
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from gateway import catalogues
from gateway.catalogues import compile_complete, is_complete
from menus import words
from menus.words import LANGUAGES, LOCALE, SOURCE_LANGUAGE, gsm7, languages

TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


def _sentences() -> set[str]:
    """Reads every marked sentence out of the source."""
    found = extract_from_dir(Path(words.__file__).parent, [("**.py", "python")], keywords={"N_": None})
    return {str(message) for _, _, message, _, _ in found}


def _catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_the_source_speaks_only_characters_a_phone_can_show() -> None:
    assert len(_sentences()) > 80
    assert [sentence for sentence in _sentences() if gsm7(sentence) != sentence] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_the_sentences_of_the_source_no_more_and_no_less(language: str) -> None:
    catalogue = _catalogue(language)
    assert {message.id for message in catalogue if message.id} == _sentences()
    assert list(catalogue.obsolete) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_a_guess_of_the_tools(language: str) -> None:
    assert [message.id for message in _catalogue(language) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_in_the_same_names_and_only_characters_a_phone_can_show(language: str) -> None:
    for message in _catalogue(language):
        if message.id and message.string:
            assert _names(message.string) == _names(message.id), message.id
            assert gsm7(message.string) == message.string


def test_kiswahili_is_complete_and_kalenjin_waits_for_a_speaker() -> None:
    assert is_complete(_catalogue("sw"))
    assert not any(message.string for message in _catalogue("kln") if message.id)
    assert compile_complete() == ["sw"]
    assert list(languages()) == ["en", "sw"]


def _folder(tmp_path: Path, catalogue: Catalog) -> Path:
    place = tmp_path / "xx" / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalogue)
    (place / "messages.po").write_bytes(written.getvalue())
    return place


def _two_sentences(second: str, *flags: str) -> Catalog:
    catalogue = Catalog("sw")
    catalogue.add("Budget", "Bajeti")
    catalogue.add("Projects", second, flags=flags)
    return catalogue


@pytest.mark.parametrize(
    "unfinished", [Catalog("sw"), _two_sentences(""), _two_sentences("Miradi", "fuzzy")], ids=["empty", "gap", "fuzzy"]
)
def test_an_unfinished_catalogue_is_not_compiled_and_loses_what_was_compiled_before(
    tmp_path: Path, unfinished: Catalog
) -> None:
    place = _folder(tmp_path, _two_sentences("Miradi"))
    assert compile_complete(tmp_path) == ["xx"]
    assert (place / "messages.mo").exists()
    _folder(tmp_path, unfinished)
    assert compile_complete(tmp_path) == []
    assert [path.name for path in place.iterdir()] == ["messages.po"]


def test_where_nothing_may_be_written_the_catalogue_that_was_compiled_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _folder(tmp_path, _two_sentences("Miradi"))
    compile_complete(tmp_path)
    compiled = place / "messages.mo"
    before = compiled.read_bytes()
    os.utime(compiled, (0, 0))

    def refuse(_file: Path, _catalogue: Catalog) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(catalogues, "_write", refuse)
    assert compile_complete(tmp_path) == ["xx"]
    assert compiled.read_bytes() == before
    compiled.unlink()
    with pytest.raises(OSError, match="Read-only"):
        compile_complete(tmp_path)
