"""The send API as Africa's Talking answers it: paths, fields, statuses and bodies of recorded replies.

Live replies carry `messageParts` and a cost in Kenya shillings; keys come in alphabetical order; a send answers 201.
AT answers XML to a client that doesn't ask for JSON; that is left out, its shape was never recorded.
"""

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .exchange import Exchange
from .faults import Rule
from .messages import Refused, Reply, Request, json_reply, text_reply
from .spoiling import spoil

DEFAULT_SENDER = "AFRICASTKNG"
STATUS_NAMES = {
    100: "Success",
    101: "Success",
    102: "Success",
    401: "RiskHold",
    402: "InvalidSenderId",
    403: "InvalidPhoneNumber",
    404: "UnsupportedNumberType",
    405: "InsufficientBalance",
    406: "UserInBlacklist",
    407: "CouldNotRoute",
    409: "DoNotDisturbRejection",
    500: "InternalServerError",
    501: "GatewayError",
    502: "RejectedByGateway",
}
_ACCEPTED = (100, 101, 102)
_SHILLINGS_A_PART = 0.8
_NUMBER = re.compile(r"\+[0-9]{9,15}")
_AUTHENTICATE = {"WWW-Authenticate": 'Basic realm="api",charset=UTF-8'}


def send_form(exchange: Exchange, request: Request) -> Reply:
    """POST /version1/messaging: the classic endpoint, a form with `to` separated by commas."""
    exchange.ledger.count_request()
    if not request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        raise Refused(415, "The request's Content-Type is not supported. Expected:\napplication/x-www-form-urlencoded")
    form = request.form
    _need(form, "username", "to", "message")
    _authenticate(exchange, request, form["username"])
    code = {"1": 102, "0": 101}.get(form.get("enqueue", ""), 100)
    return _send(exchange, form["to"].split(","), form["message"], sender=form.get("from"), code=code)


def send_bulk(exchange: Exchange, request: Request) -> Reply:
    """POST /version1/messaging/bulk: the newer endpoint, JSON with a list of numbers."""
    exchange.ledger.count_request()
    order = request.json()
    _need(order, "username", "phoneNumbers", "message", "senderId")
    _authenticate(exchange, request, order["username"])
    if not all(isinstance(phone, str) for phone in order["phoneNumbers"]):
        raise Refused(400, "The request content was malformed")
    code = 102 if order.get("enqueue") else 100
    return _send(exchange, order["phoneNumbers"], order["message"], sender=order["senderId"], code=code)


def poll_inbox(exchange: Exchange, request: Request) -> Reply:
    """GET /version1/messaging: citizens' texts after `lastReceivedId`."""
    _authenticate(exchange, request, request.query.get("username"))
    last = request.query.get("lastReceivedId", "0")
    messages = exchange.ledger.received_after(int(last) if last.isdecimal() else 0)
    return json_reply({"SMSMessageData": {"Messages": messages}})


def balance(exchange: Exchange, request: Request) -> Reply:
    """GET /version1/user: the account's balance."""
    _authenticate(exchange, request, request.query.get("username"))
    return json_reply({"UserData": {"balance": "KES 1785.50"}})


def _need(fields: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if name not in fields:
            raise Refused(400, f"Request is missing required form field '{name}'")


def _authenticate(exchange: Exchange, request: Request, username: str | None) -> None:
    account = exchange.account
    if request.headers.get("apikey") != account.api_key or username != account.username:
        raise Refused(401, "The supplied authentication is invalid")


def refusal(refused: Refused) -> Reply:
    """Gives the text AT answers a request with that it does not serve."""
    return text_reply(refused.status, str(refused), _AUTHENTICATE if refused.status == 401 else None)


def _send(exchange: Exchange, phones: Sequence[str], text: str, *, sender: str | None, code: int) -> Reply:
    time.sleep(exchange.faults.settings.latency_ms / 1000)
    rule = exchange.faults.for_request(phones)
    if rule is not None and not rule.takes_the_message:
        return spoil(rule, {"Message": "Sent to 0/1 Total Cost: 0", "Recipients": []}, exchange.faults.released)
    if sender not in (None, exchange.account.sender_id):
        return json_reply({"SMSMessageData": {"Message": "InvalidSenderId", "Recipients": []}}, 201)
    recipients: list[dict[str, Any]] = []
    for phone in phones:
        recipients += _recipient(exchange, phone, text, sender=sender or DEFAULT_SENDER, code=code)
    data = {"Message": _summary(recipients), "Recipients": recipients}
    if rule is not None:
        return spoil(rule, data, exchange.faults.released)
    return json_reply({"SMSMessageData": data}, 201)


def _recipient(exchange: Exchange, phone: str, text: str, *, sender: str, code: int) -> list[dict[str, Any]]:
    """Gives the rows that answer for one number: one, unless a fault leaves it out or repeats it."""
    rule = exchange.faults.for_recipient(phone)
    if not _NUMBER.fullmatch(phone):
        return [_row(phone, 403, "None")]
    if rule is not None and rule.mode == "recipient":
        code = rule.code or code
    if code in _ACCEPTED or (rule is not None and rule.accepts):
        entry = exchange.ledger.accept(phone, text, sender)
        exchange.reporter.follow(entry)
        row = _row(phone, code, entry.id, parts=entry.segments)
    else:
        row = _row(phone, code, "None")
    return _disturbed(row, rule)


def _disturbed(row: dict[str, Any], rule: Rule | None) -> list[dict[str, Any]]:
    if rule is None:
        return [row]
    if rule.mode == "missing_recipient":
        return []
    if rule.mode == "duplicate_recipient":
        return [row, row]
    return [{**row, "status": rule.status} if isinstance(rule.status, str) else row]


def _row(phone: str, code: int, message_id: str, *, parts: int = 0) -> dict[str, Any]:
    cost = f"KES {parts * _SHILLINGS_A_PART:.4f}" if parts else "0"
    counted = {"messageParts": parts} if parts else {}
    row = {"cost": cost, "messageId": message_id, **counted, "number": phone}
    return {**row, "status": STATUS_NAMES.get(code, "Unknown"), "statusCode": code}


def _summary(recipients: Sequence[Mapping[str, Any]]) -> str:
    accepted = [row for row in recipients if row["statusCode"] in _ACCEPTED]
    total = sum(float(row["cost"].removeprefix("KES ")) for row in accepted)
    cost = f"KES {total:.4f}" if accepted else "0"
    return f"Sent to {len(accepted)}/{len(recipients)} Total Cost: {cost}"
