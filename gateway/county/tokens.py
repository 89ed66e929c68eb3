"""The words of a text, as names and keywords are compared: small letters and digits, apostrophes left out."""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Gives the words of a text: `Kapng’etuny/LESSOS` is `kapngetuny`, `lessos`."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall(_APOSTROPHES.sub("", plain))
