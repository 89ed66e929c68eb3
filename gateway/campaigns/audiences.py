"""Audiences: whom a campaign is for, as a union of sources that wards and languages narrow, in one query by phone.

A sensitive matter is never a source: that somebody got a text would tell what they once wrote about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select, true, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from gateway.errors import Refused
from menus.words import LANGUAGES
from models import Campaign, Category, Citizen, Follow, Message, Project, Subcounty, Ticket, Upload, UploadedPhone, Ward

Codes = tuple[str, ...]


@dataclass(frozen=True)
class Audience:
    """Who is meant: whoever one of the sources names, if `only_wards` and `only_languages` let them through."""

    wards: Codes = ()  # whose ward it is
    subcounties: Codes = ()
    categories: Codes = ()  # who have a case in it
    projects: Codes = ()  # who have a case about it
    followed_projects: Codes = ()
    followed_wards: Codes = ()
    upload: int | None = None
    everybody: bool = False
    only_wards: Codes = ()
    only_languages: Codes = ()

    def kept(self) -> dict[str, Any]:
        """Gives it as it is kept in a campaign: what is empty is left out."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items() if v}


@dataclass(frozen=True)
class Span:
    """A stretch of an audience, in the order of the phones: from beyond `after` up to `upto`, the first `most`."""

    after: str = ""
    upto: str | None = None
    most: int | None = None
    lacks: int | None = None  # only those whom this campaign has not made a message for


def read(kept: Mapping[str, Any]) -> Audience:
    """Reads what a campaign keeps, or a form sent. Raises `Refused` for what is no audience."""
    known = {field.name: field for field in fields(Audience)}
    values: dict[str, Any] = {}
    for name, value in kept.items():
        if name not in known:
            raise Refused("An audience has no %(name)s.", name=str(name)[:24])
        values[name] = _value(name, value)
    return Audience(**values)


def _value(name: str, value: Any) -> Any:
    wanted = {"everybody": bool, "upload": int}.get(name)
    if wanted is not None:
        is_right = type(value) is wanted or (name == "upload" and value is None)
    else:
        is_right = isinstance(value, list | tuple) and all(isinstance(code, str) for code in value)
    if not is_right:
        raise Refused("What was chosen for %(name)s can't be read.", name=name)
    return value if wanted is not None else tuple(sorted(set(value)))


def of(campaign: Campaign) -> Audience:
    """Gives the audience of a campaign, its uploaded list included."""
    return read({**campaign.audience, "upload": campaign.upload_id})


def check(db: Session, audience: Audience, author: str) -> None:
    """Raises `Refused`, by name, for a code there is none of, for a list not the author's, and a sensitive category."""
    if (code := _unknown(db, Ward.code, (*audience.wards, *audience.followed_wards, *audience.only_wards))) is not None:
        raise Refused("There is no ward %(code)s.", code=code)
    if (code := _unknown(db, Subcounty.code, audience.subcounties)) is not None:
        raise Refused("There is no sub-county %(code)s.", code=code)
    if (code := _unknown(db, Project.code, (*audience.projects, *audience.followed_projects))) is not None:
        raise Refused("There is no project %(code)s.", code=code)
    if (code := _unknown(db, Category.code, audience.categories)) is not None:
        raise Refused("There is no category %(code)s.", code=code)
    if unknown := set(audience.only_languages) - set(LANGUAGES):
        raise Refused("There is no language %(code)s.", code=min(unknown)[:8])
    if audience.upload is not None and _owner(db, audience.upload) != author:
        raise Refused("There is no such list.")
    sensitive = select(Category.code).where(Category.code.in_(audience.categories), Category.sensitive)
    if db.scalar(sensitive.limit(1)):
        raise Refused("A sensitive matter is no audience: who wrote about it must not be known by a text they get.")


def _owner(db: Session, upload: int) -> str | None:
    return db.scalar(select(Upload.uploaded_by).where(Upload.id == upload))


def _unknown(db: Session, column: InstrumentedAttribute[str], codes: Iterable[str]) -> str | None:
    """Gives the first code of some that there is none of, cut short as it may be anything; None where all are known."""
    wanted = set(codes)
    unknown = wanted - set(db.scalars(select(column).where(column.in_(wanted))))
    return min(unknown)[:24] if unknown else None


def phones(audience: Audience, span: Span) -> Subquery:
    """Gives the query for the phones that the sources name in a stretch, each once; nobody is left out yet.

    Every source brings no more than the stretch holds, so that a chunk costs the same wherever it lies.
    """
    arms = [_cut(arm, column, span) for arm, column in _arms(audience)]
    if len(arms) == 1:
        return arms[0].subquery("named")
    united = union(*(select(arm.subquery().c.phone) for arm in arms)).subquery("united")
    joined = select(united.c.phone)
    return (joined.order_by(united.c.phone).limit(span.most) if span.most else joined).subquery("named")


def people(audience: Audience, span: Span) -> tuple[Select[Any], ColumnElement[str]]:
    """Gives a query without columns yet for those phones beside the citizens' rows, and its column of the phone.

    Where citizens are the only source each row is read once, never joined to itself: a planner who believes the table
    empty, as after many came at once, goes through all of it for each row.
    """
    (arm, phone), *others = _arms(audience)
    if not others and arm.get_final_froms() == [Citizen.__table__]:
        return _cut(arm, phone, span).with_only_columns().select_from(Citizen), phone
    named = phones(audience, span)
    return select().select_from(named.outerjoin(Citizen, Citizen.phone == named.c.phone)), named.c.phone


def _cut(arm: Select[Any], phone: ColumnElement[Any], span: Span) -> Select[Any]:
    """Cuts a source to a stretch. Whom a message was made for is looked up phone by phone, by its unique key."""
    if span.after:
        arm = arm.where(phone > span.after)
    if span.upto is not None:
        arm = arm.where(phone <= span.upto)
    if span.lacks is not None:
        made = select(Message.id).where(Message.dedupe_key == func.concat(key(span.lacks, ""), phone))
        arm = arm.where(made.correlate_except(Message).scalar_subquery().is_(None))
    return arm.order_by(phone).limit(span.most) if span.most else arm


def key(campaign_id: int, phone: str) -> str:
    """Gives the key by which a phone has one message of a campaign at most."""
    return f"camp:{campaign_id}:{phone}"


def _arms(audience: Audience) -> list[tuple[Select[Any], ColumnElement[Any]]]:
    """Gives each source as a query for its phones, with their column."""
    tickets = select(Ticket.phone).where(Ticket.phone.is_not(None), Ticket.is_sensitive.is_(False)).distinct()
    follows = select(Follow.phone).where(Follow.ended_at.is_(None)).distinct()
    arms: list[tuple[Select[Any], Any]] = []
    if audience.categories:
        arms.append((tickets.where(Ticket.category_code.in_(audience.categories)), Ticket.phone))
    if audience.projects:
        arms.append((tickets.where(Ticket.project_code.in_(audience.projects)), Ticket.phone))
    if audience.followed_projects:
        arms.append((follows.where(Follow.project_code.in_(audience.followed_projects)), Follow.phone))
    if audience.followed_wards:
        arms.append((follows.where(Follow.ward_code.in_(audience.followed_wards)), Follow.phone))
    if audience.upload is not None:
        listed = select(UploadedPhone.phone).where(UploadedPhone.upload_id == audience.upload)
        arms.append((listed, UploadedPhone.phone))
    if audience.everybody or audience.wards or audience.subcounties or not arms:
        arms.append((select(Citizen.phone).where(_lives(audience)), Citizen.phone))
    return arms


def _lives(audience: Audience) -> ColumnElement[bool]:
    """Gives the condition that a citizen's ward is one of those meant; nobody's is where none is."""
    if audience.everybody:
        return true()
    lives = Citizen.ward_code.in_(audience.wards)
    if not audience.subcounties:
        return lives
    return or_(lives, Citizen.ward_code.in_(select(Ward.code).where(Ward.subcounty_code.in_(audience.subcounties))))
