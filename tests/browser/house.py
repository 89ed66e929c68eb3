"""What the browser looks at: the handset page on a free port, and the real simulator as a process beside it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, Response
from pytest_httpserver import HTTPServer
from werkzeug import Request
from werkzeug.serving import make_server

DIALOGUE = {
    "": "CON Karibu 1548\n1 Report a problem\n2 My cases",
    "1": "CON What happened?\n0 Back",
    "1*no water": "END Received. Your case is K7Q-M2P-4XD.",
    "2": "CON " + "too long " * 20,
}


@dataclass(frozen=True)
class Simulator:
    """A running carrier's stand-in."""

    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def stop(self) -> None:
        """Ends it and waits for its end."""
        self.process.terminate()
        self.process.wait()


@dataclass(frozen=True)
class House:
    """What one test drives: the page, the carrier's stand-in, and the hooks it calls."""

    page_url: str
    simulator: Simulator
    hooks: HTTPServer


def script(hooks: HTTPServer) -> None:
    """Makes the hooks answer as a small gateway does."""

    def answer(asked: Request) -> Response:
        return Response(DIALOGUE[asked.form["text"]], content_type="text/plain")

    hooks.expect_request("/hooks/secret/ussd", method="POST").respond_with_handler(answer)
    hooks.expect_request("/hooks/secret/ussd-ended", method="POST").respond_with_data("")
    hooks.expect_request("/hooks/secret/sms", method="POST").respond_with_data("")


@contextmanager
def simulator(hooks: str) -> Iterator[Simulator]:
    """Runs the simulator on a free port while the block runs; it calls the hooks below the address given."""
    command = [sys.executable, "-m", "gateway.carriers.simulator", "--port", "0"]
    environment = {**os.environ, "SIMULATOR_HOOKS": hooks}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        running = Simulator(process, process.stdout.readline().strip().removeprefix("listening on "))
        try:
            yield running
        finally:
            running.stop()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serves the app on a free port while the block runs, and gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
