"""The carrier as a process, and the gateway's hooks as a few lines of HTTP server that remember what they heard."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, quote, urlencode
from urllib.request import Request, urlopen

USERNAME, API_KEY, SENDER = "county", "a-key-for-tests", "1548"
PHONE, OTHER, THIRD = "+254700000001", "+254700000002", "+254110000003"


@dataclass(frozen=True)
class Heard:
    """One request to a hook, as it came."""

    hook: str
    raw: str
    headers: Mapping[str, str]

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw, keep_blank_values=True))


@dataclass(frozen=True)
class Says:
    """What a hook is to answer."""

    body: bytes = b"CON Hello"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    waits: float = 0.0


class Hooks:
    """Answers every hook with what was planned for it, in turn; the last plan holds for ever."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: list[Heard] = []
        self._plans: dict[str, list[Says]] = {}

    def plan(self, hook: str, *answers: Says | bytes) -> None:
        self._plans[hook] = [Says(answer) if isinstance(answer, bytes) else answer for answer in answers]

    def take(self, request: Heard) -> Says:
        self.heard.append(request)
        plans = self._plans.get(request.hook) or [Says()]
        return plans.pop(0) if len(plans) > 1 else plans[0]

    def at(self, hook: str) -> list[Heard]:
        return [request for request in self.heard if request.hook == hook]

    def clear(self) -> None:
        self.heard.clear()
        self._plans.clear()


def serve(hooks: Hooks) -> ThreadingHTTPServer:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            says = hooks.take(Heard(self.path.rpartition("/")[2], raw, dict(self.headers.items())))
            time.sleep(says.waits)
            self.send_response(says.status)
            for name, value in says.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(says.body)

        def log_message(self, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exc_info()[1], ConnectionError):
                super().handle_error(request, client_address)

    return Quiet(("127.0.0.1", 0), Door)


class Simulator:
    """The simulator's process, and its control API in Python."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        request = Request(f"{self.url}/control/{path}", json.dumps(body or {}).encode(), method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        status, content = self.call(method, path, body)
        assert status == 200, content
        return content

    def dial(self, phone: str = PHONE, code: str = "*1548#", **more: str) -> dict[str, Any]:
        return self.ask("POST", "ussd/dial", {"phone": phone, "code": code, **more})

    def answer(self, session: str, typed: str) -> dict[str, Any]:
        return self.ask("POST", "ussd/answer", {"session": session, "input": typed})

    def session(self, session: str) -> dict[str, Any]:
        return self.ask("GET", f"ussd/sessions/{session}")

    def inbox(self, phone: str) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.ask("GET", f"inbox?phone={quote(phone)}")["messages"]
        return messages

    def ledger(self) -> dict[str, Any]:
        return self.ask("GET", "ledger")

    def faults(self, *rules: Mapping[str, Any], **settings: Any) -> None:
        self.ask("PUT", "faults", {"rules": rules, **settings})


def start(hooks_url: str, *options: str) -> subprocess.Popen[str]:
    """Starts a simulator on a free port; its first line of output says which."""
    environment = {
        **os.environ,
        "SIMULATOR_HOOKS": hooks_url,
        "SIMULATOR_USERNAME": USERNAME,
        "SIMULATOR_API_KEY": API_KEY,
        "SIMULATOR_SENDER_ID": SENDER,
        "SIMULATOR_SERVICE_CODE": "*1548#",
    }
    command = [sys.executable, "-m", "gateway.carriers.simulator", "--port", "0", *options]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def listening_at(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().removeprefix("listening on ").strip()


def eventually(look: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Gives what `look` finds as soon as it finds something."""
    give_up = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < give_up, "it never came"
        time.sleep(0.01)
    return found


def post(
    simulator: Simulator, path: str, body: bytes, *, content_type: str = "application/x-www-form-urlencoded"
) -> tuple[int, dict[str, str], bytes]:
    request = Request(f"{simulator.url}/version1/{path}", body, {"apiKey": API_KEY, "Content-Type": content_type})
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as refusal:
        with refusal:
            return refusal.code, dict(refusal.headers), refusal.read()


def form(**changes: str | None) -> bytes:
    fields = {"username": USERNAME, "to": PHONE, "message": "Hello", "from": SENDER, **changes}
    return urlencode({name: value for name, value in fields.items() if value is not None}).encode()


def send(simulator: Simulator, **changes: str | None) -> dict[str, Any]:
    status, _, body = post(simulator, "messaging", form(**changes))
    assert status == 201
    content: dict[str, Any] = json.loads(body)["SMSMessageData"]
    return content


def poll(simulator: Simulator, path: str) -> dict[str, Any]:
    """Asks a path of the send API with the right key and gives its JSON."""
    with urlopen(Request(f"{simulator.url}/version1/{path}", headers={"apiKey": API_KEY}), timeout=10) as answer:
        content: dict[str, Any] = json.load(answer)
        return content
