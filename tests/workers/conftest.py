"""What the tests of the workers share: the carrier's stand-in as a process, and signals as they were."""

import signal
from collections.abc import Iterator

import pytest

from gateway.settings import Settings
from tests.carriers.standins import API_KEY, USERNAME, Simulator, listening_at
from tests.carriers.standins import start as start_simulator
from workers import jobs

NOBODY = "http://127.0.0.1:9/hooks/a-secret"  # reports are not what these tests are about


def start_anew() -> None:
    """Makes this process read its settings again, as a worker that was restarted."""
    jobs._settings.cache_clear()
    jobs._carrier.cache_clear()


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    with start_simulator(NOBODY) as process:
        yield Simulator(listening_at(process))
        process.terminate()


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    """The simulator as if it had just started."""
    running_simulator.ask("POST", "reset")
    running_simulator.faults(reports={"enabled": False})
    return running_simulator


@pytest.fixture
def environment(simulator: Simulator, settings: Settings) -> dict[str, str]:
    """What a worker is told: the tests' servers, and the simulator for a carrier."""
    return {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "VAR_DIR": str(settings.var_dir),
        "AT_BASE_URL": simulator.url,
        "AT_USERNAME": USERNAME,
        "AT_API_KEY": API_KEY,
    }


@pytest.fixture
def here(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes this process a worker that has not asked for its carrier yet."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    start_anew()


@pytest.fixture
def own_signals() -> Iterator[None]:
    """Puts the signals' handlers back after a test in which RQ took them."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)
