"""Cases as the pages of the console find them, committed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway import database
from models import Ticket
from tests.gateway import desks


def filed(category: str = "water", *, days: float = 0, **more: Any) -> str:
    """Opens a case so many days ago and gives its reference."""
    with database.transaction() as db:
        at = datetime.now(UTC) - timedelta(days=days)
        return desks.case(db, category, at=at, **more).reference


def ticket(reference: str) -> Ticket:
    """Gives a case as it is kept."""
    with database.transaction() as db:
        found = db.query(Ticket).filter_by(reference=reference).one()
        db.expunge(found)
        return found
