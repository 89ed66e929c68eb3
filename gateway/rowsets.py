"""Rows of values as a table in a statement: one statement for a whole batch, whatever its size."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, FromClause, column, func, literal
from sqlalchemy.types import TypeEngine


def rows(columns: Mapping[str, TypeEngine[Any]], values: Sequence[Sequence[Any]]) -> FromClause:
    """Gives `values` as a table with these columns, to join or to update from."""
    arrays = [literal([row[at] for row in values], ARRAY(kind)) for at, kind in enumerate(columns.values())]
    named = [column(name, kind) for name, kind in columns.items()]
    return func.unnest(*arrays).table_valued(*named, name="given").render_derived()
