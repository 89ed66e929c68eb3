"""The carrier that this gateway sends through, made from the settings."""

from gateway.carriers import Carrier
from gateway.carriers.africastalking import AfricasTalking
from gateway.citizens.sample_citizens import among
from gateway.settings import Settings


def carrier(settings: Settings) -> Carrier:
    """Gives Africa's Talking's adapter. The simulator is the same one, pointed at the stand-in process.

    Sample citizens are for the simulator: anywhere else the adapter refuses them, whoever promised them an SMS.
    """
    return AfricasTalking(
        settings.at_username,
        settings.at_api_key,
        settings.sender_id,
        base_url=settings.at_base_url,
        refuses=None if settings.uses_simulator else among,
    )
