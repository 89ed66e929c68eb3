"""A member of staff at a ticket's page: what its forms send when their buttons are pressed."""

import re
from dataclasses import dataclass
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.handlers.staff import enter, hire, token

_VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass
class TicketPage:
    """The page of one ticket, as one member of staff last loaded it."""

    client: FlaskClient
    reference: str

    def __post_init__(self) -> None:
        self.load()

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"/console/tickets/{self.reference}"

    def load(self) -> str:
        """Loads the page anew and gives its text."""
        self.seen = self.client.get(self.path)
        return self.seen.text

    def press(self, action: str, *, press: str | None = None, **form: str) -> TestResponse:
        """Presses the button of a form on the page as it was last loaded."""
        version = _VERSION.search(self.seen.text)
        assert version, self.seen.text
        sent = {"csrf_token": token(self.seen), "version": version[1], "press": press or str(uuid4()), **form}
        return self.client.post(f"{self.path}/{action}", data=sent)


def at_work(client: FlaskClient, reference: str, name: str = "asha") -> TicketPage:
    """Hires an agent, lets them in, and opens a ticket's page."""
    hire(name)
    enter(client, name)
    return TicketPage(client, reference)
