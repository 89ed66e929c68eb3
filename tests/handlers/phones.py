"""A citizen's phone as the carrier passes it on: one request per input, each with all that was typed so far."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from menus.words import gsm7, septets
from tests.grounds import PHONE

WORDS = "No water at the tap since Monday"
TO_THE_WORDS = ("1", "1", "1", "1", "1")  # English, report a problem, water, Aldai, Kabwareng
TO_THE_CHECK = (*TO_THE_WORDS, WORDS)
SUBMIT = "1"
EMERGENCY = ("1", "1", "4", "1", "1", "The bridge is gone, people are in the river")


@dataclass
class Phone:
    """One session of one phone. Every screen it is shown is checked to be one that a phone can show."""

    client: FlaskClient
    hooks: str  # the path of the webhooks, with the secret
    number: str = PHONE
    session: str = "ATUid_1"
    text: str = ""

    def post(self, hook: str, **fields: str) -> TestResponse:
        """Posts these fields and no others."""
        return self.client.post(f"{self.hooks}/{hook}", data=fields)

    def ask(self, text: str, **fields: str) -> str:
        """Gives the screen for a whole text; a field given replaces the usual one."""
        usual = {
            "phoneNumber": self.number,
            "serviceCode": "*1548#",
            "text": text,
            "sessionId": self.session,
            "networkCode": "63902",
        }
        answer = self.post("ussd", **{**usual, **fields})
        assert (answer.status_code, answer.mimetype) == (200, "text/plain"), answer.text
        check_fits(answer.text)
        return answer.text

    def dial(self, session: str = "ATUid_1") -> str:
        """Dials in a new session."""
        self.session, self.text = session, ""
        return self.ask("")

    def type(self, *inputs: str) -> str:
        """Types one input after the other, and gives the last screen."""
        shown = ""
        for typed in inputs:
            self.text = f"{self.text}*{typed}" if self.text else typed
            shown = self.ask(self.text)
        return shown

    def reports(self, *inputs: str, session: str = "ATUid_1") -> str:
        """Dials and types, and gives the last screen."""
        first = self.dial(session)
        return self.type(*inputs) if inputs else first


def check_fits(body: str) -> None:
    """Checks that every phone shows this body whole."""
    assert body.startswith(("CON ", "END ")), body
    assert gsm7(body) == body
    assert septets(body) <= 160, body
