"""The queue's address: everything that somebody looks at is written in it, so that it can be kept and passed on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gateway.county import county_time
from gateway.desk import folders, queue_filters, queue_order
from gateway.desk.desk import Wanted
from gateway.desk.folders import Folder
from gateway.desk.queue_filters import Choices
from gateway.desk.queue_order import Place
from models import Staff


@dataclass(frozen=True)
class Asked:
    """What an address asks for, what else it could ask for, and the names of its parts that say nothing known."""

    wanted: Wanted
    choices: Choices
    unknown: Sequence[str]

    def again(self) -> dict[str, str]:
        """Gives the parts of the address of the first page, what was not understood left out."""
        return {"folder": self.wanted.folder.value, **self.wanted.filters.chosen()}


def read(db: Session, staff: Staff, given: Mapping[str, str]) -> Asked:
    """Reads an address. What it says of no folder, no filter or no place is left out and named."""
    choices = queue_filters.choices(db)
    filters, unknown = queue_filters.read(given, choices)
    folder, place = _folder(staff, given.get("folder", "")), _place(given.get("after", ""))
    missed = [name for name, found in (("folder", folder), ("after", place)) if given.get(name) and found is None]
    wanted = Wanted(folder or Folder.ALL, county_time.zone(db), filters, place)
    return Asked(wanted, choices, [*missed, *unknown])


def _folder(staff: Staff, given: str) -> Folder | None:
    offered = (*folders.of(staff), Folder.EVERYTHING)
    return next((folder for folder in offered if folder.value == given), None)


def _place(given: str) -> Place | None:
    return queue_order.read(given) if given else None


def shown(given: str) -> Sequence[int]:
    """Reads the ids of the tickets that somebody has before them, as many as a page may hold; nonsense is left out."""
    return [int(number) for number in given.split(",")[:100] if number.isascii() and number.isdigit()]
