"""The adapter under test, pointed at the simulator or at whatever else a test puts there."""

from typing import Any

from gateway.carriers import Carrier, SendResult
from gateway.carriers.africastalking import AfricasTalking
from tests.carriers.standins import API_KEY, PHONE, SENDER, USERNAME


def adapter(url: str, **more: Any) -> AfricasTalking:
    return AfricasTalking(USERNAME, API_KEY, SENDER, base_url=url, **more)


def only(carrier: Carrier) -> SendResult:
    """Sends one SMS to one phone and gives its result."""
    results = carrier.send("Water is back.", [PHONE])
    assert list(results) == [PHONE]
    return results[PHONE]
