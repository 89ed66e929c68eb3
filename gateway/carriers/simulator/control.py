"""The control API: what the handset page and the tests ask of the carrier, in JSON below /control.

GET health, inbox?phone=, ledger, faults, ussd/sessions/<session>; PUT faults; POST ussd/dial, ussd/answer, ussd/drop,
sms, report, opt-out, reset. What can't be served answers {"error": …} with 400 or 404.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from . import faults, reports
from .exchange import Exchange
from .messages import Refused, Reply, Request, json_reply
from .ussd import NoSession

SESSIONS = "/control/ussd/sessions/"
_SAFARICOM = "63902"


def health(_exchange: Exchange, _request: Request) -> Reply:
    """Tells that the process answers."""
    return json_reply({"ok": True})


def dial(exchange: Exchange, request: Request) -> Reply:
    """Dials `code` on `phone`, on `network` (default Safaricom), and gives a screen."""
    wish = request.json()
    try:
        screen = exchange.switchboard.dial(
            _text(wish, "phone"), _text(wish, "code"), _text(wish, "network", default=_SAFARICOM)
        )
    except ValueError as error:
        raise Refused(400, str(error)) from None
    return json_reply(screen)


def answer(exchange: Exchange, request: Request) -> Reply:
    """Sends `input`, as typed, in `session` and gives a screen."""
    wish = request.json()
    with_session = _text(wish, "session")
    try:
        return json_reply(exchange.switchboard.answer(with_session, _text(wish, "input", default="")))
    except NoSession:
        raise _no_session() from None


def drop(exchange: Exchange, request: Request) -> Reply:
    """Hangs up."""
    try:
        exchange.switchboard.drop(_text(request.json(), "session"))
    except NoSession:
        raise _no_session() from None
    return json_reply({"dropped": True})


def session(exchange: Exchange, request: Request) -> Reply:
    """Gives the raw record of one session."""
    try:
        return json_reply(exchange.switchboard.find(request.path.removeprefix(SESSIONS)).as_json())
    except NoSession:
        raise _no_session() from None


def inbox(exchange: Exchange, request: Request) -> Reply:
    """Gives what a phone received, newest last."""
    entries = exchange.ledger.inbox(request.query.get("phone", ""))
    shown = [
        {"id": entry.id, "from": entry.sender, "text": entry.text, "at": entry.at, "segments": entry.segments}
        for entry in entries
    ]
    return json_reply({"messages": shown})


def sms(exchange: Exchange, request: Request) -> Reply:
    """Texts the gateway from `phone`; `times` posts the same message as often. Answers once all were tried once.

    The carrier repeats the message in the background while no try was answered with exactly 200.
    """
    wish = request.json()
    form = {
        "linkId": _text(wish, "linkId", default=""),
        "text": _text(wish, "text"),
        "to": _text(wish, "to", default=exchange.account.sender_id),
        "id": _text(wish, "id", default=str(uuid4())),
        "date": _text(wish, "date", default=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        "from": _text(wish, "phone"),
    }
    exchange.ledger.receive(form)
    for _ in range(_times(wish) - 1):
        exchange.callbacks.post("sms", form)
    heard = exchange.callbacks.post_until_taken("sms", form)
    return json_reply({"id": form["id"], "status": heard.status, "error": heard.error})


def report(exchange: Exchange, request: Request) -> Reply:
    """Sends one delivery report once: `id`, `status`, maybe `phone`, `failureReason` and any other field."""
    wish = request.json()
    message_id = _text(wish, "id")
    entry = exchange.ledger.find(message_id)
    phone = _text(wish, "phone", default=entry.phone if entry else "+254700000000")
    form = reports.fields(message_id, _text(wish, "status"), phone)
    form |= {name: str(value) for name, value in wish.items() if name != "phone"}
    heard = exchange.callbacks.post("delivery", form)
    return json_reply({"status": heard.status, "error": heard.error})


def opt_out(exchange: Exchange, request: Request) -> Reply:
    """Tells the gateway that `phone` wants no more bulk messages."""
    form = {"senderId": exchange.account.sender_id, "phoneNumber": _text(request.json(), "phone")}
    heard = exchange.callbacks.post("opt-out", form)
    return json_reply({"status": heard.status, "error": heard.error})


def ledger(exchange: Exchange, _request: Request) -> Reply:
    """Gives everything that was accepted."""
    return json_reply(exchange.ledger.as_json())


def show_faults(exchange: Exchange, _request: Request) -> Reply:
    """Gives the faults in force."""
    return json_reply(exchange.faults.as_json())


def put_faults(exchange: Exchange, request: Request) -> Reply:
    """Exchanges the faults and gives them as they now are."""
    try:
        exchange.faults.put(faults.from_json(request.json()))
    except (TypeError, ValueError) as error:
        raise Refused(400, str(error)) from None
    return show_faults(exchange, request)


def reset(exchange: Exchange, _request: Request) -> Reply:
    """Forgets ledger, faults and sessions."""
    exchange.reset()
    return json_reply({"ok": True})


def refusal(refused: Refused) -> Reply:
    """Gives the answer to a request that can't be served."""
    return json_reply({"error": str(refused)}, refused.status)


def _no_session() -> Refused:
    return Refused(404, "no such session is open")


def _times(wish: dict[str, Any]) -> int:
    times = wish.get("times", 1)
    if not isinstance(times, int) or times < 1:
        raise Refused(400, "times: a whole number from 1 is needed")
    return times


def _text(wish: dict[str, Any], name: str, *, default: str | None = None) -> str:
    value = wish.get(name, default)
    if not isinstance(value, str):
        raise Refused(400, f"{name}: a text is needed")
    return value
