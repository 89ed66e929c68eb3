"""A member of staff in front of a browser."""

import re
from datetime import UTC, datetime
from typing import Any

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway import database
from gateway.staff import accounts, second_factors, sign_ins
from models import Role, Staff
from tests.grounds import NOW

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the second factor of whoever must have one
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def hire(name: str = "asha", role: Role = Role.AGENT, **more: Any) -> None:
    """Makes an account that signs in with PASSWORD, and with a code of SECRET where the role needs a second factor."""
    if role in second_factors.COMPULSORY:
        more.setdefault("totp_secret", SECRET)
    if role is Role.OFFICER:
        more.setdefault("department_code", "health")
    with database.transaction() as db:
        accounts.add(db, Staff(name=name, role=role, created_at=NOW, **more), PASSWORD)


def token(page: TestResponse) -> str:
    """Gives the token that the page's form must bring back."""
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]


def over(page: TestResponse) -> str:
    """Gives over what the page's form was written: which wording of a reply, which place of an account."""
    found = re.search(r'name="over"[^>]*value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def code(name: str = "asha", secret: str = SECRET) -> str:
    """Gives the code that the member's phone shows now; one used a moment ago counts as long past."""
    with database.transaction() as db:
        member = db.get(Staff, name)
        assert member is not None
        member.totp_used = None
    return pyotp.TOTP(secret).now()


def post(client: FlaskClient, path: str, page: TestResponse | None = None, **form: Any) -> TestResponse:
    """Sends a form as a browser does, with the token of the page it stands on, and gives the page it lands on."""
    stands_on = page or client.get(path)
    return client.post(path, data={"csrf_token": token(stands_on), **form}, follow_redirects=True)


def sign_in(client: FlaskClient, name: str = "asha", password: str = PASSWORD) -> TestResponse:
    """Signs in as a browser does, with the second factor where it is asked for, and gives the page it lands on."""
    page = post(client, "/console/sign-in", name=name, password=password)
    if page.request.path == "/console/second-factor":
        page = post(client, "/console/second-factor", page, code=code(name))
    return page


def enter(client: FlaskClient, name: str = "asha", *, has_proved: bool = True) -> str:
    """Puts a member inside without the pages of the sign-in, as if both factors were right; gives the token."""
    with database.transaction() as db:
        member = db.get(Staff, name)
        assert member is not None
        made, _ = sign_ins.let_in(db, member, datetime.now(UTC), has_proved=has_proved)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = made, True
    return made
