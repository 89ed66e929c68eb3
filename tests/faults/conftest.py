"""The house that the checks of one test process share."""

from collections.abc import Iterator

import pytest

from tests.faults.house import House, standing


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts what takes long first: begun last, it would keep one process busy while the others have nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


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
