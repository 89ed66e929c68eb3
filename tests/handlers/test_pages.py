"""The pages anybody may see, and the headers that every page carries."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from gateway.settings import Settings
from handlers import create_app


def test_the_front_page_says_what_this_is_and_leads_on(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "*1548#" in page.text
    for address in ("/console/", "/handset", "/readyz"):
        assert f'href="{address}"' in page.text


@pytest.mark.parametrize("path", ["/", "/console/sign-in", "/healthz", "/handset", "/nothing-here"])
def test_every_page_carries_its_guards(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_page_that_is_not_there_says_so_without_a_word_on_the_inside(client: FlaskClient) -> None:
    page = client.get("/nothing-here")
    assert page.status_code == 404
    assert "There is nothing here." in page.text
    assert "Traceback" not in page.text
    assert "werkzeug" not in page.text.lower()


def test_production_has_no_handset_and_a_cookie_for_https_only(settings: Settings) -> None:
    production = replace(settings, is_production=True, carrier="africastalking", metrics_token="x" * 16)
    client = create_app(production).test_client()
    assert client.get("/handset").status_code == 404
    cookies = client.get("/console/sign-in").headers.getlist("Set-Cookie")
    (session,) = (cookie for cookie in cookies if cookie.startswith("__Host-session="))
    assert "Secure" in session
