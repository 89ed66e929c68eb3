"""The doorbell's listeners: a measurement begins when every worker hears it."""

from redis import Redis

from tests.faults.house import House, until


def until_listening(house: House, workers: int = 1) -> None:
    """Waits until so many workers listen to the doorbell."""
    with Redis.from_url(house.settings.redis_url) as client:
        until(lambda: client.scard("rq:workers") >= workers, "listening workers")
