"""Counts what a request asks the database: a page's statements must not grow with what is on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def counted(*, values: bool = False) -> Iterator[list[Any]]:
    """Gives a list that fills with all SQL statements while the block runs; with `values`, with pairs of both."""
    statements: list[Any] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        statements.append((statement, parameters) if values else statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
