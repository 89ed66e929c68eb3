"""What goes over the simulator's own HTTP: a request as read, a reply as it is to be written, whole or spoilt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Refused(Exception):
    """The request can't be served; the router turns this into an answer with this status and text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Request:
    """One request; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's fields, the first of each name."""
        return _first_values(urlsplit(self.target).query)

    @property
    def form(self) -> dict[str, str]:
        """The body's form fields, the first of each name. Raises `Refused` for bytes that are not UTF-8."""
        try:
            return _first_values(self.body.decode())
        except UnicodeDecodeError:
            raise Refused(400, "The request content was malformed") from None

    def json(self) -> dict[str, Any]:
        """Gives the body as a JSON object. Raises `Refused` for anything else."""
        try:
            content = json.loads(self.body or b"{}")
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise Refused(400, "the body must be a JSON object")
        return content


@dataclass(frozen=True)
class Reply:
    """One reply. The last three say how it is spoilt on its way."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    drip_ms: int = 0  # between two bytes of the body
    cut_at: int | None = None  # the connection is closed after so many bytes of the body
    is_silent: bool = False  # the connection is closed without a byte


def json_reply(content: Mapping[str, Any], status: int = 200) -> Reply:
    """Gives a JSON reply, compact, in the order given."""
    return Reply(status, json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode())


def text_reply(status: int, text: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Gives a plain text reply, as AT's server writes its errors."""
    return Reply(status, text.encode(), "text/plain; charset=UTF-8", headers or {})


def _first_values(encoded: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(encoded, keep_blank_values=True).items()}
