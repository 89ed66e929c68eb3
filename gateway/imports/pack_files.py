"""The files of a county pack, read so that every fault names its file and line.

TOML tables give typed values and remember where they stand; CSV rows are read as imports read them.
"""

import re
import tomllib
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from gateway.errors import BadImport, BadPack
from gateway.imports.import_cells import Cells
from gateway.imports.import_rows import Importable
from gateway.imports.imports import Column, R, Reading, read_file
from menus.words import gsm7, septets

S = TypeVar("S", bound=Importable)
V = TypeVar("V")
_SHORT_ENDING = re.compile(r"(?:^|\s)-\w{1,3}(?!\w)")


@dataclass(frozen=True)
class Entry:
    """One table of a TOML file, or, with an empty code, the file's own keys."""

    file: str
    lines: tuple[str, ...]
    code: str
    values: dict[str, Any]

    def fault(self, key: str, why: str) -> BadPack:
        """Gives the error that says what is wrong with `key`, and where."""
        return BadPack(f"{self.file} line {self._line(key)}: {key} {why}")

    def _line(self, key: str) -> int:
        """Gives the line a key stands on, or its table's. tomllib keeps no lines, so the text is searched."""
        first = _line_of(rf"\[{re.escape(self.code)}\]", self.lines, 0) if self.code else 0
        end = _line_of(r"\[", self.lines, first + 1) or len(self.lines) + 1
        inside = self.lines[: end - 1]
        table_key = key.partition(".")[0]
        return (
            _line_of(rf"{re.escape(key)}\s*=", inside, first)
            or _line_of(rf"{re.escape(table_key)}\b", inside, first)
            or first
            or 1
        )

    def only(self, *keys: str) -> None:
        """Raises `BadPack` for a key that isn't among these: it would be a misspelt one."""
        for key in self.values:
            if key not in keys:
                raise self.fault(key, f"is not known here; known are {', '.join(keys)}")

    def get(self, key: str, kind: type[V], default: V | None = None) -> V:
        """Gives a value of the kind asked for, or the default where the key is absent. Raises `BadPack` otherwise."""
        value = self.values.get(key, default)
        if value is None:
            raise self.fault(key, "is missing")
        if type(value) is not kind:  # not isinstance: True is no number, a time with a date is no day
            raise self.fault(key, f"must be of the kind {kind.__name__}, not {value!r}")
        return value

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """Gives a whole number within bounds, or the default where the key is absent."""
        return self._within(key, self.get(key, int, default), least, most)

    def rising(self, key: str, least: int, most: int, default: list[int]) -> list[int]:
        """Gives as many whole numbers as the default has, each within bounds and more than the one before it."""
        values: list[Any] = self.get(key, list, default)
        if len(values) != len(default) or not all(type(value) is int for value in values):
            raise self.fault(key, f"must be {len(default)} whole numbers, such as {default}")
        for value in values:
            self._within(key, value, least, most)
        if sorted(set(values)) != values:
            raise self.fault(key, f"is {values}, where each must be more than the one before")
        return values

    def _within(self, key: str, value: int, least: int, most: int) -> int:
        if not least <= value <= most:
            raise self.fault(key, f"is {value}, must be from {least} to {most}")
        return value

    def one_of(self, key: str, allowed: Sequence[V], default: V | None = None) -> V:
        """Gives one of the allowed values, or the default where the key is absent. Raises `BadPack` otherwise."""
        return self._allowed(key, self.values.get(key, default), allowed)

    def some_of(self, key: str, allowed: Sequence[V]) -> list[V]:
        """Gives a list of at least one value, all of them allowed ones."""
        values: list[Any] = self.get(key, list)
        if not values:
            raise self.fault(key, "is empty")
        return [self._allowed(key, value, allowed) for value in values]

    def _allowed(self, key: str, value: Any, allowed: Sequence[V]) -> V:
        for known in allowed:
            if known == value and not isinstance(value, bool | float):  # True and 1.0 equal 1
                return known
        raise self.fault(key, f"has {value!r}, must be of {', '.join(map(str, allowed))}")

    def words(self, key: str) -> list[str]:
        """Gives the words listed under `key`, none where it is absent; each must hold a letter, and stand once.

        One that begins with a hyphen is an ending, of four letters or more: a shorter one would stand for too much.
        """
        found: list[Any] = self.get(key, list, [])
        for word in found:
            if not isinstance(word, str) or not any(character.isalpha() for character in word):
                raise self.fault(key, f"has {word!r}, which is no word")
            if _SHORT_ENDING.search(word):
                raise self.fault(key, f"has {word!r}, an ending of less than four letters")
            if found.count(word) > 1:
                raise self.fault(key, f"has {word!r} twice")
        return found

    def labels(self, key: str, languages: Iterable[str], most: int) -> dict[str, str]:
        """Gives the words of each language, each at most `most` characters of the plain GSM alphabet."""
        table: dict[str, Any] = self.get(key, dict)
        for language in languages:
            if language not in table:
                raise self.fault(f"{key}.{language}", "is missing")
        for language, words in table.items():
            self._check_label(f"{key}.{language}", words, most)
        return table

    def _check_label(self, key: str, words: Any, most: int) -> None:
        if not isinstance(words, str) or not words.strip():
            raise self.fault(key, "must be some words")
        if gsm7(words) != words or "\n" in words:
            raise self.fault(key, f"holds a character no phone is sure to show; plain is {gsm7(words)!r}")
        if septets(words) > most:
            raise self.fault(key, f"has {septets(words)} characters, at most {most}")


def _line_of(pattern: str, lines: Iterable[str], after: int) -> int:
    """Gives the number of the first line, after line `after`, that begins with the pattern; 0 when there is none."""
    begins = re.compile(r"\s*" + pattern)
    return next((number for number, line in enumerate(lines, 1) if number > after and begins.match(line)), 0)


def single(path: Path) -> Entry:
    """Reads a TOML file of plain keys. Raises `BadPack` when it is absent or no TOML."""
    text = _text(path)
    return Entry(path.name, tuple(text.split("\n")), "", _parsed(path.name, text))


def entries(path: Path) -> tuple[Entry, ...]:
    """Reads a TOML file of tables, one per code, in the order they stand. Raises `BadPack` as `single` does."""
    whole = single(path)
    for code, values in whole.values.items():
        if not isinstance(values, dict) or not re.fullmatch(r"[a-z][a-z0-9_]{0,23}", code):
            here = Entry(whole.file, whole.lines, code, {})
            raise here.fault(code, "must be a table: [code] in small letters, digits and _, at most 24")
    return tuple(Entry(whole.file, whole.lines, code, values) for code, values in whole.values.items())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise BadPack(f"{path.name} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadPack(f"{path.name} is not UTF-8: {error}") from error


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"line {line[1] if line else len(text.splitlines())}"
        raise BadPack(f"{name} {where}: {error}") from error


def samples(path: Path, read: Callable[[Path], Reading[S]]) -> tuple[S, ...]:
    """Reads the pack's projects or budget lines; none where the file is absent.

    Raises `BadPack` for the first wrong row, and for a real one: at the next start a pack would undo a newer import.
    """
    if not path.exists():
        return ()
    reading = _whole(path.name, lambda: read(path))
    for number, row in reading.good:
        if not row.is_sample:
            raise BadPack(f"{path.name} line {number}: is not marked as a sample; real rows are imported, not packed")
    return tuple(reading.rows)


def table(
    path: Path, columns: tuple[Column, ...], parse: Callable[[Cells], R], key: Callable[[R], Hashable]
) -> tuple[R, ...]:
    """Reads a CSV file of the pack. Raises `BadPack` for its first wrong row, and for a column nobody knows."""
    return tuple(_whole(path.name, lambda: read_file(path, columns, parse, key)).rows)


def _whole(name: str, read: Callable[[], Reading[R]]) -> Reading[R]:
    """Gives the reading of a file of which no row may be wrong. Raises `BadPack` for the first that is."""
    try:
        reading = read()
    except BadImport as error:
        raise BadPack(f"{name} line 1: {error}") from error
    if reading.bad:
        raise BadPack(f"{name} line {reading.bad[0].number}: {reading.bad[0].reason}")
    if reading.ignored_columns:
        raise BadPack(f"{name} line 1: the columns {', '.join(reading.ignored_columns)} are not known")
    return reading
