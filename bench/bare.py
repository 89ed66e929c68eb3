"""The baselines of the web: a bare Flask application that does what is durable about a hop or an SMS, and nothing else.

A hop: the session's row is made if it is not there, locked, changed, committed. An SMS: one row, once per id,
committed. It has the gateway's gunicorn settings, the gateway's PostgreSQL, a pool of the same size and the same
driver; it has no menus, no ORM, no limits, no deadline, no metrics, and it reads nothing a second time.
"""

import os
from collections.abc import Mapping

from flask import Flask, Response, abort, request
from sqlalchemy import create_engine, text

_engine = create_engine(os.environ["BARE_DATABASE_URL"], pool_size=10, max_overflow=0)
_SECRET = os.environ["BARE_SECRET"]
app = Flask(__name__)

_UPSERT = text("INSERT INTO bare_session VALUES (:id, :phone, NULL, NULL, 0, now()) ON CONFLICT DO NOTHING")
_LOCK = text("SELECT text, state, hops FROM bare_session WHERE id = :id FOR UPDATE")
_UPDATE = text("UPDATE bare_session SET text = :text, state = :state, hops = hops + 1, last_at = now() WHERE id = :id")
_KEEP = text(
    "INSERT INTO bare_sms (carrier_id, phone, body, at) VALUES (:id, :phone, :body, now()) ON CONFLICT DO NOTHING"
)
_STATE = '{"screen": "home", "trail": [["home", 0]], "language": "en"}'


def _asked(secret: str) -> Mapping[str, str]:
    if secret != _SECRET:
        abort(404)
    return request.form


@app.post("/hooks/<secret>/ussd")
def hop(secret: str) -> Response:
    """Keeps one hop."""
    form = _asked(secret)
    with _engine.begin() as made:
        made.execute(_UPSERT, {"id": form["sessionId"], "phone": form["phoneNumber"]})
        made.execute(_LOCK, {"id": form["sessionId"]}).one()
        made.execute(_UPDATE, {"id": form["sessionId"], "text": form["text"], "state": _STATE})
    return Response("CON Nandi County 1548. FREE\n1 Report a problem", content_type="text/plain; charset=utf-8")


@app.post("/hooks/<secret>/sms")
def sms(secret: str) -> Response:
    """Keeps one SMS."""
    form = _asked(secret)
    with _engine.begin() as made:
        made.execute(_KEEP, {"id": form["id"], "phone": form["from"], "body": form["text"]})
    return Response("ok", content_type="text/plain; charset=utf-8")


@app.get("/healthz")
def healthz() -> Response:
    """Says that it is there."""
    return Response("ok")
