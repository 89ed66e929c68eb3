"""Africa's Talking, the carrier: sends one text to many phones through their SDK, and says what came of it.

The SDK (2.0.3, pinned) builds the request. Two of its methods are replaced: `_init_service`, which knows no other
address than AT's own, and `_make_request`, which hides the HTTP status, follows redirects with the key in hand and
has no limit for the whole. Its exceptions are never used as a verdict.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from africastalking.SMS import SMSService

from gateway.carriers import SendResult, Verdict
from gateway.carriers.africastalking_request import Answer, Limits, NeverSent, NoAnswer, post
from gateway.carriers.africastalking_results import classify

# Kenyan mobile numbers: 07… and, since 2019, 01… The SDK's own check lets 22 digits and a trailing newline through.
_MOBILE = re.compile(r"\+254[17][0-9]{8}")
Refuses = Callable[[Sequence[str]], Collection[str]]
_REFUSED = SendResult(Verdict.REJECTED, "sample citizen")


class AfricasTalking:
    """The adapter; safe to use from several threads and after a fork."""

    def __init__(
        self,
        username: str,
        api_key: str,
        sender_id: str,
        *,
        base_url: str | None = None,
        refuses: Refuses | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Takes the account and the short code or name SMS come from.

        `base_url` replaces AT's own address (None; the user name `sandbox` means AT's sandbox), `refuses` gives those
        of some phones that are never written to, such as sample citizens. Raises `ValueError` for a key that fits no
        header.
        """
        if not (api_key and api_key.isascii() and api_key.isprintable()):
            raise ValueError("the API key must be printable ASCII")
        self._sender_id = sender_id
        self._refuses = refuses
        self._sms = _Sms(username, api_key, base_url=base_url, limits=limits or Limits())

    def refused(self, phones: Sequence[str]) -> Collection[str]:
        """Gives those of the phones that are never written to."""
        return self._refuses(phones) if self._refuses else ()

    def send(
        self, body: str, phones: Sequence[str], refused: Collection[str] | None = None
    ) -> Mapping[str, SendResult]:
        """Sends one text to each phone (E.164) in one request; a phone given twice gets it once, a refused one never.

        Gives a result for every phone, whatever happens on the wire. Raises `ValueError`, before anything is sent, for
        an empty text, no phones or a number that is not a Kenyan mobile in E.164.
        """
        asked = _checked(body, phones)
        never = self.refused(asked) if refused is None else refused
        allowed = [phone for phone in asked if phone not in never]
        results = dict.fromkeys(asked, _REFUSED)
        return results | self._request(body, allowed) if allowed else results

    def _request(self, body: str, phones: list[str]) -> dict[str, SendResult]:
        try:
            answer = self._sms.send(body, phones, self._sender_id)
        except NeverSent as cause:
            return dict.fromkeys(phones, SendResult(Verdict.NOT_SENT, str(cause)))
        except NoAnswer as cause:
            return dict.fromkeys(phones, SendResult(Verdict.UNKNOWN, str(cause)))
        return classify(answer, phones, datetime.now(UTC))


class _Sms(SMSService):  # type: ignore[misc]  # the SDK has no types
    def __init__(self, username: str, api_key: str, *, base_url: str | None, limits: Limits) -> None:
        self._given_url = base_url
        self._limits = limits
        super().__init__(username, api_key)

    def _init_service(self) -> None:
        super()._init_service()
        if self._given_url:
            self._baseUrl = self._contentUrl = self._given_url.rstrip("/") + "/version1"

    def _make_request(
        self, url: str, _method: str, headers: Mapping[str, str], data: Mapping[str, Any], **_unused: Any
    ) -> Answer:
        form = urlencode(data).encode()
        return post(url, {**headers, "Content-Type": "application/x-www-form-urlencoded"}, form, limits=self._limits)


def _checked(body: str, phones: Sequence[str]) -> list[str]:
    asked = list(dict.fromkeys(phones))
    if not body.strip() or not asked:
        raise ValueError("a text and at least one phone are needed")
    if not all(_MOBILE.fullmatch(phone) for phone in asked):
        raise ValueError(
            "every phone must be a Kenyan mobile like +254700000001"
        )  # without the number: errors are logged
    return asked
