"""Words on a phone: translation, and what fits on a USSD screen or in an SMS.

Alphabet and sizes are those of GSM 03.38 (3GPP TS 23.038): 160 septets in one SMS or 153 in each of several;
characters of the extension table take two. A text outside that alphabet is sent as UCS-2: 70 code units, or 67 in each
of several.
"""

import gettext
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "sw": "Kiswahili", "kln": "Kalenjin"}
SOURCE_LANGUAGE = "en"
LOCALE = Path(__file__).parent / "locale"

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_PLAIN = {
    "’": "'", "‘": "'", "ʼ": "'", "′": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "`": "'",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "•": "*", "·": ".", "×": "x", "÷": "/",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "½": "1/2", "¼": "1/4", "¾": "3/4", "ł": "l", "đ": "d",
}  # fmt: skip

Say = Callable[..., str]


def N_(msgid: str) -> str:  # noqa: N802 - gettext's customary name
    """Marks a sentence for translation where it stands in data; gives it back unchanged."""
    return msgid


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", LOCALE, [language], fallback=True)


def languages() -> dict[str, str]:
    """Gives the languages that may be offered, code to own name: the source, and each whose catalogue is compiled.

    Only complete catalogues are compiled, so a language appears when its last sentence is there.
    """
    return {
        code: name
        for code, name in LANGUAGES.items()
        if code == SOURCE_LANGUAGE or gettext.find("messages", LOCALE, [code])
    }


def translator(language: str) -> Say:
    """Gives the function that says an English sentence in `language`, its {names} filled with the given values."""
    catalogue = _catalogue(language)

    def say(msgid: str, **values: object) -> str:
        return catalogue.gettext(msgid).format(**values) if values else catalogue.gettext(msgid)

    return say


def forget_catalogues() -> None:
    """Reads the catalogues anew at the next use, after they were compiled."""
    _catalogue.cache_clear()


def gsm7(text: str) -> str:
    """Gives `text` in the GSM 7-bit alphabet: typographic signs and accents made plain, what is left over as `?`."""
    return "".join(_gsm7_character(character) for character in unicodedata.normalize("NFC", text))


def plain(text: str) -> str:
    """Gives `text` in the GSM alphabet where that loses no letter, else as it is: it then goes out in fewer characters
    per segment.
    """
    made = gsm7(text)
    return made if made.count("?") == text.count("?") else text


@cache
def _gsm7_character(character: str) -> str:
    if character in _BASIC or character in _EXTENDED:
        return character if character not in "\r\f" else "\n"
    if character in _PLAIN:
        return _PLAIN[character]
    if unicodedata.category(character) in ("Mn", "Cf", "Cc", "Me"):
        return ""
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if part in _BASIC or part in _EXTENDED)
    return bare or "?"


def septets(text: str) -> int:
    """Counts the GSM septets of a text already in the GSM alphabet."""
    return len(text) + sum(map(text.count, _EXTENDED))


def segments(text: str) -> int:
    """Counts the SMS a text is billed as; at least 1. An escape pair or a surrogate pair is never split."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        return _parts([2 if character in _EXTENDED else 1 for character in text], 160, 153)
    return _parts([2 if ord(character) > 0xFFFF else 1 for character in text], 70, 67)


def dear_characters(text: str) -> str:
    """Gives the characters, each once, for whose sake a text is sent as UCS-2; none for one in the GSM alphabet."""
    return "".join(dict.fromkeys(each for each in text if each not in _BASIC and each not in _EXTENDED))


def _parts(sizes: list[int], single: int, part: int) -> int:
    if sum(sizes) <= single:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used + size > part:
            count, used = count + 1, 0
        used += size
    return count


def shorten(text: str, room: int) -> str:
    """Cuts a text to `room` septets at a word, `..` at its end; white space becomes single spaces."""
    plain = gsm7(" ".join(text.split()))
    if septets(plain) <= room:
        return plain
    kept = plain[: room - 2]
    while septets(kept) > room - 2:
        kept = kept[:-1]
    words, _, _ = kept.rpartition(" ")
    if plain[len(kept)] != " " and septets(words) >= room // 2:
        kept = words
    return kept.rstrip(" ,.;:-/(") + ".."


MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


def short_day(day: date, say: Say) -> str:
    """Gives a day as `25 Nov`."""
    return f"{day.day} {say(MONTHS[day.month - 1])}"


def due_day(day: date, say: Say, *, is_sample: bool) -> str:
    """Gives the day of a promise as `25 Nov`; that of a sample clock, which the county has not set itself, says so."""
    written = short_day(day, say)
    return say(N_("{day} (sample)"), day=written) if is_sample else written


def full_day(day: date, say: Say) -> str:
    """Gives a day as `25 Nov 2026`."""
    return f"{short_day(day, say)} {day.year}"


def money(amount: Decimal) -> str:
    """Gives shillings short enough for a phone: `950`, `85,000`, `1.2M`, `13.4B` (millions and thousand millions)."""
    for size, letter in ((1_000_000_000, "B"), (1_000_000, "M")):
        if amount >= size:
            return f"{amount / size:.1f}".removesuffix(".0") + letter
    return f"{amount:,.0f}"


def percent(part: Decimal, whole: Decimal) -> str:
    """Gives a share as `43%`; of nothing, `0%`."""
    return f"{part * 100 / whole:.0f}%" if whole else "0%"
