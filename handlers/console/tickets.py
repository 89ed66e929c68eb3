"""The cases that came in, newest first."""

from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask_login import current_user, login_required

from gateway import database, desk, health
from handlers import current

blueprint = Blueprint("console", __name__, url_prefix="/console")


@blueprint.get("/")
@login_required
def tickets() -> str:
    """The newest cases this member of staff may see."""
    settings = current.settings()
    with database.transaction() as db:
        lines, zone = desk.newest(db, current_user.staff), desk.zone(db)
    blockers, troubles = health.check(settings, datetime.now(UTC))
    return render_template(
        "console/tickets.html", lines=lines, zone=zone, settings=settings, causes=[*blockers, *troubles]
    )
