"""The page of one ticket."""

from datetime import UTC, datetime

from flask import abort, render_template
from flask_login import current_user

from gateway import database, desk_ticket
from gateway.rights import Right
from handlers.console.access import blueprint, needs


@blueprint.get("/tickets/<reference>")
@needs(Right.SEE_TICKETS)
def ticket(reference: str) -> str:
    """What the citizen wrote and what happened since."""
    with database.transaction() as db:
        shown = desk_ticket.read(db, current_user.staff, reference)
    if shown is None:
        abort(404)
    return render_template("console/ticket.html", ticket=shown, now=datetime.now(UTC))
