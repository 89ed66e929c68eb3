"""The console's words, in the language of whoever reads them.

Sentences are written in English where they are used: `_("…")` in a template, `translated("…")` in Python, `N_("…")`
where one is only named and translated later, `numbered("…", "…", number)` where a number decides. `make words` brings
new ones into the catalogue, handlers/locale.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from flask import Flask, g, request, session
from flask_babel import Babel, format_decimal, get_locale, gettext, ngettext

from gateway import catalogues, database
from gateway.county import county_time
from menus.county import in_language

LANGUAGES = {"en": "English", "sw": "Kiswahili"}  # each by its own name
LOCALE = Path(__file__).parent / "locale"
DOMAIN = "console"


def register(app: Flask) -> None:
    """Compiles the catalogue and gives the application its words."""
    catalogues.compile_complete(LOCALE)
    Babel(
        app,
        default_domain=DOMAIN,
        default_translation_directories=LOCALE.name,
        locale_selector=_chosen,
        timezone_selector=_zone,
    )
    app.jinja_env.globals["languages"] = LANGUAGES
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["numbered"] = numbered
    app.jinja_env.filters.update(figure=figure, shillings=shillings)


def N_(message: str) -> str:  # noqa: N802 - the name that tools for translators know
    """Marks a sentence as one to translate and gives it as it is."""
    return message


def translated(message: str, **values: object) -> str:
    """Gives a sentence in the reader's language, with `%(name)s` filled in."""
    return str(gettext(message, **values))


def numbered(one: str, many: str, number: int, **values: object) -> str:
    """Gives the sentence that fits a count, which it names `%(number)s`, in the reader's language."""
    return str(ngettext(one, many, number, number=figure(number), **values))


def figure(number: int) -> str:
    """Gives a count as people write it: `12,500`."""
    return str(format_decimal(number))


def shillings(amount: Decimal) -> str:
    """Gives an amount of money to the cent: `12,500.00`."""
    return str(format_decimal(amount, "#,##0.00"))


def language() -> str:
    """Gives the code of the reader's language."""
    return str(get_locale() or "en")


def forget_but_language() -> None:
    """Empties the session, but for the language that was chosen in this browser."""
    chosen = session.get("language")
    session.clear()
    if chosen in LANGUAGES:
        session["language"] = chosen


def own(label: dict[str, str]) -> str:
    """Gives the label of a category or a department in the reader's language, in English where it has none."""
    return in_language(label, language())


def own_pairs(labels: Mapping[str, dict[str, str]]) -> Sequence[tuple[str, str]]:
    """Gives codes with their labels in the reader's language, for a list to choose from."""
    return [(code, own(label)) for code, label in labels.items()]


def _chosen() -> str:
    # An error page must not ask the database who is there: it may be what failed.
    staff = getattr(g.get("_login_user"), "staff", None)
    if staff is not None and staff.language in LANGUAGES:
        return str(staff.language)
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    return request.accept_languages.best_match(LANGUAGES, "en") or "en"


def _zone() -> str:
    with database.transaction() as db:
        return county_time.zone(db).key
