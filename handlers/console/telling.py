"""A timeline's lines and a case's moves in words: the filters of the ticket's page."""

from collections.abc import Mapping

from flask import Flask

from gateway.errors import Told
from gateway.imports import sheets
from gateway.staff import rights
from gateway.staff.rights import Right
from gateway.tickets import references
from gateway.tickets.timeline import Entry, Names
from handlers.console.names import named
from handlers.words import N_, figure, own, translated
from models import Clock, EventKind, Priority, Staff, State, Status

# What a move is called on the button that makes it.
MOVING: Mapping[Status, str] = {
    Status.OPEN: N_("Look at it"),
    Status.WAITING_DEPARTMENT: N_("Pass to the department"),
    Status.WAITING_CITIZEN: N_("Ask the citizen"),
    Status.RESOLVED: N_("Resolve"),
    Status.CLOSED: N_("Close"),
    Status.REJECTED: N_("Reject"),
    Status.REOPENED: N_("Open again"),
}
MOVE_KEYS = {Status.WAITING_DEPARTMENT: "d", Status.WAITING_CITIZEN: "w", Status.RESOLVED: "e", Status.REJECTED: "x"}
_GOOD, _BAD = (State.DELIVERED,), (State.FAILED, State.REJECTED, State.UNKNOWN, State.UNRESOLVED, State.EXPIRED)
_FACTS: Mapping[str, str] = {
    "category": N_("category: %(value)s"),
    "ward": N_("ward: %(value)s"),
    "project": N_("project: %(value)s"),
    "department": N_("department: %(value)s"),
    "into": N_("into %(value)s"),
    "case": N_("case %(value)s"),
}


def register(app: Flask) -> None:
    """Gives the templates the filters."""
    app.jinja_env.filters.update(
        printed=references.printed,
        told=told,
        moving=moving,
        fared=fared,
        said=said,
        pair=lambda name: (name, name),
        may_work=_may_work,
    )
    app.jinja_env.globals.update(move_keys=MOVE_KEYS, priorities=list(Priority))


def said(error: Told | sheets.Fault) -> str:
    """Gives why something was refused, in the reader's language; a reason within it too."""
    return translated(error.sentence, **{name: _part(value) for name, value in error.values.items()})


def _part(value: object) -> object:
    if isinstance(value, Told | sheets.Fault):
        return said(value)
    return figure(value) if isinstance(value, int) else value


def moving(to: Status) -> str:
    """Gives the name of the button that moves a ticket to a status."""
    return translated(MOVING[to])


def fared(state: State) -> str:
    """Gives the kind of mark that an SMS of this state gets."""
    return "good" if state in _GOOD else "bad" if state in _BAD else "plain"


def told(entry: Entry, names: Names) -> str:
    """Gives what a line's details say, in a few words; `names` are what its codes are called."""
    details = entry.details
    if "from" in details and "to" in details:
        return translated(
            "from %(before)s to %(after)s", before=named(Status(details["from"])), after=named(Status(details["to"]))
        )
    if entry.kind is EventKind.ASSIGNED and "to" in details:
        return translated("to %(name)s", name=details["to"] or translated("nobody"))
    if entry.kind is EventKind.ESCALATED:
        clocks = {Clock.ANSWER: N_("first answer"), Clock.RESOLVE: N_("resolution")}
        return translated(
            "%(clock)s, step %(step)s", clock=translated(clocks[Clock(details["clock"])]), step=details["step"]
        )
    if "priority" in details:
        details = {**details, "priority": named(Priority(details["priority"]))}
    parts = [
        translated(_FACTS[name], value=_fact(name, value, names)) for name, value in details.items() if name in _FACTS
    ]
    if "priority" in details:
        parts.append(translated("priority: %(value)s", value=details["priority"]))
    return ", ".join(parts)


def _fact(name: str, value: str | None, names: Names) -> str:
    called = names.get(name, {}).get(value or "")
    return own(called) if called else value or "–"


def _may_work(staff: Staff) -> bool:
    return rights.may(staff, Right.WORK_TICKETS)
