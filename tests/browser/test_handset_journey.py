"""The whole house as `make run` starts it, with a citizen at a phone and an agent at the console."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.thumbs import see

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SOON, BY_SMS = 20_000, 40_000  # ms until a page has asked for what is new, and until an SMS has gone its way


@dataclass(frozen=True)
class Started:
    """A house that runs, and the password that its sample agent was given."""

    url: str
    password: str


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """A freshly started house."""
    port, simulator_port = free_ports(2)
    var = tmp_path / "var"
    wishes = {"VAR_DIR": str(var), "PORT": str(port), "SIMULATOR_PORT": str(simulator_port)}
    house = subprocess.Popen(
        [sys.executable, "-m", "workers.supervise"],
        env={**os.environ, **wishes},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_ready(house)
        kept = (var / "secrets" / "first-sign-in").read_text("utf-8").splitlines()
        yield Started(f"http://127.0.0.1:{port}", dict(line.split() for line in kept if line.strip())["agent"])
    finally:
        house.terminate()
        house.communicate()


def wait_until_ready(house: "subprocess.Popen[str]") -> None:
    told: list[str] = []
    while "Ctrl-C" not in "".join(told):  # the last line of a start
        told.append(house.stdout.readline() if house.stdout else "")
        assert told[-1], "".join(told)


def answer(phone: Locator, typed: str) -> None:
    phone.get_by_test_id("answer").fill(typed)
    phone.get_by_test_id("answer").press("Enter")


def choose(phone: Locator, label: str) -> None:
    """Answers with the number that stands before the label."""
    see(phone, label)
    found = re.search(rf"^(\d+) {re.escape(label)}", phone.get_by_test_id("screen").inner_text(), re.MULTILINE)
    assert found, label
    answer(phone, found[1])


def report(phone: Locator) -> str:
    """Has the citizen report that there is no water; gives the reference."""
    phone.get_by_test_id("green").click()
    see(phone, "1548")
    answer(phone, "1")  # English, in the choice every first call begins with
    for label in ("Report a problem", "Water", "Emgwen", "Kapsabet"):
        choose(phone, label)
    see(phone, "What is wrong")
    answer(phone, "No water at the market tap since Monday")
    choose(phone, "Send")
    see(phone, "Thank you")
    reference = re.search(r"\w{3}-\w{3}-\w{3}", phone.get_by_test_id("screen").inner_text())
    assert reference
    return reference[0]


def hear(phone: Locator, words: str) -> None:
    """Waits for an SMS with these words in the inbox, which is open."""
    expect(phone.get_by_test_id("inbox")).to_contain_text(words, timeout=BY_SMS)


def sign_in(desk: Page, started: Started) -> None:
    """Signs the agent in, before all that is open."""
    desk.goto(f"{started.url}/console/sign-in")
    desk.fill("[name=name]", "agent")
    desk.fill("[name=password]", started.password)
    desk.press("[name=password]", "Enter")
    desk.wait_for_url(lambda url: "/sign-in" not in url)
    desk.goto(f"{started.url}/console/tickets?folder=all")
    expect(desk.get_by_role("heading", name="No ticket is open")).to_be_visible()


def write(desk: Page, key: str, words: str, told: str) -> None:
    """Has the agent choose what to do by its key, write, and send."""
    desk.wait_for_load_state()  # before that no key does anything
    desk.keyboard.press(key)
    expect(desk.locator("#words")).to_be_focused()
    desk.keyboard.type(words)
    expect(desk.locator("#preview .sms")).to_contain_text(words)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".flashes")).to_contain_text(told)


def test_a_problem_is_reported_answered_resolved_and_contested(page: Page, browser: Browser, started: Started) -> None:
    desk = browser.new_context(reduced_motion="reduce").new_page()
    sign_in(desk, started)
    page.goto(f"{started.url}/handset")
    phone = page.get_by_test_id("handset").first
    reference = report(phone)
    expect(phone.get_by_test_id("unread")).to_have_text("1", timeout=BY_SMS)
    phone.get_by_test_id("messages").click()
    hear(phone, reference)

    desk.get_by_role("link", name=reference).click(timeout=SOON)  # it came by itself
    desk.wait_for_url("**/tickets/" + reference)
    write(desk, "r", "A plumber comes on Tuesday.", "The answer goes out.")
    hear(phone, "A plumber comes on Tuesday.")
    expect(desk.locator("#timeline")).to_contain_text("delivered", timeout=BY_SMS)
    write(desk, "e", "The pump is mended.", "The case has moved.")
    hear(phone, "The pump is mended.")
    desk.goto(f"{started.url}/console/tickets?folder=all")
    expect(desk.get_by_role("heading", name="No ticket is open")).to_be_visible()

    phone.get_by_test_id("soft-left").click()
    phone.get_by_test_id("sms-text").fill("2")
    phone.get_by_test_id("soft-left").click()
    back = desk.get_by_role("listitem").filter(has_text=reference)
    expect(back).to_contain_text("reopened", timeout=BY_SMS)
    desk.get_by_role("link", name="Contested").click()
    expect(desk.get_by_role("link", name=reference)).to_be_visible()
    desk.context.close()
