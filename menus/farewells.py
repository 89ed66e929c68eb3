"""The last words where a dialogue can't go on. Said in both languages to a caller whose language is not at hand."""

from menus.pages import ROOM, fitted
from menus.words import N_, languages, translator

START_AGAIN = N_("This session has ended. Please dial again.")
OUT_OF_ORDER = N_("Sorry, we can't answer now. Dial again soon or call {line}, free.")
TOO_OFTEN = N_("You have dialled too often. Wait a minute, then dial again.")


def start_again(language: str | None) -> str:
    """Says that the session can't be continued."""
    return _said(START_AGAIN, language)


def out_of_order(line: str) -> str:
    """Says, in every language, that we can't answer now and what to do instead."""
    return _said(OUT_OF_ORDER, None, line=line)


def too_often(language: str | None) -> str:
    """Says to a phone that asks without a pause that it has to wait."""
    return _said(TOO_OFTEN, language)


def _said(sentence: str, language: str | None, **values: str) -> str:
    spoken = [language] if language else list(languages())
    return fitted("\n".join(translator(code)(sentence, **values) for code in spoken), ROOM)
