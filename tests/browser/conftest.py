"""A real browser, and the house it looks at, for the tests of what people see."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine

from gateway.settings import Settings
from handlers import create_app
from tests import grounds
from tests.browser import started as starting
from tests.browser.consoles import Console
from tests.browser.house import House, script, served, simulator
from tests.browser.started import Started

# Chromium must not look for updates or speak to anybody but the page's own server.
_ARGUMENTS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
_ARGUMENTS += ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window; where there is none, the tests skip."""
    with sync_playwright() as playwright:
        path = _chromium(playwright)
        if path is None:
            pytest.skip("no Chromium on this machine: `apt install chromium` or `playwright install chromium`")
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS + as_root)
        yield launched
        launched.close()


def _chromium(playwright: Playwright) -> str | None:
    own = playwright.chromium.executable_path
    names = ("chromium", "chromium-browser", "google-chrome")
    return own if Path(own).exists() else next(filter(None, map(shutil.which, names)), None)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty tab that has never seen the page; a fault of a script or of the content policy fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    tab = context.new_page()
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    tab.on("console", note)
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    yield tab
    context.close()
    assert not faults


@pytest.fixture
def house(settings: Settings, httpserver: HTTPServer) -> Iterator[House]:
    """The page and the simulator, and hooks that answer by a script."""
    script(httpserver)
    with ExitStack() as stack:
        carrier = stack.enter_context(simulator(httpserver.url_for("/hooks/secret")))
        app = create_app(replace(settings, simulator_port=carrier.port))
        yield House(f"{stack.enter_context(served(app))}/handset", carrier, httpserver)


@pytest.fixture
def console(county: Engine, clean_database: Engine, settings: Settings) -> Iterator[Console]:
    """The console, with Nandi in the database."""
    with grounds.connected(settings), served(create_app(settings)) as url:
        yield Console(f"{url}/console")


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """The whole house, freshly started."""
    with starting.started(tmp_path / "var") as house:
        yield house
