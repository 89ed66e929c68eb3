"""You said, we did: a draft for a ward, made of what was solved and finished there in a period.

It holds numbers and names of projects, never a citizen's word. What citizens confirmed comes first; what is so little
that it might point at somebody is not told apart, and sensitive matters are never named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gateway.county.county_book import the_county
from gateway.county.period import Period
from gateway.desk.small_cells import SMALLEST_SHOWN, showable
from gateway.errors import Refused
from menus import campaigns as sentences
from menus.county import in_language
from menus.words import short_day, shorten, translator
from models import Category, Project, ProjectStatus, Ticket, Verdict, Ward, project_ward

MOST_PROJECTS = 3
MOST_CATEGORIES = 4
LONGEST_NAME = 60  # characters of a project's: three whole ones may be more than a campaign's text takes


@dataclass(frozen=True)
class Done:
    """What was done. `by_category` holds what may be told apart, the largest first."""

    solved: int
    confirmed: int
    by_category: Sequence[tuple[Mapping[str, str], int]]
    projects: Sequence[str]


def draft(db: Session, ward_code: str, period: Period) -> dict[str, str]:
    """Gives a text per language of the county to begin a campaign with.

    Raises `Refused` for a ward there is none of, and where there is too little to tell.
    """
    ward = db.get(Ward, ward_code)
    if ward is None:
        raise Refused("There is no ward %(code)s.", code=ward_code[:8])
    done = gather(db, ward_code, period)
    if done.solved < SMALLEST_SHOWN and not done.projects:
        raise Refused("Too little was solved or finished in %(ward)s in these days to tell of it.", ward=ward.name)
    return {language: _text(language, ward.name, period, done) for language in the_county(db).languages}


def gather(db: Session, ward_code: str, period: Period) -> Done:
    """Gives what was solved and finished in a ward in a period; what citizens contested isn't solved."""
    solved = (
        Ticket.ward_code == ward_code,
        Ticket.merged_into_id.is_(None),
        Ticket.resolved_at >= period.begins,
        Ticket.resolved_at < period.ends,
        or_(Ticket.verdict.is_(None), Ticket.verdict == Verdict.FIXED),
    )
    columns = (func.count(), func.count().filter(Ticket.verdict == Verdict.FIXED))
    total, confirmed = db.execute(select(*columns).where(*solved)).one()
    grouped = select(Ticket.category_code, func.count()).where(*solved).group_by(Ticket.category_code)
    counts = {(ward_code, code): number for code, number in db.execute(grouped)}
    labels = {code: label for code, label, _ in _categories(db)}
    shown = showable(counts, [ward_code], list(labels))
    sensitive = {code for code, _, is_sensitive in _categories(db) if is_sensitive}
    told = sorted(((number, code) for (_, code), number in shown.items() if code not in sensitive), reverse=True)
    by_category = [(labels[code], number) for number, code in told[:MOST_CATEGORIES]]
    return Done(total, confirmed, by_category, _projects(db, ward_code, period))


def _categories(db: Session) -> Sequence[tuple[str, dict[str, str], bool]]:
    wanted = select(Category.code, Category.label, Category.sensitive).order_by(Category.position)
    return list(db.execute(wanted).all())


def _projects(db: Session, ward_code: str, period: Period) -> Sequence[str]:
    """Gives the names of the projects of a ward that ended in a period, by the county's own list."""
    inside = select(project_ward.c.project_code).where(project_ward.c.ward_code == ward_code)
    ended = func.coalesce(Project.ends_on, Project.as_of)
    wanted = select(Project).where(
        Project.code.in_(inside),
        Project.status == ProjectStatus.COMPLETED,
        Project.retired_at.is_(None),
        ended.between(period.first, period.last),
    )
    found = db.scalars(wanted.order_by(Project.name).limit(MOST_PROJECTS))
    names = ((shorten(project.name, LONGEST_NAME), project.is_sample) for project in found)
    return [f"{name} (sample)" if is_sample else name for name, is_sample in names]


def _text(language: str, ward: str, period: Period, done: Done) -> str:
    say = translator(language)
    days = short_day(period.first, say), short_day(period.last, say)
    parts = [sentences.said_and_done(language, ward, days)]
    if done.solved >= SMALLEST_SHOWN:
        silent = done.solved - done.confirmed
        may_tell = done.confirmed >= SMALLEST_SHOWN and (silent == 0 or silent >= SMALLEST_SHOWN)
        parts.append(sentences.solved(language, done.solved, done.confirmed if may_tell else None))
    if done.by_category:
        named = (f"{in_language(label, language)} {number}" for label, number in done.by_category)
        parts.append(", ".join(named) + ".")
    if done.projects:
        parts.append(sentences.finished(language, list(done.projects)))
    return " ".join(parts)
