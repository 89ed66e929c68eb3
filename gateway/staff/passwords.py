"""Passwords: which ones are good enough, and how they are kept. argon2 lives here.

A good one is long; what guessers try first is refused however long it is: listed words (`common_passwords.txt`) alone,
up to three in a row, repeated, or with digits and signs around, the account's own name, and rows of keys.
"""

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.errors import BadAccount

SHORTEST = 15
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST = 256
FEWEST_SIGNS = 5  # different ones
SHORTEST_NAME = 3  # an account's name that no password may contain
MOST_WORDS = 3  # listed ones in a row, without anything between them that isn't a digit or a sign
_COMMON = Path(__file__).parent / "common_passwords.txt"
_READABLE = "23456789abcdefghjkmnpqrstuvwxyz"  # none is taken for another when it is read aloud
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
_LEET = str.maketrans("013457@$!", "oleastasi")

_hasher = PasswordHasher()
_NOBODYS = _hasher.hash(secrets.token_hex(16))  # compared where nothing is kept, so that it takes the same time


def check(password: str, name: str, *, has_second_factor: bool) -> None:
    """Raises `BadAccount`, in one sentence, where a password is not good enough for the account `name`."""
    shortest = SHORTEST_WITH_SECOND_FACTOR if has_second_factor else SHORTEST
    if not shortest <= len(_plain(password)) <= LONGEST:
        if has_second_factor:
            raise BadAccount("The password must have 8 to 256 characters.")
        raise BadAccount("The password must have 15 to 256 characters.")
    if len(name) >= SHORTEST_NAME and name.casefold() in password.casefold():
        raise BadAccount("The password must not contain the account's name.")
    if is_common(password):
        raise BadAccount(
            "That password is among the first that are guessed. Take several words that don't belong together."
        )


def is_common(password: str) -> bool:
    """Whether a password is among those that guessers try first."""
    small = _plain(password).casefold()
    if len(set(small)) < FEWEST_SIGNS or _is_of_rows(small):
        return True
    return any(_is_of_listed_words(re.sub(r"[\W\d_]", "", spelt)) for spelt in (small, small.translate(_LEET)))


def _is_of_rows(small: str) -> bool:
    """Whether it is made of rows of keys, up or down, each at least four keys long."""
    runs, start = [], 0
    for end in range(1, len(small) + 1):
        if end == len(small) or not any(
            small[start : end + 1] in row or small[start : end + 1] in row[::-1] for row in _ROWS
        ):
            runs.append(end - start)
            start = end
    return all(run >= 4 for run in runs[:-1]) and max(runs) >= 4


def _is_of_listed_words(letters: str) -> bool:
    """Whether nothing is left of the letters but a few listed words, or one of them again and again."""
    if not letters:
        return True
    once = re.fullmatch(r"(.+?)\1*", letters)
    return once is not None and _fewest_words(once[1]) <= MOST_WORDS


def _fewest_words(letters: str) -> float:
    """Gives how many listed words in a row make up the letters; infinity where none do."""
    fewest: list[float] = [0, *[float("inf")] * len(letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 20), end):
            if fewest[start] < MOST_WORDS and letters[start:end] in _listed():
                fewest[end] = min(fewest[end], fewest[start] + 1)
    return fewest[-1]


@cache
def _listed() -> frozenset[str]:
    lines = _COMMON.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def drawn() -> str:
    """Draws a password that can be read aloud, to be used once: `k7qm-2p4x-dw9t-h3vn`."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """Gives what is kept of a password."""
    return _hasher.hash(_plain(password))


def fits(kept: str, password: str) -> bool:
    """Whether a password is the one that `kept` was made of. It takes as long where nothing is kept."""
    try:
        return _hasher.verify(kept or _NOBODYS, _plain(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False


def _plain(password: str) -> str:
    """Spells one password the same way whatever keyboard it came from."""
    return unicodedata.normalize("NFKC", password)
