"""The whole house as `make run` starts it, and the first steps of whoever works in it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyotp
from playwright.sync_api import Page

CHOSEN = "tractor under violet ceilings"  # the password of whoever must choose one


@dataclass(frozen=True)
class Started:
    """A house that runs: where it is, and the passwords that its sample staff were given."""

    url: str
    passwords: Mapping[str, str]
    environment: Mapping[str, str]

    def operate(self, *command: str) -> str:
        """Runs an operator's command beside it and gives what it says."""
        flask = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        done = subprocess.run(flask, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sign_in(self, desk: Page, name: str, password: str) -> None:
        """Gives name and password at the console's door."""
        desk.goto(f"{self.url}/console/sign-in")
        desk.fill("[name=name]", name)
        desk.fill("[name=password]", password)
        desk.press("[name=password]", "Enter")
        desk.wait_for_url(lambda url: "/sign-in" not in url)

    def sign_in_first(self, desk: Page, name: str, password: str) -> None:
        """Signs somebody in for the first time: a password of their own, and a second factor where the role has one."""
        self.sign_in(desk, name, password)
        if desk.url.endswith("/password"):
            for field in ("new", "again"):
                desk.fill(f"[name={field}]", CHOSEN)
            desk.press("[name=again]", "Enter")
            desk.wait_for_url(lambda url: not url.endswith("/password"))
        if desk.url.endswith("/second-factor/new"):
            secret = desk.locator("code").inner_text().replace(" ", "")
            desk.fill("[name=code]", pyotp.TOTP(secret).now())
            desk.press("[name=code]", "Enter")
            desk.wait_for_url(lambda url: "/second-factor" not in url)


@contextmanager
def started(var: Path) -> Iterator[Started]:
    """Starts a fresh house, waits until it is ready, and ends it after the block."""
    port, simulator_port = _free_ports(2)
    wishes = {"VAR_DIR": str(var), "PORT": str(port), "SIMULATOR_PORT": str(simulator_port)}
    environment = {**os.environ, **wishes}
    house = subprocess.Popen(
        [sys.executable, "-m", "workers.supervise"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_until_ready(house)
        kept = (var / "secrets" / "first-sign-in").read_text("utf-8").splitlines()
        yield Started(f"http://127.0.0.1:{port}", dict(line.split() for line in kept if line.strip()), environment)
    finally:
        house.terminate()
        house.communicate()


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


def _wait_until_ready(house: "subprocess.Popen[str]") -> None:
    told: list[str] = []
    while "Ctrl-C" not in "".join(told):  # the last line of a start
        told.append(house.stdout.readline() if house.stdout else "")
        assert told[-1], "".join(told)
