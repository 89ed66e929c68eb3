"""The POSTs Africa's Talking makes to the gateway's hooks.

Field order and encoding are those of captured requests: every reserved byte escaped, `+` as `%2B`, a space as `+`.
An SMS or a report is repeated every minute until the answer is exactly 200, for at most 12 hours (AT's help centre on
incoming messages; for reports the same is assumed). AT's user agent is known for USSD only.
"""

import gzip
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from .timetable import Timetable

USSD_AGENT = "at-ussd-api/1.0"
_OTHER_AGENT = "at-callback/1.0"
_RETRY_SECONDS = 60.0
_GIVE_UP_SECONDS = 12 * 3600.0
_LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True)
class Heard:
    """What a hook answered; `status` is None and `error` says why where no answer came."""

    status: int | None
    reason: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    milliseconds: int = 0
    error: str | None = None


class Callbacks:
    """Posts to the hooks below one address."""

    def __init__(self, hooks: str | None, timetable: Timetable, time_scale: float) -> None:
        """Takes the address up to and with the secret, and how many carrier's seconds pass in a real one."""
        self._hooks = hooks.rstrip("/") if hooks else None
        self._timetable = timetable
        self._time_scale = time_scale

    def post(
        self, hook: str, form: Mapping[str, str], *, headers: Mapping[str, str] | None = None, seconds: float = 10.0
    ) -> Heard:
        """Posts the form to a hook (`ussd`, `sms` …) and gives what was heard within `seconds`; never raises."""
        if self._hooks is None:
            return Heard(None, error="SIMULATOR_HOOKS is not set: the simulator knows no gateway to call")
        began = time.monotonic()
        try:
            heard = _exchange(
                f"{self._hooks}/{hook}", urlencode(form, errors="replace"), headers or {}, seconds=seconds
            )
        except (OSError, HTTPException) as error:
            return Heard(None, milliseconds=_since(began), error=_in_words(error))
        return Heard(heard.status, heard.reason, heard.body, heard.headers, _since(began))

    def post_until_taken(self, hook: str, form: Mapping[str, str], *, waited: float = 0.0) -> Heard:
        """Posts once and gives what was heard; until it is 200, goes on in the background."""
        heard = self.post(hook, form)
        if heard.status != 200 and self._hooks and waited + _RETRY_SECONDS <= _GIVE_UP_SECONDS:
            again = partial(self.post_until_taken, hook, form, waited=waited + _RETRY_SECONDS)
            self._timetable.after(_RETRY_SECONDS / self._time_scale, again)
        return heard


def _exchange(url: str, form: str, headers: Mapping[str, str], *, seconds: float) -> Heard:
    target = urlsplit(url)
    connector = HTTPSConnection if target.scheme == "https" else HTTPConnection
    connection = connector(target.netloc, timeout=seconds)
    try:
        connection.request("POST", target.path, form.encode(), {**_headers(), **headers})
        response = connection.getresponse()
        body = response.read(_LONGEST_ANSWER)
        if response.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return Heard(response.status, response.reason, body, dict(response.headers.items()))
    finally:
        connection.close()


def _headers() -> dict[str, str]:
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": _OTHER_AGENT,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _in_words(error: Exception) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}".rstrip(": ")
