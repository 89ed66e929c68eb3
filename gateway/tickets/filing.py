"""How a ticket is filed: its category, ward, project and priority, corrected by staff who know better."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gateway.errors import Refused
from gateway.tickets import assignments, casework, merging, tickets
from gateway.tickets.casework import Deed
from models import Category, EventKind, Priority, Project, Ticket, Ward


@dataclass(frozen=True)
class Filing:
    """What staff want a ticket filed as."""

    category: str
    ward: str | None
    priority: Priority


def refile(db: Session, deed: Deed, wish: Filing, shown: Filing | None = None) -> None:
    """Files a ticket anew. Another category brings its department and its clocks, counted from when they began.

    `shown` is how it was filed when the form was shown: of the wish counts what differs from that, so that nobody
    undoes what a colleague or the clock changed meanwhile and they left as it was. Without it the whole wish counts.
    Raises `Refused` for a category or ward that is not the county's, and where a joined case would become sensitive,
    or cease to be so.
    """
    ticket = casework.begin(db, deed)
    if ticket is None:
        return
    wish = _meant(ticket, wish, shown) if shown else wish
    details = _changed(ticket, wish)
    if not details:
        ticket.version -= 1
        return
    before = ticket.department_code
    if "category" in details:
        category = known_category(db, wish.category)
        _check_joined(db, ticket, category)
        tickets.file_under(db, ticket, category)
        ticket.is_urgent = ticket.is_urgent or merging.speaks_for_urgent(db, ticket)
    if "ward" in details:
        check_ward(db, wish.ward)
    ticket.ward_code, ticket.priority = wish.ward, wish.priority
    line = casework.line(deed, ticket, EventKind.MOVED, **details)
    db.add(line)
    if "category" in details:
        assignments.let_go(db, ticket, deed.now)
        assignments.hand_on(db, ticket, line, before)


def link_project(db: Session, deed: Deed, code: str | None) -> None:
    """Links a ticket to a public project, or to none. Raises `Refused` for one that is not listed."""
    ticket = casework.begin(db, deed)
    if ticket is None:
        return
    check_project(db, code)
    db.add(casework.line(deed, ticket, EventKind.LINKED, project=code, before=ticket.project_code))
    ticket.project_code = code


def _check_joined(db: Session, ticket: Ticket, category: Category) -> None:
    """Keeps what is sensitive from citizens who reported something else and are told what the joined case is told."""
    is_joined = ticket.merged_into_id is not None or merging.joined(db, ticket)
    if is_joined and category.sensitive is not ticket.is_sensitive:
        raise Refused("Undo the merge first: a sensitive case can be joined to another sensitive one only.")


def _meant(ticket: Ticket, wish: Filing, shown: Filing) -> Filing:
    """Gives a wish in which whatever was left as it was shown is as it stands now."""
    return Filing(
        category=ticket.category_code if wish.category == shown.category else wish.category,
        ward=ticket.ward_code if wish.ward == shown.ward else wish.ward,
        priority=ticket.priority if wish.priority is shown.priority else wish.priority,
    )


def _changed(ticket: Ticket, wish: Filing) -> dict[str, str | None]:
    before = {"category": ticket.category_code, "ward": ticket.ward_code, "priority": ticket.priority.value}
    after = {"category": wish.category, "ward": wish.ward, "priority": wish.priority.value}
    return {name: code for name, code in after.items() if before[name] != code}


def known_category(db: Session, code: str) -> Category:
    """Gives a category that stands; raises `Refused` where there is none."""
    category = db.get(Category, code)
    if category is None or category.retired_at is not None:
        raise Refused("There is no such category.")
    return category


def check_ward(db: Session, code: str | None) -> None:
    """Raises `Refused` for a ward that is not the county's, or no more; none at all is fine."""
    ward = db.get(Ward, code) if code else None
    if code and (ward is None or ward.retired_at is not None):
        raise Refused("There is no such ward.")


def check_project(db: Session, code: str | None) -> None:
    """Raises `Refused` for a project that is not listed; none at all is fine."""
    project = db.get(Project, code) if code else None
    if code and (project is None or project.retired_at is not None):
        raise Refused("There is no such project.")
