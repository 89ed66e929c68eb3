"""Templates: texts to begin campaigns with. Each keeps every wording it has had; the newest is offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.campaigns import wordings
from gateway.errors import Refused
from gateway.staff import audit, rights
from gateway.staff.rights import Right
from models import Staff, TextTemplate, Wording

LONGEST_NAME = 80
_LOCK = 15482  # one wording at a time, or two would have one number


@dataclass(frozen=True)
class Offer:
    """A template with its newest wording."""

    id: int
    name: str
    texts: Mapping[str, str]


def offered(db: Session) -> Sequence[Offer]:
    """Gives the templates that campaigns may begin with, by name."""
    newest = (
        select(Wording.texts)
        .where(Wording.template_id == TextTemplate.id)
        .order_by(Wording.n.desc())
        .limit(1)
        .scalar_subquery()
    )
    standing = select(TextTemplate.id, TextTemplate.name, newest).where(TextTemplate.retired_at.is_(None))
    return [Offer(*row) for row in db.execute(standing.order_by(TextTemplate.name))]


def history(db: Session, template_id: int) -> Sequence[Wording]:
    """Gives every wording a template has had, the newest first."""
    return db.scalars(select(Wording).where(Wording.template_id == template_id).order_by(Wording.n.desc())).all()


def write(db: Session, staff: Staff, name: str, texts: Mapping[str, str], now: datetime) -> TextTemplate:
    """Gives a template of this name its next wording; the first one makes the template, and a retired one returns.

    The same words again change nothing. Raises `Refused` for a name or texts that can't be taken.
    """
    _may_write(staff)
    title = " ".join(name.split())
    if not 0 < len(title) <= LONGEST_NAME:
        raise Refused("A name is needed, of %(longest)s characters at most.", longest=LONGEST_NAME)
    kept = wordings.checked(texts, has_project=True)
    if not kept:
        raise Refused("Write a text first.")
    template = _named(db, title)
    template.retired_at = None
    newest = next(iter(history(db, template.id)), None)
    if newest is None or newest.texts != kept:
        n = newest.n + 1 if newest else 1
        db.add(Wording(template_id=template.id, n=n, texts=kept, written_by=staff.name, written_at=now))
        db.flush()
        audit.record(db, staff.name, "template_written", f"template:{template.id}", now, wording=n)
    return template


def retire(db: Session, staff: Staff, template_id: int, now: datetime) -> None:
    """Takes a template from the list; its history stays."""
    _may_write(staff)
    template = db.get(TextTemplate, template_id, with_for_update=True)
    if template is None or template.retired_at is not None:
        raise Refused("There is no such template.")
    template.retired_at = now
    audit.record(db, staff.name, "template_retired", f"template:{template.id}", now)


def _named(db: Session, name: str) -> TextTemplate:
    """Gives the template of a name, made where there is none; others who write one wait until the transaction ends."""
    db.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    template = db.scalars(select(TextTemplate).where(TextTemplate.name == name)).one_or_none()
    if template is None:
        template = TextTemplate(name=name)
        db.add(template)
        db.flush()
    return template


def _may_write(staff: Staff) -> None:
    if not rights.may(staff, Right.WRITE_CAMPAIGNS):
        raise Refused("You may not write campaigns.")
