"""A member of staff in front of a browser."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway import accounts, database
from models import Role, Staff
from tests.grounds import NOW

PASSWORD = "correct horse battery staple"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def hire(name: str = "asha", role: Role = Role.AGENT, **more: Any) -> None:
    """Makes an account that signs in with PASSWORD."""
    with database.transaction() as db:
        accounts.add(db, Staff(name=name, role=role, created_at=NOW, **more), PASSWORD)


def token(page: TestResponse) -> str:
    """Gives the token that the page's form must bring back."""
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]


def sign_in(client: FlaskClient, name: str = "asha", password: str = PASSWORD) -> TestResponse:
    """Signs in as a browser does, and gives the page it lands on."""
    form = {"name": name, "password": password, "csrf_token": token(client.get("/console/sign-in"))}
    return client.post("/console/sign-in", data=form, follow_redirects=True)
