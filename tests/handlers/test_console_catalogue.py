"""The console speaks Kiswahili whole: every sentence of the sources is in the catalogue, with its names."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gateway.catalogues import is_complete, is_translated
from gateway.errors import BadSheet, Refused
from gateway.imports.sheets import Fault, Wrong
from gateway.settings import Settings
from handlers import create_app, words
from handlers.console.telling import said

ROOT = Path(__file__).parents[2]
REFUSALS = ("Refused", "Stale", "NoSuchTicket", "BadAccount", "BadSheet")
KEYWORDS = {**dict.fromkeys(("_", "gettext", "translated", "N_", *REFUSALS)), "numbered": (1, 2)}
NAMES = re.compile(r"%\((\w+)\)s|%(?!\()(.)")


def _sentences() -> set[str | tuple[str, ...]]:
    """Reads every marked sentence out of the sources, by the same rules as `make words`; of a number's, all forms."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [(rule["pattern"], rule["method"]) for rule in rules]
    options = {rule["pattern"]: {k: v for k, v in rule.items() if k not in ("method", "pattern")} for rule in rules}
    folders = (ROOT / "handlers", ROOT / "gateway")
    found = [line for folder in folders for line in extract_from_dir(folder, methods, options, keywords=KEYWORDS)]
    return {message for _, _, message, _, _ in found}


def _refusals() -> Iterator[tuple[Path, ast.Call]]:
    """Gives each place in which a rule refuses something."""
    for file in sorted((ROOT / "gateway").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                yield file, node


def _catalogue() -> Catalog:
    with (words.LOCALE / "sw" / "LC_MESSAGES" / f"{words.DOMAIN}.po").open("rb") as file:
        return read_po(file)


def test_the_catalogue_holds_the_sentences_of_the_console_no_more_and_no_less() -> None:
    catalogue = _catalogue()
    known, spoken = {message.id for message in catalogue if message.id}, _sentences()
    assert (spoken - known, known - spoken) == (set(), set()), "run `make words`"
    assert len(spoken) > 100
    assert list(catalogue.obsolete) == []


def test_what_rules_refuse_with_is_one_sentence_that_can_be_looked_up() -> None:
    refusals = [(file, node) for file, node in _refusals() if "simulator" not in file.parts]
    assert len(refusals) > 100
    built = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file, node in refusals
        if not (node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str))
    ]
    assert built == [], "a sentence that is put together is in no catalogue: fill in `%(name)s` instead"
    assert {node.args[0].value for _, node in refusals if isinstance(node.args[0], ast.Constant)} <= _sentences()


def test_every_sentence_is_translated_and_none_is_a_guess_of_the_tools() -> None:
    unfinished = [
        message.id for message in _catalogue() if message.id and (message.fuzzy or not is_translated(message))
    ]
    assert unfinished == []
    assert is_complete(_catalogue())


def test_a_translation_fills_in_the_same_names_as_its_sentence() -> None:
    unlike = [
        message.id
        for message in _catalogue()
        for translation in _forms(message.string)
        if message.id and sorted(NAMES.findall(_forms(message.id)[-1])) != sorted(NAMES.findall(translation))
    ]
    assert unlike == []


def _forms(sentence: str | tuple[str, ...]) -> tuple[str, ...]:
    return (sentence,) if isinstance(sentence, str) else sentence


def test_both_languages_are_spoken_with_their_values(settings: Settings) -> None:
    for language, expected in (("en", "due in 3 h"), ("sw", "imebaki saa 3"), ("fr", "due in 3 h")):
        with create_app(settings).test_request_context(headers={"Accept-Language": language}):
            assert words.translated("due in %(number)s h", number=3) == expected
            one, many = (words.numbered("%(number)s case", "%(number)s cases", number) for number in (1, 1200))
            assert (one, many) == (("Kesi 1", "Kesi 1,200") if language == "sw" else ("1 case", "1,200 cases"))
            assert words.own({"en": "Health", "sw": "Afya"}) == ("Afya" if language == "sw" else "Health")


def test_a_value_that_is_filled_in_is_no_markup(settings: Settings) -> None:
    app = create_app(settings)
    with app.test_request_context():
        page = app.jinja_env.from_string("{{ _('%(number)s unread', number=value) }}").render(value="<b>")
    assert page == "&lt;b&gt; unread"


def test_a_refusal_writes_counts_as_people_write_them_and_a_row_as_the_spreadsheet_does(settings: Settings) -> None:
    with create_app(settings).test_request_context():
        assert said(Refused("By now it would go to %(now)s.", now=12500)) == "By now it would go to 12,500."
        why = BadSheet("row %(row)s: %(why)s", row=str(12500), why=Fault(Wrong.FORMULA, {"cell": "A12500"}))
        assert said(why).startswith("row 12500: cell A12500 holds a formula")
