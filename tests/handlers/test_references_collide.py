"""Two dialogues that drew one reference: the later case gets another, and nobody's case is swallowed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.tickets import references
from models import Message, Ticket
from tests.grounds import OTHER, PHONE
from tests.handlers.phones import EMERGENCY, SUBMIT, TO_THE_CHECK, Phone

SAME = "222222222"


@pytest.fixture
def one_reference_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes chance fall on the same reference twice, then go on as usual."""
    fair = references.draw

    def draws() -> Iterator[str]:
        yield from (SAME, SAME)
        while True:
            yield fair()

    drawn = draws()
    monkeypatch.setattr(references, "draw", lambda: next(drawn))


@pytest.mark.usefixtures("one_reference_twice")
@pytest.mark.parametrize("inputs", [(*TO_THE_CHECK, SUBMIT), EMERGENCY])
def test_the_later_of_two_cases_with_one_reference_gets_another(
    phone: Phone, kept: Session, inputs: tuple[str, ...]
) -> None:
    later = replace(phone, number=OTHER, session="ATUid_2")
    later.dial("ATUid_2")
    phone.reports(*inputs)
    farewell = later.type(*inputs)
    tickets = {ticket.phone: ticket for ticket in kept.scalars(select(Ticket))}
    assert set(tickets) == {PHONE, OTHER}
    assert tickets[PHONE].reference == SAME
    other = references.printed(tickets[OTHER].reference)
    assert tickets[OTHER].reference != SAME
    assert other in farewell
    confirmation = kept.scalars(select(Message.body).where(Message.phone == OTHER)).one()
    assert other in confirmation
    assert references.printed(SAME) not in confirmation + farewell
