"""What a command by SMS may look up beside what the screens may (implements `menus.county.CountyByText`)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import consent, lexicon, places
from gateway.county import CallersCounty
from gateway.tokens import words_of
from menus import county as shown
from models import Category, Department


class TextersCounty(CallersCounty):
    """The county as one who writes may see it, at one moment. Without `finds_cases` every reference is unknown."""

    def __init__(self, db: Session, phone: str, now: datetime, *, finds_cases: bool = True) -> None:
        super().__init__(db, phone, now)
        self._finds_cases = finds_cases

    def my_case(self, reference: str) -> shown.Case | None:
        """The caller's case of this reference, while the caller hasn't guessed too often."""
        return super().my_case(reference) if self._finds_cases else None

    def wards_named(self, words: str) -> Sequence[shown.Named]:
        """The wards that a name or a ward's code may mean."""
        ward = self.ward(words.strip())
        codes = [ward.code] if ward else places.wards_in(words, places.gazetteer(self._db))
        return [named for code in codes if (named := self.ward(code))]

    def department_named(self, words: str) -> str | None:
        """The one department that is called so in any language or, where none is, deals with such things.

        What is urgent, sensitive or not the county's names no department: "stolen" is a complaint.
        """
        said = set(words_of(words))
        standing = self._db.scalars(select(Department).where(Department.retired_at.is_(None)))
        named = {found.code for found in standing if said & _names(found)}
        return next(iter(named)) if len(named) == 1 else self._responsible(words)

    def _responsible(self, words: str) -> str | None:
        about = lexicon.categories_in(words, lexicon.lexicon(self._db))
        found = [self._db.get_one(Category, code) for code in about]
        if any(category.urgent or category.sensitive or category.call for category in found):
            return None
        departments = {category.department_code for category in found}
        return departments.pop() if len(departments) == 1 else None

    def is_opted_out(self) -> bool:
        """Whether the caller wants no news."""
        return consent.is_opted_out(self._db, self._phone)


def _names(department: Department) -> set[str]:
    return {word for name in (department.code, department.name, *department.label.values()) for word in words_of(name)}
