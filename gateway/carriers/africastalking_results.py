"""What an answer of Africa's Talking means for each recipient, as tables.

The codes are AT's (SMS documentation); what follows from each is ours. Only an answer that says so counts as "not
sent"; whatever is missing, unreadable or new counts as "may have been sent", because AT knows no idempotency key and
a second request is a second SMS.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from gateway.carriers import LaneOrder, SendResult, Verdict
from gateway.carriers.africastalking_request import Answer

RETRY_AFTER_SECONDS = 30.0
_LONGEST_RETRY_AFTER = 3600.0

_SENDER_FAULT = SendResult(Verdict.NOT_SENT, "InvalidSenderId", lane=LaneOrder.STOP)

RECIPIENT_CODES: Mapping[int, SendResult] = {
    100: SendResult(Verdict.ACCEPTED, "Processed"),
    101: SendResult(Verdict.ACCEPTED, "Sent"),
    102: SendResult(Verdict.ACCEPTED, "Queued"),
    401: SendResult(Verdict.HELD, "RiskHold"),
    402: _SENDER_FAULT,
    403: SendResult(Verdict.REJECTED, "InvalidPhoneNumber"),
    404: SendResult(Verdict.REJECTED, "UnsupportedNumberType"),
    405: SendResult(Verdict.NOT_SENT, "InsufficientBalance", lane=LaneOrder.PAUSE),
    406: SendResult(Verdict.REJECTED, "UserInBlacklist", opts_out=True),
    407: SendResult(Verdict.NOT_SENT, "CouldNotRoute", attempts_limit=2),
    409: SendResult(Verdict.REJECTED, "DoNotDisturbRejection"),
    500: SendResult(Verdict.NOT_SENT, "InternalServerError", attempts_limit=3),
    501: SendResult(Verdict.NOT_SENT, "GatewayError", attempts_limit=3),
    502: SendResult(Verdict.REJECTED, "RejectedByGateway"),
}
_ACCEPTED_WITH_AN_ID = (500, 501)  # a message that has an id exists; its delivery report decides

_CODES_BY_STATUS = {result.reason: code for code, result in RECIPIENT_CODES.items()} | {
    "Success": 101,
    "Could Not Send": 500,  # seen in 2016, in answers without statusCode
}

HTTP_STATUSES: Mapping[int, SendResult] = {
    400: SendResult(Verdict.REJECTED, "HTTP 400"),
    401: SendResult(Verdict.NOT_SENT, "HTTP 401", lane=LaneOrder.STOP),
    402: SendResult(Verdict.NOT_SENT, "HTTP 402", lane=LaneOrder.STOP),
    403: SendResult(Verdict.NOT_SENT, "HTTP 403", lane=LaneOrder.STOP),
    404: SendResult(Verdict.REJECTED, "HTTP 404"),
    405: SendResult(Verdict.NOT_SENT, "HTTP 405", lane=LaneOrder.STOP),
    409: SendResult(Verdict.NOT_SENT, "HTTP 409", lane=LaneOrder.STOP),
    415: SendResult(Verdict.NOT_SENT, "HTTP 415", lane=LaneOrder.STOP),
    422: SendResult(Verdict.REJECTED, "HTTP 422"),
    429: SendResult(Verdict.NOT_SENT, "HTTP 429", lane=LaneOrder.PAUSE),
    **{code: SendResult(Verdict.NOT_SENT, f"HTTP {code}", lane=LaneOrder.STOP) for code in range(300, 400)},
}

_MISSING = SendResult(Verdict.UNKNOWN, "not in the answer")
_UNREADABLE = SendResult(Verdict.UNKNOWN, "unreadable answer")
# Should an answer name a phone twice, the row that least allows another SMS is believed.
_STRICTEST_FIRST = (Verdict.ACCEPTED, Verdict.UNKNOWN, Verdict.HELD, Verdict.REJECTED, Verdict.NOT_SENT)


def classify(answer: Answer, phones: Sequence[str], now: datetime) -> dict[str, SendResult]:
    """Gives a result for each phone asked for, from the carrier's answer. `now` is for a Retry-After that is a date."""
    if 200 <= answer.status < 300:
        results = _by_recipient(answer.body, phones)
    else:
        results = dict.fromkeys(phones, _of_status(answer, now))
    return {phone: replace(result, http_status=answer.status) for phone, result in results.items()}


def _of_status(answer: Answer, now: datetime) -> SendResult:
    result = HTTP_STATUSES.get(answer.status, SendResult(Verdict.UNKNOWN, f"HTTP {answer.status}"))
    if answer.status == 429:
        return replace(result, retry_after=retry_after(answer.headers.get("retry-after"), now))
    return result


def retry_after(header: str | None, now: datetime) -> float:
    """Gives the seconds to wait, from 1 to 3600, of a Retry-After header (RFC 9110: seconds or a date); else 30."""
    try:
        seconds = float(header or "")
    except ValueError:
        seconds = _until(header or "", now)
    if not math.isfinite(seconds):
        return RETRY_AFTER_SECONDS
    return min(max(seconds, 1.0), _LONGEST_RETRY_AFTER)


def _until(date: str, now: datetime) -> float:
    try:
        at = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()


def _by_recipient(body: bytes, phones: Sequence[str]) -> dict[str, SendResult]:
    try:
        content = json.loads(body)["SMSMessageData"]
        rows = [row for row in content["Recipients"] if isinstance(row, dict)]
        is_sender_fault = not content["Recipients"] and content.get("Message") == "InvalidSenderId"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return dict.fromkeys(phones, _UNREADABLE)
    if is_sender_fault:
        return dict.fromkeys(phones, _SENDER_FAULT)
    by_number: dict[str, list[SendResult]] = {}
    for row in rows:
        by_number.setdefault(_number(row), []).append(_of_row(row))
    return {phone: _strictest(by_number.get(phone, ())) for phone in phones}


def _strictest(results: Iterable[SendResult]) -> SendResult:
    return min(results, key=lambda result: _STRICTEST_FIRST.index(result.verdict), default=_MISSING)


def _of_row(row: Mapping[str, Any]) -> SendResult:
    code = _code(row)
    carrier_id = _word(row.get("messageId"), longest=128)
    result = RECIPIENT_CODES.get(code, SendResult(Verdict.UNKNOWN, f"code {code}"))
    if code in _ACCEPTED_WITH_AN_ID and carrier_id:
        result = SendResult(Verdict.ACCEPTED, result.reason)
    return replace(result, carrier_id=carrier_id, cost=_word(row.get("cost"), longest=24))


def _code(row: Mapping[str, Any]) -> int:
    """Gives the row's code, by its status where there is none (2016), and 0 for what tells nothing."""
    code = row.get("statusCode")
    if code is None:
        return _CODES_BY_STATUS.get(str(row.get("status")), 0)
    text = str(code)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _number(row: Mapping[str, Any]) -> str:
    return "+" + str(row.get("number")).strip().removeprefix("+")


def _word(value: object, *, longest: int) -> str | None:
    """Gives a carrier's word fit to be kept; AT writes "None" for an id it did not give."""
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or len(value) > longest:
        return None
    return value if value.strip() not in ("", "None") else None
