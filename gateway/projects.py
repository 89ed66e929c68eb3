"""Public projects, as citizens look them up."""

from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from menus import county as shown
from models import Follow, Project, project_ward

MOST_LISTED = 91  # one more than a phone numbers, so that the screen can say there are more


def listed(db: Session, ward: str | None) -> shown.ProjectList:
    """Gives the projects of a ward, without one those of the whole county, and the sum of all their contracts."""
    wanted = _of(ward)
    lines = [
        shown.ProjectLine(project.code, project.name, project.status.value)
        for project in db.scalars(wanted.order_by(Project.name, Project.code).limit(MOST_LISTED))
    ]
    sums = wanted.with_only_columns(func.coalesce(func.sum(Project.contract_sum), 0), func.bool_or(Project.is_sample))
    total, is_sample = db.execute(sums).one()
    return shown.ProjectList(lines, Decimal(total), bool(is_sample))


def one(db: Session, code: str, *, follower: str) -> shown.Project | None:
    """Gives one project and whether `follower` follows it; None when it is no longer listed."""
    found = db.get(Project, code)
    if found is None or found.retired_at is not None:
        return None
    return shown.Project(
        code=found.code,
        name=found.name,
        status=found.status.value,
        percent_done=found.percent_done,
        contract_sum=found.contract_sum,
        paid=found.paid,
        contractor=found.contractor,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        source_document=found.source_document,
        source_page=found.source_page,
        as_of=found.as_of,
        is_sample=found.is_sample,
        is_followed=_follows(db, follower, code),
    )


def _of(ward: str | None) -> Select[Project]:
    standing = select(Project).where(Project.retired_at.is_(None))
    if ward is None:
        return standing.where(Project.is_county_wide)
    inside = select(project_ward.c.project_code).where(project_ward.c.ward_code == ward)
    return standing.where(Project.code.in_(inside))


def _follows(db: Session, phone: str, code: str) -> bool:
    wish = (Follow.phone == phone, Follow.project_code == code, Follow.ended_at.is_(None))
    return db.scalar(select(Follow.id).where(*wish)) is not None
