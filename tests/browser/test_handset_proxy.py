"""The handset's door to the simulator: what it passes on, and what it refuses."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer

from gateway.settings import Settings
from handlers import create_app

DIAL = {"phone": "+254700000001", "code": "*1548#", "network": "63902"}
SCREEN = {"session": "s", "screen": "Karibu", "open": True, "length": 10, "answer_ms": 5, "error": None}


@pytest.fixture
def client(settings: Settings, httpserver: HTTPServer) -> FlaskClient:
    """A client of the page; a plain server stands where the simulator would."""
    return create_app(replace(settings, simulator_port=httpserver.port)).test_client()


def test_a_dial_is_passed_on_with_the_fields_it_may_carry_and_no_other(
    client: FlaskClient, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/control/ussd/dial", method="POST", json=DIAL).respond_with_json(SCREEN)
    reply = client.post("/handset/api/dial", json={**DIAL, "times": 1000})
    assert (reply.status_code, reply.get_json()) == (200, SCREEN)


def test_a_refusal_of_the_simulator_comes_back_as_it_is(client: FlaskClient, httpserver: HTTPServer) -> None:
    refusal = {"error": "no such session is open"}
    httpserver.expect_request("/control/ussd/drop").respond_with_json(refusal, status=404)
    reply = client.post("/handset/api/drop", json={"session": "s"})
    assert (reply.status_code, reply.get_json()) == (404, refusal)


def test_an_inbox_is_asked_for_with_its_plus(client: FlaskClient, httpserver: HTTPServer) -> None:
    query = {"phone": "+254700000001"}
    httpserver.expect_request("/control/inbox", query_string=query).respond_with_json({"messages": []})
    assert client.get("/handset/api/inbox", query_string=query).get_json() == {"messages": []}


@pytest.mark.parametrize("call", ["faults", "reset", "ledger", "report", "../faults"])
def test_other_calls_of_the_control_api_are_out_of_reach(
    client: FlaskClient, httpserver: HTTPServer, call: str
) -> None:
    assert client.post(f"/handset/api/{call}", json={}).status_code in (404, 405)
    assert not httpserver.log


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_can_not_press_keys(client: FlaskClient, httpserver: HTTPServer, site: str) -> None:
    assert client.post("/handset/api/dial", json=DIAL, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert not httpserver.log


def test_a_form_can_not_press_keys(client: FlaskClient, httpserver: HTTPServer) -> None:
    assert client.post("/handset/api/dial", data=DIAL).status_code == 415
    assert not httpserver.log


def test_what_is_no_object_is_refused(client: FlaskClient) -> None:
    assert client.post("/handset/api/dial", json=["*1548#"]).status_code == 400


def test_nonsense_from_the_simulator_is_one_clear_error(client: FlaskClient, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/control/inbox").respond_with_data("<html>")
    reply = client.get("/handset/api/inbox?phone=x")
    assert reply.status_code == 502
    assert f"127.0.0.1:{httpserver.port}" in reply.get_json()["error"]


def test_production_has_no_handset(settings: Settings) -> None:
    client = create_app(replace(settings, is_production=True)).test_client()
    for path in ("/handset", "/handset/api/inbox", "/handset/static/main.js"):
        assert client.get(path, base_url="https://localhost").status_code == 404
