"""The cases that came in, newest first."""

from datetime import UTC, datetime

from flask import render_template
from flask_login import current_user

from gateway import database, desk, health
from gateway.rights import Right
from handlers import current
from handlers.console.access import blueprint, needs


@blueprint.get("/")
@needs(Right.SEE_TICKETS)
def tickets() -> str:
    """The newest cases this member of staff may see."""
    settings = current.settings()
    with database.transaction() as db:
        lines, zone = desk.newest(db, current_user.staff), desk.zone(db)
    blockers, troubles = health.check(settings, datetime.now(UTC))
    return render_template(
        "console/tickets.html", lines=lines, zone=zone, settings=settings, causes=[*blockers, *troubles]
    )
