"""One POST to Africa's Talking, and how far it got.

Whether an SMS may be sent again hangs on one question: could the carrier have read the body? So connecting, sending
and listening are separate steps here, on the standard library's HTTP client. It follows no redirect, reads no netrc
and no proxy variable, repeats nothing, and takes no connection from a pool. A proxy on the way out is set as the
carrier's address (AT_BASE_URL).
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, IncompleteRead
from urllib.parse import SplitResult, urlsplit

from certifi import where

from gateway.crash import crash
from gateway.errors import GatewayError

_LONGEST_ANSWER = 1024 * 1024  # a hundred recipients answer with about 20 kB
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timeout"),
    (socket.gaierror, "name not found"),
    (ConnectionRefusedError, "refused"),
    (ssl.SSLError, "TLS fault"),
    (ConnectionError, "connection lost"),
    (IncompleteRead, "answer cut short"),
)


class NeverSent(GatewayError):
    """Not one byte of the body left this machine; the text is a short word for the cause."""


class NoAnswer(GatewayError):
    """The carrier may have read the body, and gave no whole answer; the text is a short word for the cause."""


@dataclass(frozen=True)
class Limits:
    """How long one request may take, in seconds: to connect, between two bytes, and in all.

    A heavy user saw AT take 60 s; its maintainers say under 2 s. Waiting 30 s leaves few outcomes unknown.
    """

    connect: float = 3.0
    read: float = 30.0
    total: float = 35.0


@dataclass(frozen=True)
class Answer:
    """What came back: the HTTP status, the headers with names in lower case, the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(url: str, headers: Mapping[str, str], body: bytes, *, limits: Limits) -> Answer:
    """Posts the body once and gives the answer, whatever its status.

    Raises `NeverSent` while that is certain, `NoAnswer` for everything after the first byte of the body.
    """
    ends_at = time.monotonic() + limits.total
    with ExitStack() as closing:
        try:
            connection = _connect(urlsplit(url), limits, ends_at, closing)
            _send_headers(connection, urlsplit(url), {**headers, "Content-Length": str(len(body))})
            if time.monotonic() >= ends_at:
                raise TimeoutError
        except (OSError, UnicodeError, HTTPException) as error:
            raise NeverSent(f"connect: {_word(error, ends_at)}") from error
        try:
            connection.send(body)
            crash("S4")
            answer = _read(connection)
            if time.monotonic() >= ends_at:
                raise TimeoutError  # the answer may have been cut, even if it looks whole
            return answer
        except (OSError, HTTPException) as error:
            raise NoAnswer(f"read: {_word(error, ends_at)}") from error


def _connect(target: SplitResult, limits: Limits, ends_at: float, closing: ExitStack) -> HTTPConnection:
    is_secure = target.scheme == "https"
    host, port = target.hostname or "", target.port or (443 if is_secure else 80)
    line = _call(host, port, limits, ends_at)
    closing.callback(line.close)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # headers and body are two writes
    if is_secure:
        line = _trust().wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
        closing.callback(line.close)
    closing.enter_context(_cut_at(ends_at, line))
    if isinstance(line, ssl.SSLSocket):
        line.do_handshake()
    line.settimeout(limits.read)
    connection = HTTPConnection(host, port)
    connection.sock = line
    return connection


def _call(host: str, port: int, limits: Limits, ends_at: float) -> socket.socket:
    """Connects to the first of a name's addresses that picks up, each tried for as long as connecting may take."""
    fault: OSError = TimeoutError()
    for address in _addresses(host, port, limits.connect):
        wait = min(limits.connect, ends_at - time.monotonic())
        if wait <= 0:
            break
        try:
            return socket.create_connection(address, timeout=wait)
        except OSError as error:
            fault = error
    raise fault


def _addresses(host: str, port: int, seconds: float) -> list[tuple[str, int]]:
    """Looks up a name, in a thread of its own: the system's resolver knows no limit, and may outlast a lease.

    Raises `TimeoutError` where it takes longer; the thread ends when the resolver does.
    """
    found: Future[list[tuple[str, int]]] = Future()

    def look_up() -> None:
        try:
            known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.set_result([(str(address[0]), port) for *_, address in known])
        except (OSError, UnicodeError) as error:
            found.set_exception(error)

    threading.Thread(target=look_up, daemon=True).start()
    return found.result(timeout=seconds)


@contextmanager
def _cut_at(ends_at: float, line: socket.socket) -> Iterator[None]:
    """Ends the connection when the time is over: a server that drips bytes never meets a read timeout."""
    cutter = threading.Timer(max(0.0, ends_at - time.monotonic()), _shut, [line])
    cutter.daemon = True
    cutter.start()
    try:
        yield
    finally:
        cutter.cancel()


def _shut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself


def _send_headers(connection: HTTPConnection, target: SplitResult, headers: Mapping[str, str]) -> None:
    connection.putrequest("POST", target.path, skip_host=True)
    for name, value in {"Host": target.netloc, **headers, "Connection": "close"}.items():
        connection.putheader(name, value)
    connection.endheaders()


def _read(connection: HTTPConnection) -> Answer:
    response = connection.getresponse()
    body = response.read(_LONGEST_ANSWER)
    if response.length:
        raise IncompleteRead(body, response.length)  # http.client tells only those who ask for everything
    return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, body)


def _word(error: Exception, ends_at: float) -> str:
    if time.monotonic() >= ends_at:
        return "total time over"
    return next((word for kind, word in _WORDS if isinstance(error, kind)), "protocol fault")


@cache
def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(where())  # a machine without a certificate store of its own
    return context
