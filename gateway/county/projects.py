"""Public projects, as citizens look them up."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from menus import county as shown
from models import Follow, Project, project_ward

MOST_LISTED = 91  # one more than a phone numbers, so that the screen can say there are more


def listed(db: Session, ward: str | None) -> shown.ProjectList:
    """Gives the projects of a ward, without one those of the whole county, and the sum of all their contracts."""
    rows = db.execute(_of(ward).order_by(Project.name, Project.code).limit(MOST_LISTED)).all()
    if not rows:
        return shown.ProjectList([], Decimal(), is_sample=False)
    lines = [shown.ProjectLine(row.code, row.name, row.status.value) for row in rows]
    return shown.ProjectList(lines, Decimal(rows[0].total), is_sample=rows[0].is_any_sample)


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


def _of(ward: str | None) -> Select[Any]:
    """Gives the query for projects, each with the sum of all their contracts and whether any is a sample."""
    total = func.coalesce(func.sum(Project.contract_sum).over(), 0).label("total")
    is_any_sample = func.bool_or(Project.is_sample).over().label("is_any_sample")
    listed = select(Project.code, Project.name, Project.status, total, is_any_sample)
    standing = listed.where(Project.retired_at.is_(None))
    if ward is None:
        return standing.where(Project.is_county_wide)
    inside = select(project_ward.c.project_code).where(project_ward.c.ward_code == ward)
    return standing.where(Project.code.in_(inside))


def _follows(db: Session, phone: str, code: str) -> bool:
    wish = (Follow.phone == phone, Follow.project_code == code, Follow.ended_at.is_(None))
    return db.scalar(select(Follow.id).where(*wish)) is not None
