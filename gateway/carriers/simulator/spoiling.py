"""How an answer of the send API goes wrong once a fault has struck the whole request."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .faults import Rule
from .messages import Reply, json_reply, text_reply

_HANG_MS = 60_000
_DRIP_MS = 100


def spoil(rule: Rule, data: Mapping[str, Any], released: threading.Event) -> Reply:
    """Gives the spoilt answer for `data`, the content of SMSMessageData.

    A hanging one waits here, until its time is over or `released` is set.
    """
    if rule.mode in ("hang", "accept_then_hang"):
        released.wait((rule.milliseconds or _HANG_MS) / 1000)
    return _SPOILT[rule.mode](rule, data)


def _whole(data: Mapping[str, Any]) -> Reply:
    return json_reply({"SMSMessageData": data}, 201)


def _silent(_rule: Rule, _data: Mapping[str, Any]) -> Reply:
    return Reply(0, b"", is_silent=True)


def _http(rule: Rule, _data: Mapping[str, Any]) -> Reply:
    headers = {"Retry-After": rule.retry_after} if rule.retry_after else {}
    return text_reply(int(rule.status or 500), "There was an internal server error.", headers)


def _invalid_sender(_rule: Rule, _data: Mapping[str, Any]) -> Reply:
    return _whole({"Message": "InvalidSenderId", "Recipients": []})


def _drip(rule: Rule, data: Mapping[str, Any]) -> Reply:
    return replace(_whole(data), drip_ms=rule.milliseconds or _DRIP_MS)


def _html(_rule: Rule, _data: Mapping[str, Any]) -> Reply:
    return Reply(201, b"<!DOCTYPE html><title>Bad Gateway</title><h1>Bad Gateway</h1>", "text/html; charset=UTF-8")


def _truncated(_rule: Rule, data: Mapping[str, Any]) -> Reply:
    whole = _whole(data)
    return replace(whole, cut_at=len(whole.body) // 2)


def _charset(_rule: Rule, data: Mapping[str, Any]) -> Reply:
    return replace(_whole(data), content_type="application/json; charset=utf-8")


def _redirect(rule: Rule, _data: Mapping[str, Any]) -> Reply:
    return text_reply(307, "The request should be repeated elsewhere.", {"Location": rule.location})


def _old_shape(_rule: Rule, data: Mapping[str, Any]) -> Reply:
    rows = [{name: row[name] for name in ("cost", "messageId", "number", "status")} for row in data["Recipients"]]
    return Reply(201, json.dumps({"SMSMessageData": {"Message": data["Message"], "Recipients": rows}}).encode())


_SPOILT: dict[str, Callable[[Rule, Mapping[str, Any]], Reply]] = {
    "hang": _silent,
    "accept_then_hang": _silent,
    "close": _silent,
    "accept_then_close": _silent,
    "http": _http,
    "invalid_sender": _invalid_sender,
    "empty_recipients": lambda _rule, data: _whole(data),
    "drip": _drip,
    "html": _html,
    "truncated": _truncated,
    "charset": _charset,
    "redirect": _redirect,
    "old_shape": _old_shape,
}
