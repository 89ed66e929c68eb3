"""The console's words: sentences are written in English where they are used, `_("…")` in a template, `translated("…")`
in Python, `N_("…")` where one is only named and translated later.
"""

from flask import Flask

LANGUAGES = {"en": "English", "sw": "Kiswahili"}  # each by its own name


def register(app: Flask) -> None:
    """Gives the application its words."""
    app.jinja_env.globals["_"] = translated


def N_(message: str) -> str:  # noqa: N802 - the name that tools for translators know
    """Marks a sentence as one to translate and gives it as it is."""
    return message


def translated(message: str, **values: object) -> str:
    """Gives a sentence in the reader's language, with `%(name)s` filled in."""
    return message % values if values else message
