"""The forms of a ticket's page: each says what it did, comes back as it was typed, and changes nothing by itself."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gateway import database
from models import Citizen
from tests.grounds import NOW
from tests.handlers import desks
from tests.handlers.desk_pages import at_work

LANDLINE = "+254535252355"


def test_an_answer_to_a_landline_says_that_nothing_is_sent(client: FlaskClient, kept: Session) -> None:
    with database.transaction() as db:
        db.add(Citizen(phone=LANDLINE, first_seen_at=NOW))
    page = at_work(client, desks.ticket(phone=LANDLINE))
    assert "nothing is sent" in page.press("preview", what="answer", words="A plumber comes.").text
    page.press("work", what="answer", words="A plumber comes.")
    shown = page.load()
    assert "there is no mobile number: nothing is sent" in shown
    assert "The answer goes out." not in shown
