"""The house that the checks of one test process share."""

from collections.abc import Iterator

import pytest

from tests.faults.house import House, standing


@pytest.fixture(scope="session")
def standing_house() -> Iterator[House]:
    """A house for a whole test process; it starts with the first check."""
    with standing() as house:
        yield house


@pytest.fixture
def house(standing_house: House) -> Iterator[House]:
    """The house as if nothing had happened in it; what a check starts ends with it."""
    standing_house.refresh()
    yield standing_house
    standing_house.clear()
