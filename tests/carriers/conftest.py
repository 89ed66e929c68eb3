"""What the carrier tests share: one simulator process and one set of hooks per test run, as new for each test."""

import threading
from collections.abc import Iterator

import pytest

from gateway.carriers import Carrier
from tests.carriers.adapters import adapter
from tests.carriers.standins import Hooks, Simulator, listening_at, serve, start


@pytest.fixture(scope="session")
def open_hooks() -> Iterator[Hooks]:
    hooks = Hooks()
    with serve(hooks) as server:
        hooks.url = f"http://127.0.0.1:{server.server_port}/hooks/a-secret"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield hooks
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def running_simulator(open_hooks: Hooks) -> Iterator[Simulator]:
    with start(open_hooks.url, "--time-scale", "600") as process:  # a minute between two tries is a tenth of a second
        yield Simulator(listening_at(process))
        process.terminate()


@pytest.fixture
def simulator(running_simulator: Simulator, open_hooks: Hooks) -> Simulator:
    """The simulator as if it had just started."""
    running_simulator.ask("POST", "reset")
    open_hooks.clear()
    return running_simulator


@pytest.fixture
def hooks(simulator: Simulator, open_hooks: Hooks) -> Hooks:
    """The gateway's hooks, as the simulator calls them; they have heard nothing yet."""
    return open_hooks


@pytest.fixture
def carrier(simulator: Simulator) -> Carrier:
    """The adapter, pointed at the simulator."""
    return adapter(simulator.url)
