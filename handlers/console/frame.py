"""What stands around every page of the console: folders with their numbers, the other pages, what operators must know.

It is made when a page with the layout is rendered, once, and not for the parts of a page that htmx asks for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from flask import Flask, current_app, g
from flask_login import current_user

from gateway import database, phones
from gateway.desk import folders
from gateway.desk.folders import Folder
from gateway.operations import health
from gateway.staff.rights import Right, may
from handlers import current, words
from handlers.console import access, names, times
from handlers.words import N_
from models import Priority, Status

CHECKED_EVERY = timedelta(seconds=15)  # what operators must know may be so old; asking costs several statements
# Keys that stand for a folder, after `g`
KEYS = {Folder.MINE: "g m", Folder.UNASSIGNED: "g u", Folder.OVERDUE: "g o", Folder.EMERGENCY: "g e", Folder.ALL: "g a"}


@dataclass(frozen=True)
class Entry:
    """A page in the rail, shown where it exists to those who have the right to it."""

    endpoint: str
    right: Right
    name: str
    key: str | None = None


ENTRIES = (
    Entry("console.new_call", Right.WORK_TICKETS, N_("New call"), "n"),
    Entry("console.my_day", Right.WORK_TICKETS, N_("My day")),
    Entry("console.supervisor", Right.SUPERVISE, N_("Team")),
    Entry("console.messages", Right.SEE_MESSAGES, N_("Messages")),
    Entry("console.campaigns", Right.SEE_CAMPAIGNS, N_("Campaigns")),
    Entry("console.replies", Right.EDIT_REPLIES, N_("Canned replies")),
    Entry("console.reports", Right.SEE_REPORTS, N_("Reports")),
    Entry("console.exports", Right.EXPORT, N_("Exports")),
    Entry("console.staff", Right.MANAGE_STAFF, N_("Staff")),
    Entry("console.audit", Right.SEE_AUDIT, N_("Audit log")),
)


@dataclass(frozen=True)
class Frame:
    """The frame of one page, for the member of staff who asked for it."""

    folders: Sequence[Folder]
    counts: Mapping[Folder, int]
    entries: Sequence[Entry]
    causes: Sequence[str]


def register(app: Flask) -> None:
    """Gives the templates their frame and their filters."""
    app.jinja_env.globals.update(
        frame=frame,
        landing=access.landing,
        address_here=access.address_here,
        is_inside=access.is_inside,
        folder_keys=KEYS,
        counted=folders.COUNTED,
        filter_names=names.FILTERS,
        folder_choices=_folder_choices,
        status_choices=partial(names.pairs, Status),
        priority_choices=partial(names.pairs, Priority),
    )
    app.jinja_env.filters.update(
        named=names.named,
        cause=names.of_cause,
        own=words.own,
        own_pairs=words.own_pairs,
        when=times.when,
        clock_time=times.clock_time,
        clock_seconds=times.clock_seconds,
        day=times.day,
        due=times.due,
        urgency=times.urgency,
        masked=phones.masked,
    )


def frame() -> Frame:
    """Gives the frame of this request's page."""
    if "frame" not in g:
        g.frame = _make()
    return g.frame  # type: ignore[no-any-return]


def _make() -> Frame:
    staff, now, exist = current_user.staff, datetime.now(UTC), current_app.view_functions
    with database.transaction() as db:
        counts = folders.counts(db, staff, now)
    return Frame(
        folders=folders.of(staff),
        counts=counts,
        entries=[entry for entry in ENTRIES if entry.endpoint in exist and may(staff, entry.right)],
        causes=_causes(now),
    )


def _folder_choices() -> Sequence[tuple[str, str]]:
    return [(folder.value, names.named(folder)) for folder in (*frame().folders, Folder.EVERYTHING)]


def _causes(now: datetime) -> Sequence[str]:
    checked_at, causes = current_app.extensions.get("console_causes", (None, ()))
    if checked_at is None or not timedelta(0) <= now - checked_at < CHECKED_EVERY:
        blockers, troubles = health.check(current.settings(), now, current.began())
        causes = (*blockers, *troubles)
        current_app.extensions["console_causes"] = now, causes
    return causes  # type: ignore[no-any-return]
