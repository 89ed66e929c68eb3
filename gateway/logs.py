"""What is written to the log: one JSON line per event, an exception as its type and place only.

An exception's text may quote what a citizen typed or a phone number; its type and the lines it passed through don't.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import Processor


def configure() -> None:
    """Sets up structured logging to standard error for this process; again changes nothing."""
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlacesOnly("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class PlacesOnly(logging.Formatter):
    """Formats what libraries log, an exception as its type and places."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Gives the type and the last places of our own."""
        kind, _, trace = ei
        return f"{kind.__name__ if kind else 'unknown'} at {', '.join(places(trace))}"


def _exception_without_text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("error", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = places(error.__traceback__)
    elif error is not None:
        event["error"] = error
    return event


# One list however often it is set up: a logger keeps that of its first use, and whoever captures the log changes it.
_PROCESSORS: list[Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _exception_without_text,
    structlog.processors.JSONRenderer(),
]


def places(trace: TracebackType | None) -> list[str]:
    """Gives the last lines of our own a traceback passed through, as `file:line function`."""
    frames = [frame for frame in traceback.extract_tb(trace) if "site-packages" not in frame.filename]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-4:]]
