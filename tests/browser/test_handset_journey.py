"""The whole house as `make run` starts it, and a citizen with a phone in front of it."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.thumbs import see

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


@pytest.fixture
def handset_url(tmp_path: Path) -> Iterator[str]:
    """Where the handset of a freshly started house is."""
    port, simulator_port = free_ports(2)
    wishes = {"VAR_DIR": str(tmp_path / "var"), "PORT": str(port), "SIMULATOR_PORT": str(simulator_port)}
    house = subprocess.Popen(
        [sys.executable, "-m", "workers.supervise"],
        env={**os.environ, **wishes},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_ready(house)
        yield f"http://127.0.0.1:{port}/handset"
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


def test_a_problem_is_reported_and_its_confirmation_arrives_on_the_phone(page: Page, handset_url: str) -> None:
    page.goto(handset_url)
    phone = page.get_by_test_id("handset").first
    phone.get_by_test_id("green").click()
    see(phone, "1548")
    answer(phone, "1")  # English, in the choice every first call begins with
    choose(phone, "Report a problem")
    choose(phone, "Water")
    choose(phone, "Emgwen")
    choose(phone, "Kapsabet")
    see(phone, "What is wrong")
    answer(phone, "No water at the market tap since Monday")
    choose(phone, "Send")
    see(phone, "Thank you")
    reference = re.search(r"\w{3}-\w{3}-\w{3}", phone.get_by_test_id("screen").inner_text())
    assert reference
    expect(phone.get_by_test_id("unread")).to_have_text("1", timeout=30_000)
    phone.get_by_test_id("messages").click()
    expect(phone.get_by_test_id("inbox")).to_contain_text(reference[0])
