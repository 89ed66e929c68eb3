"""What a campaign's form offers to choose from: places, matters, projects, lists and languages of the county."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gateway.campaigns.wordings import PLACEHOLDERS
from gateway.county.county_book import the_county
from menus.words import LANGUAGES
from models import Category, Project, Staff, Subcounty, Upload, UploadedPhone, Ward

MOST_LISTS = 20


@dataclass(frozen=True)
class Place:
    """A sub-county with its wards, names by code."""

    code: str
    name: str
    wards: Mapping[str, str]


@dataclass(frozen=True)
class Listed:
    """An uploaded list as it may be chosen: how many phones it has, and whether bad rows of it wait."""

    id: int
    name: str
    phones: int
    is_settled: bool


@dataclass(frozen=True)
class Choices:
    """All of it. Sensitive categories are never among the matters."""

    places: Sequence[Place]
    categories: Mapping[str, dict[str, str]]
    projects: Mapping[str, str]
    lists: Sequence[Listed]
    languages: Mapping[str, str]  # the county's, each by its own name
    placeholders: Sequence[str]
    zone: ZoneInfo

    @property
    def wards(self) -> Mapping[str, str]:
        """Every ward's name by code."""
        return {code: name for place in self.places for code, name in place.wards.items()}


def choices(db: Session, staff: Staff, upload: int | None = None) -> Choices:
    """Gives what a member of staff may choose; of lists the own ones, the newest first.

    `upload` is the number of a list that is chosen already: it is among them, however old it is.
    """
    county = the_county(db)
    categories = select(Category.code, Category.label).where(
        Category.retired_at.is_(None), Category.sensitive.is_(False)
    )
    projects = select(Project.code, Project.name).where(Project.retired_at.is_(None)).order_by(Project.name)
    return Choices(
        places=_places(db),
        categories=dict(db.execute(categories.order_by(Category.position, Category.code)).all()),
        projects=dict(db.execute(projects).all()),
        lists=lists(db, staff, upload),
        languages={code: LANGUAGES[code] for code in county.languages},
        placeholders=PLACEHOLDERS,
        zone=ZoneInfo(county.timezone),
    )


def lists(db: Session, staff: Staff, chosen: int | None = None) -> Sequence[Listed]:
    """Gives the newest lists that somebody uploaded, and the one of theirs that is `chosen`."""
    number = select(func.count()).where(UploadedPhone.upload_id == Upload.id).scalar_subquery()
    mine = Upload.uploaded_by == staff.name
    newest = select(Upload.id).where(mine).order_by(Upload.id.desc()).limit(MOST_LISTS)
    own = select(Upload.id, Upload.name, number, Upload.settled_at.is_not(None)).where(mine)
    own = own.where(or_(Upload.id.in_(newest), Upload.id == chosen)).order_by(Upload.id.desc())
    return [Listed(*row) for row in db.execute(own)]


def ward_names(db: Session) -> Mapping[str, str]:
    """Gives every ward's name by code, also of those that have gone."""
    return dict(db.execute(select(Ward.code, Ward.name)).all())


def _places(db: Session) -> Sequence[Place]:
    wards: dict[str, dict[str, str]] = {}
    every = select(Ward.subcounty_code, Ward.code, Ward.name).where(Ward.retired_at.is_(None)).order_by(Ward.name)
    for subcounty, code, name in db.execute(every):
        wards.setdefault(subcounty, {})[code] = name
    named = select(Subcounty.code, Subcounty.name).where(Subcounty.retired_at.is_(None)).order_by(Subcounty.name)
    return [Place(code, name, wards.get(code, {})) for code, name in db.execute(named)]
