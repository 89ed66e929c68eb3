"""Who stands behind a conversation by SMS: agents who do what a line says, an officer with a phone, and a neighbour."""

import re
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from gateway.tickets import casework, references
from gateway.tickets.casework import Deed
from models import EventKind, Role, Staff, Status, Ticket, TicketEvent
from tests.gateway.texting import TextingPhone
from tests.grounds import OTHER, THIRD

STAFF, OFFICER = "! ", "officer> "
SILENCE = "(nothing is sent)"
MOVES = {
    "resolves": Status.RESOLVED,
    "rejects": Status.REJECTED,
    "asks about": Status.WAITING_CITIZEN,
    "passes on": Status.WAITING_DEPARTMENT,
}
MERGES = "merges with a neighbour's"
_LINE = re.compile(rf"({'|'.join(MOVES)}|{MERGES}) (\S+?)(?:: (.*))?")


class Stage:
    """The staff of one test. `officer` is the phone of the officer who has the citizen's cases."""

    def __init__(self, citizen: TextingPhone) -> None:
        self._citizen = citizen
        self.officer = citizen.of(THIRD)
        self.agents = [
            Staff(name=name, role=Role.AGENT, password_hash="", created_at=citizen.now)
            for name in ("sample agent", "another sample agent")
        ]
        citizen.db.add_all(self.agents)
        citizen.db.flush()

    def hires(self, department: str, **more: Any) -> Staff:
        """Registers the officer's phone at a department."""
        account = {"name": "sample officer", "role": Role.OFFICER, "phone": THIRD, "password_hash": "", **more}
        officer = Staff(department_code=department, created_at=self._citizen.now, **account)
        self._citizen.db.add(officer)
        self._citizen.db.flush()
        return officer

    def does(self, line: str) -> list[str]:
        """Does what a line says, `resolves K7Q-M2P-4XD: words`, and gives the SMS that citizen and officer get."""
        found = _LINE.fullmatch(line)
        assert found, line
        deed, reference, words = found.groups()
        ticket = self._ticket(reference)
        if deed == "passes on" and self._citizen.db.get(Staff, "sample officer") is None:
            self.hires(ticket.department_code)
        phones = (self._citizen, self.officer)
        before = [message for phone in phones for message in phone.answers()]
        if deed == MERGES:
            neighbour = self._citizen.of(OTHER)
            neighbour.sends(ticket.words)
            self.merges(ticket, neighbour.case())
        else:
            self.moves(ticket, MOVES[deed], words or "")
        return [message.body for phone in phones for message in phone.answers() if message not in before]

    def moves(self, ticket: Ticket, to: Status, words: str = "") -> None:
        """Moves a ticket, or the one it was merged into, as an agent does who has not resolved it before."""
        self._citizen.db.flush()
        lead = ticket.lead
        agent = next(agent for agent in self.agents if agent.name != lead.resolved_by)
        deed = Deed(agent, lead.reference, lead.version, uuid4(), self._citizen.now)
        casework.move(self._citizen.db, deed, to, words)
        self._citizen.db.flush()

    def merges(self, ticket: Ticket, into: Ticket) -> None:
        """Leaves a ticket as it stands once it was merged into another one."""
        ticket.merged_into_id = into.id
        self._citizen.db.add(TicketEvent(ticket_id=ticket.id, kind=EventKind.MERGED, at=self._citizen.now))
        self._citizen.db.flush()
        self._citizen.db.refresh(ticket)

    def _ticket(self, reference: str) -> Ticket:
        return self._citizen.db.scalars(select(Ticket).where(Ticket.reference == references.read(reference))).one()
