"""The job that tends tickets: what is overdue goes up the chain, what stays resolved is closed, each once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from gateway import database, queue
from gateway.operations import runs
from gateway.tickets import casework
from models import Escalation, Role, Status, Ticket, TicketViewer
from tests.carriers.standins import Simulator
from tests.gateway.desks import deed, hire, report
from tests.grounds import OTHER, PHONE
from workers import jobs, schedule, stop

pytestmark = pytest.mark.usefixtures("ground", "here")

LONG_AGO = datetime.now(UTC) - timedelta(days=60)


@pytest.fixture
def neglected(ground: Engine) -> int:
    """A case nobody looked at for two months, beside one that was resolved as long ago; gives the id of the first."""
    with database.transaction() as db:
        jane = hire(db)
        late, done = report(db, at=LONG_AGO), report(db, phone=OTHER, at=LONG_AGO)
        hire(db, "chief", Role.OFFICER, department_code=late.department_code, is_chief=True, phone="+254711000001")
        casework.move(db, deed(done, jane, LONG_AGO), Status.RESOLVED, "Mended.")
        db.execute(insert(TicketViewer).values(ticket_id=late.id, staff_name="jane", seen_at=LONG_AGO))
        return late.id


def steps(engine: Engine) -> int:
    with Session(engine) as db:
        return db.scalar(select(func.count()).select_from(Escalation)) or 0


def test_what_is_overdue_goes_up_the_chain_and_the_chief_officer_receives_it(
    engine: Engine, simulator: Simulator, neglected: int
) -> None:
    for _ in range(2):
        jobs.tend_tickets()
    jobs.send_messages("replies")
    heard = [sms["text"] for sms in simulator.ledger()["accepted"] if sms["phone"] == "+254711000001"]
    assert (steps(engine), len(heard)) == (3, 1)
    assert "is overdue since" in heard[0]


def test_what_stays_resolved_is_closed_and_those_who_looked_are_forgotten(engine: Engine, neglected: int) -> None:
    jobs.tend_tickets()
    with Session(engine) as db:
        done = db.scalars(select(Ticket).where(Ticket.phone == OTHER)).one()
        assert (done.status, done.verdict) == (Status.CLOSED, None)
        assert db.scalars(select(TicketViewer)).all() == []
        assert runs.ages(db, datetime.now(UTC), LONG_AGO)["tend_tickets"] < 60


def test_the_clock_tends_by_itself_while_redis_is_away(engine: Engine, neglected: int) -> None:
    queue.connect("redis://127.0.0.1:1/0")
    (periodic,) = [each for each in schedule.PERIODIC if each.job == "tend_tickets"]
    assert periodic.seconds == 60
    schedule.ring(periodic)
    assert steps(engine) == 3


def test_a_stopped_worker_begins_no_new_batch(engine: Engine, neglected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop, "_asked", True)
    jobs.tend_tickets()
    assert steps(engine) == 0
    with Session(engine) as db:
        assert db.scalars(select(Ticket.status).where(Ticket.phone == PHONE)).one() is Status.NEW
