"""What a command by SMS may look up beside what the screens may (implements `menus.county.CountyByText`)."""

from collections.abc import Sequence
from datetime import datetime

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.county import lexicon, places
from gateway.county.tokens import words_of
from gateway.dialogues.callers_county import CallersCounty
from menus import county as shown
from models import Category, Department, Project

NEARLY = 75  # of 100: like enough to ask about
MOST_NEAR = 3  # more than these, and nothing is near
SHORTEST = 4  # letters


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
        if any(category.is_grave or category.call for category in found):
            return None
        departments = {category.department_code for category in found}
        return departments.pop() if len(departments) == 1 else None

    def nearly_named(self, words: str) -> Sequence[shown.Named]:
        """The wards whose names these words are like, or the projects in whose name all of them stand.

        One word goes for a ward first, two for a project. One that tells what a case is about is like no name.
        """
        said = words_of(words)
        if len(said) == 1 and lexicon.categories_in(words, lexicon.lexicon(self._db)):
            return []
        codes = places.wards_nearly_in(words, places.gazetteer(self._db))
        wards = [named for code in codes if (named := self.ward(code))]
        projects = self._projects_nearly_named(said)
        near = (wards or projects) if len(said) == 1 else (projects or wards)
        return near if len(near) <= MOST_NEAR else []

    def _projects_nearly_named(self, said: Sequence[str]) -> list[shown.Named]:
        standing = self._db.scalars(select(Project).where(Project.retired_at.is_(None)).order_by(Project.code))
        return [
            shown.Named(project.code, project.name)
            for project in standing
            if all(_near(word, words_of(project.name)) for word in said)
        ]

    def departments_nearly_named(self, words: str) -> Sequence[str]:
        """The words of departments' names that one of these is like."""
        standing = self._db.scalars(select(Department).where(Department.retired_at.is_(None)))
        names = sorted({name for found in standing for name in _names(found)})
        near = [name for name in names if any(_near(word, [name]) for word in words_of(words))]
        return near if len(near) <= MOST_NEAR else []


def _names(department: Department) -> set[str]:
    return {word for name in (department.code, department.name, *department.label.values()) for word in words_of(name)}


def _near(word: str, names: Sequence[str]) -> bool:
    alike = [name for name in names if min(len(word), len(name)) >= SHORTEST and fuzz.ratio(word, name) >= NEARLY]
    return bool(alike)
