"""The simulator's HTTP server: a thread for each request, bounded bodies, and answers spoilt byte by byte if asked."""

import socketserver
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from . import control, wire
from .exchange import Exchange
from .messages import Refused, Reply, Request

_LONGEST_BODY = 1024 * 1024

_ROUTES: dict[tuple[str, str], Callable[[Exchange, Request], Reply]] = {
    ("POST", "/version1/messaging"): wire.send_form,
    ("POST", "/version1/messaging/bulk"): wire.send_bulk,
    ("GET", "/version1/messaging"): wire.poll_inbox,
    ("GET", "/version1/user"): wire.balance,
    ("GET", "/control/health"): control.health,
    ("POST", "/control/ussd/dial"): control.dial,
    ("POST", "/control/ussd/answer"): control.answer,
    ("POST", "/control/ussd/drop"): control.drop,
    ("GET", "/control/inbox"): control.inbox,
    ("POST", "/control/sms"): control.sms,
    ("POST", "/control/report"): control.report,
    ("POST", "/control/opt-out"): control.opt_out,
    ("GET", "/control/ledger"): control.ledger,
    ("GET", "/control/faults"): control.show_faults,
    ("PUT", "/control/faults"): control.put_faults,
    ("POST", "/control/reset"): control.reset,
}


def route(exchange: Exchange, request: Request) -> Reply:
    """Gives the reply to one request: AT's own paths refuse in plain text, ours in JSON."""
    refusal = control.refusal if request.path.startswith("/control/") else wire.refusal
    try:
        return _view(request)(exchange, request)
    except Refused as refused:
        return refusal(refused)


def _view(request: Request) -> Callable[[Exchange, Request], Reply]:
    if request.method == "GET" and request.path.startswith(control.SESSIONS):
        return control.session
    if (request.method, request.path) in _ROUTES:
        return _ROUTES[request.method, request.path]
    if any(path == request.path for _, path in _ROUTES):
        raise Refused(405, "HTTP method not allowed")
    raise Refused(404, "The requested resource could not be found.")


class Handler(BaseHTTPRequestHandler):
    """Reads one request, writes one reply, and closes."""

    server: "Server"
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds a client may take over each piece of its request

    def answer(self) -> None:
        """Serves one request of any method."""
        self.close_connection = True
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _LONGEST_BODY:
            self._write(wire.refusal(Refused(413, "The request content was too large")))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(int(length)))
        self._write(route(self.server.exchange, request))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815 (http.server looks for these names)

    def version_string(self) -> str:
        """Gives the server's name as AT's replies carry it."""
        return "akka-http/10.2.10"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (http.server's name)
        """Logs nothing: a request line holds phone numbers."""

    def _write(self, reply: Reply) -> None:
        if reply.is_silent:
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._write_body(reply)

    def _write_body(self, reply: Reply) -> None:
        body = reply.body if reply.cut_at is None else reply.body[: reply.cut_at]
        if not reply.drip_ms:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            time.sleep(reply.drip_ms / 1000)


class Server(socketserver.ThreadingTCPServer):
    """Listens on one address and serves one exchange."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], exchange: Exchange) -> None:
        """Takes a host and a port, 0 for any free one. Raises `OSError` for one that is taken."""
        self.exchange = exchange
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps quiet about clients that went away; everything else is a fault of ours and is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
