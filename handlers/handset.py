"""The handset: a feature phone in the browser, for development with the simulator.

The page's scripts ask this blueprint, and it asks the simulator's control API: a fixed set of calls, nothing else.
Production never registers it. The page has no accounts, so calls that another site makes the browser send are refused.
"""

import json
from http.client import HTTPException
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlencode
from urllib.request import HTTPHandler, OpenerDirector, Request

from flask import Blueprint, abort, render_template, request

from handlers import current


class Call(NamedTuple):
    """One call that may be passed on: where to, the fields it may carry, and how many seconds it may take."""

    path: str
    fields: tuple[str, ...]
    seconds: float


# The simulator, like Africa's Talking, waits up to 10 s for a callback's answer: the page waits a little longer.
CALLS = {
    "dial": Call("/control/ussd/dial", ("phone", "code", "network"), 15),
    "answer": Call("/control/ussd/answer", ("session", "input"), 15),
    "drop": Call("/control/ussd/drop", ("session",), 3),
    "sms": Call("/control/sms", ("phone", "text"), 15),
}
Answer: TypeAlias = tuple[dict[str, Any], int]

blueprint = Blueprint("handset", __name__, static_folder="static/handset", static_url_path="/handset/static")
# Only this handler: no proxy of the environment, no redirects, and a refusal comes back as an answer.
plain_http = OpenerDirector()
plain_http.add_handler(HTTPHandler())


@blueprint.get("/handset")
def page() -> str:
    """Shows the phones."""
    return render_template("handset.html", settings=current.settings())


@blueprint.get("/handset/api/inbox")
def inbox() -> Answer:
    """Gives `messages`, the SMS that reached `phone` (E.164), newest last."""
    query = urlencode({"phone": request.args.get("phone", "")})
    return ask_simulator(f"/control/inbox?{query}", 3)


@blueprint.post("/handset/api/<any(dial, answer, drop, sms):name>")
def pass_on(name: str) -> Answer:
    """Passes a phone's act on to the simulator and gives its answer; 403 for another site, 415 for what is no JSON."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)
    call, given = CALLS[name], request.get_json()
    if not isinstance(given, dict):
        abort(400)
    body = json.dumps({field: str(given[field]) for field in call.fields if field in given}).encode()
    return ask_simulator(call.path, call.seconds, body)


def ask_simulator(path: str, seconds: float, body: bytes | None = None) -> Answer:
    """Gives the simulator's JSON and status as they are; 502 with an `error` when it is away or talks nonsense."""
    url = current.settings().simulator_url
    question = Request(url + path, body, {"Content-Type": "application/json"})  # noqa: S310 - our own http address
    try:
        with plain_http.open(question, timeout=seconds) as reply:
            return json.load(reply), reply.status
    except (OSError, HTTPException, ValueError) as fault:
        return {"error": f"The simulator at {url} does not answer: {getattr(fault, 'reason', fault)}"}, 502
