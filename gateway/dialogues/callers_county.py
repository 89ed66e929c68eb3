"""What menus may look up, answered from the database for one caller (implements `menus.county.County`)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.citizens import consent
from gateway.county import budget, projects
from gateway.county.clocks import due
from gateway.county.county_book import Book, book
from gateway.tickets import own_cases, references
from menus import county as shown
from models import Citizen, Status, Ticket, Verdict

MOST_CASES = 91  # one more than a phone lists, so that the screen can say there are more


@dataclass(frozen=True)
class Known:
    """What was read of the county and of a caller, just now, with something else."""

    revision: UUID
    ward_code: str | None  # that the caller used last


class CallersCounty:
    """The county as one caller may see it, at one moment."""

    def __init__(self, db: Session, phone: str, now: datetime, known: Known | None = None) -> None:
        """Looks everything up but what is `known` to who asks."""
        self._db = db
        self._phone = phone
        self._now = now
        self._known = known

    @cached_property
    def _book(self) -> Book:
        return book(self._db, self._known.revision if self._known else None)

    @cached_property
    def _today(self) -> date:
        return self._local(self._now)

    def _local(self, moment: datetime) -> date:
        return moment.astimezone(self._book.hours.zone).date()

    @property
    def name(self) -> str:
        """The county's name."""
        return self._book.name

    @property
    def line(self) -> str:
        """The toll-free number."""
        return self._book.line

    @property
    def question_category(self) -> str:
        """Where a budget question goes."""
        return self._book.question_category

    def subcounties(self) -> Sequence[shown.Named]:
        """All sub-counties, by name."""
        return self._book.subcounties

    def wards(self, subcounty: str) -> Sequence[shown.Named]:
        """The wards of a sub-county, by name."""
        return [ward.named for ward in self._book.wards.values() if ward.stands and ward.subcounty == subcounty]

    def ward(self, code: str) -> shown.Named | None:
        """One ward, also a retired one."""
        ward = self._book.wards.get(code)
        return ward.named if ward else None

    def my_ward(self) -> shown.Named | None:
        """The ward the caller used last time, while it exists."""
        ward = self._book.wards.get(self._ward_code() or "")
        return ward.named if ward and ward.stands else None

    def _ward_code(self) -> str | None:
        if self._known:
            return self._known.ward_code
        return self._db.scalar(select(Citizen.ward_code).where(Citizen.phone == self._phone))

    def categories(self) -> Sequence[shown.Category]:
        """What a case may be about, most needed first; budget questions have a road of their own."""
        offered = [found.shown for found in self._book.categories.values() if found.is_offered]
        return [category for category in offered if category.code != self.question_category]

    def category(self, code: str) -> shown.Category | None:
        """One category, also a retired one: a live session may hold it."""
        found = self._book.categories.get(code)
        return found.shown if found else None

    def promise(self, category: str) -> shown.Promise:
        """By when a case sent now is answered."""
        found = self._book.categories[category]
        moment = due(self._now, found.answer_hours, self._book.hours)
        return shown.Promise(self._local(moment), found.clocks_are_sample)

    def my_cases(self) -> Sequence[shown.Case]:
        """The caller's cases, newest first."""
        wanted = select(Ticket).where(Ticket.phone == self._phone).order_by(Ticket.id.desc()).limit(MOST_CASES)
        return [self._case(ticket) for ticket in self._db.scalars(wanted)]

    def my_case(self, reference: str) -> shown.Case | None:
        """The caller's case of this reference; None for a wrong one and for anybody else's alike."""
        read = references.read(reference)
        ticket = self._db.scalars(
            select(Ticket).where(Ticket.reference == read, Ticket.phone == self._phone)
        ).one_or_none()
        if ticket is None:
            return None
        told, lead = replace(self._case(ticket), answer=own_cases.last_answer(self._db, ticket)), ticket.lead
        if lead.status is Status.WAITING_CITIZEN:
            return replace(told, asked=own_cases.question(self._db, ticket))
        if not own_cases.may_judge(ticket, self._now):
            return told
        return replace(told, again=self.promise(lead.category_code), is_said_fixed=lead.verdict is Verdict.FIXED)

    def _case(self, own: Ticket) -> shown.Case:
        """Gives a case as its citizen knows it; it stands as the one does that it was merged into.

        Where that waits for somebody else's answer, to this citizen it is one that is looked at.
        """
        ticket, hidden = own.lead, own.is_sensitive or own.lead.is_sensitive
        waits_for_others = ticket.status is Status.WAITING_CITIZEN and not own_cases.waits(self._db, own)
        return shown.Case(
            reference=references.printed(own.reference),
            label=None if hidden else own.category.label,
            status=Status.OPEN.value if waits_for_others else ticket.status.value,
            opened=self._local(own.opened_at),
            due=shown.Promise(self._local(ticket.answer_due_at), ticket.category.clocks_are_sample),
            ward=own.ward.name if own.ward and not hidden else None,
            answer=None,
        )

    def projects(self, ward: str | None) -> shown.ProjectList:
        """The projects of a ward, or those of the whole county, with the sum of their contracts."""
        return projects.listed(self._db, ward)

    def project(self, code: str) -> shown.Project | None:
        """One project that is still listed."""
        return projects.one(self._db, code, follower=self._phone)

    def budget(self) -> shown.Budget | None:
        """The newest fiscal year by department."""
        return self._budget

    @cached_property
    def _budget(self) -> shown.Budget | None:
        return budget.by_department(self._db)

    def programmes(self, department: str) -> shown.Budget | None:
        """The newest year's programmes of one department."""
        return budget.by_programme(self._db, department)

    def occasions(self) -> Sequence[shown.Occasion]:
        """The next dates of the budget year, soonest first."""
        return budget.occasions(self._db, self._today)

    def is_opted_out(self) -> bool:
        """Whether the caller wants no news."""
        return consent.is_opted_out(self._db, self._phone)
