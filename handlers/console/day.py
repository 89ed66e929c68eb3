"""My day: what waits for whoever is signed in, and what they did today."""

from datetime import UTC, datetime
from itertools import groupby

from flask import render_template
from flask_login import current_user

from gateway import database
from gateway.desk import my_day as days
from gateway.desk.my_day import Why
from gateway.staff.rights import Right
from handlers.console.access import blueprint, needs
from handlers.words import N_

WHY = {
    Why.CONTESTED: N_("The citizen says it is not fixed"),
    Why.OVERDUE: N_("Overdue"),
    Why.WROTE: N_("The citizen wrote since your last answer"),
    Why.TODAY: N_("Due today"),
    Why.LATER: N_("Later"),
}


@blueprint.get("/day")
@needs(Right.WORK_TICKETS)
def my_day() -> str:
    """My cases by why they wait, and my day's work in numbers."""
    staff, now = current_user.staff, datetime.now(UTC)
    with database.transaction() as db:
        waiting, done = days.waiting(db, staff, now), days.done(db, staff, now)
    groups = [(why, list(lines)) for why, lines in groupby(waiting, key=lambda line: line.why)]
    return render_template("console/day.html", groups=groups, done=done, names=WHY, now=now)
