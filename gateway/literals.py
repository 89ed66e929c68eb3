"""Values written out in a statement instead of bound to it.

After a statement's fifth use PostgreSQL may plan it for any values; then it no longer knows that a partial index, or
one over what is rare, is the one to read. So where such an index is meant its value is spelt out.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import ColumnElement, literal_column


def spelt_out(value: StrEnum) -> ColumnElement[str]:
    """Gives a value as it stands in the statement."""
    return literal_column(f"'{value.value}'")


def all_spelt_out(values: Iterable[StrEnum]) -> list[ColumnElement[str]]:
    """Gives values as they stand in an `IN`."""
    return [spelt_out(value) for value in values]
