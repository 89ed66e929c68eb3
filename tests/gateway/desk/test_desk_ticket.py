"""What a ticket's page knows of other tickets: nothing of those that its reader may not see."""

from collections.abc import Sequence
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from gateway.desk import desk_ticket
from gateway.errors import Refused
from gateway.tickets import contests, filing, merging, references, splitting, tickets
from gateway.tickets.filing import Filing
from gateway.tickets.splitting import Part
from gateway.tickets.tickets import Dialogue
from gateway.tickets.timeline import Entry
from menus.intents import AddToTicket
from models import Channel, EventKind, Priority, Role, Status, Ticket
from tests.gateway.desks import LINE, Desk, hire, report
from tests.grounds import NOW, OTHER

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def supervisor(db: Session) -> Desk:
    return Desk(db, hire(db, "chebet", Role.SUPERVISOR))


@pytest.fixture
def agent(db: Session, supervisor: Desk) -> Desk:
    return supervisor.of(hire(db, "asha"))


def page(desk: Desk, ticket: Ticket) -> str:
    """Everything that the page is given besides the ticket itself."""
    shown = desk_ticket.read(desk.db, desk.staff, ticket.reference)
    return repr((shown.linked, shown.merged_into, shown.merged, [(line.body, line.details) for line in shown.timeline]))


def names(text: str, ticket: Ticket) -> bool:
    return ticket.reference in text or references.printed(ticket.reference) in text


def split_off(desk: Desk, ticket: Ticket, category: str) -> Ticket:
    part = splitting.split(desk.db, desk.deed(ticket), Part(category, None, "They asked for money", "*1548#"))
    assert part is not None
    desk.db.flush()
    return part


def test_a_sensitive_case_that_was_split_off_is_named_to_those_who_may_see_it_only(
    agent: Desk, supervisor: Desk
) -> None:
    ticket = report(agent.db)
    secret = split_off(supervisor, ticket, "corruption")
    assert names(page(supervisor, ticket), secret)
    assert not names(page(agent, ticket), secret)
    assert "split" in repr(desk_ticket.read(agent.db, agent.staff, ticket.reference).timeline)


def test_the_case_that_another_was_split_from_is_named_to_those_who_may_see_it_only(
    agent: Desk, supervisor: Desk
) -> None:
    secret = report(supervisor.db, category="corruption")
    part = split_off(supervisor, secret, "water")
    assert desk_ticket.read(supervisor.db, supervisor.staff, part.reference).linked
    assert desk_ticket.read(agent.db, agent.staff, part.reference).linked is None


def test_a_departments_officer_reads_no_reference_of_another_departments_case(db: Session, supervisor: Desk) -> None:
    officer = supervisor.of(hire(db, "officer", Role.OFFICER, department_code="lands"))
    ticket, other = report(db), report(db, phone=OTHER)
    merging.merge(db, supervisor.deed(ticket), other.reference)
    assert names(page(officer, ticket), other)
    other.department_code = "health"
    db.flush()
    assert not names(page(officer, ticket), other)


@pytest.mark.parametrize("says", ["wrote", "contested", "confirmed"])
def test_which_joined_citizen_spoke_is_named_to_those_who_may_see_their_case_only(
    db: Session, supervisor: Desk, says: str
) -> None:
    officer = supervisor.of(hire(db, "officer", Role.OFFICER, department_code="lands"))
    lead, joined = report(db), report(db, phone=OTHER)
    merging.merge(db, supervisor.deed(joined), lead.reference)
    if says == "wrote":
        spoken = Dialogue(OTHER, "en", Channel.USSD, references.draw(), uuid4(), LINE)
        tickets.add_words(db, AddToTicket(joined.reference, "Still dry"), spoken, NOW)
    else:
        supervisor.moves(lead, Status.RESOLVED, "Done.")
        judge = contests.say_fixed if says == "confirmed" else partial(contests.say_not_fixed, words="Still dry")
        assert judge(db, joined, now=NOW)
    db.flush()
    spoke = [line for line in _lines(officer, lead) if line.kind is EventKind(says)]
    assert [line.details for line in spoke] == [{"case": references.printed(joined.reference)}]
    joined.department_code = "health"
    db.flush()
    spoke = [line for line in _lines(officer, lead) if line.kind is EventKind(says)]
    assert [line.details for line in spoke] == [{}]


def _lines(desk: Desk, ticket: Ticket) -> Sequence[Entry]:
    return desk_ticket.read(desk.db, desk.staff, ticket.reference).timeline


@pytest.mark.parametrize("which", ["the duplicate", "the other"])
def test_a_joined_case_becomes_sensitive_only_after_it_stands_alone(db: Session, supervisor: Desk, which: str) -> None:
    duplicate, other = report(db), report(db, phone=OTHER)
    merging.merge(db, supervisor.deed(duplicate), other.reference)
    ticket = duplicate if which == "the duplicate" else other
    with pytest.raises(Refused, match="Undo the merge first"):
        filing.refile(db, supervisor.deed(ticket), Filing("corruption", "772", Priority.NORMAL))
    merging.unmerge(db, supervisor.deed(duplicate))
    filing.refile(db, supervisor.deed(ticket), Filing("corruption", "772", Priority.NORMAL))
    assert ticket.is_sensitive
