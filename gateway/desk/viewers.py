"""Who is looking at a ticket, so that two agents don't answer it at once. A screen tells so every few seconds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import TicketViewer

HEARD_WITHIN = timedelta(seconds=45)


def look(db: Session, name: str, ticket_id: int, now: datetime) -> Sequence[str]:
    """Notes that `name` looks at a ticket; gives who else does, by name."""
    seen = insert(TicketViewer).values(ticket_id=ticket_id, staff_name=name, seen_at=now)
    keys = [TicketViewer.ticket_id, TicketViewer.staff_name]
    db.execute(seen.on_conflict_do_update(index_elements=keys, set_={"seen_at": now}))
    others = select(TicketViewer.staff_name).where(TicketViewer.ticket_id == ticket_id, TicketViewer.staff_name != name)
    return db.scalars(others.where(TicketViewer.seen_at > now - HEARD_WITHIN).order_by(TicketViewer.staff_name)).all()


def forget(db: Session, now: datetime) -> None:
    """Forgets who looked some time ago."""
    db.execute(delete(TicketViewer).where(TicketViewer.seen_at < now - HEARD_WITHIN))
