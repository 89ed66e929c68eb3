"""The carrier that this gateway sends through, made from the settings."""

from gateway.carriers import Carrier
from gateway.carriers.africastalking import AfricasTalking
from gateway.settings import Settings


def carrier(settings: Settings) -> Carrier:
    """Gives Africa's Talking's adapter. The simulator is the same one, pointed at the stand-in process."""
    return AfricasTalking(settings.at_username, settings.at_api_key, settings.sender_id, base_url=settings.at_base_url)
