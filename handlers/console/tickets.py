"""The queue: a page of it, and every few seconds what came to it since."""

from datetime import UTC, datetime

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response as Answer

from gateway import database
from gateway.desk import desk, folders, queue_address, queue_search
from gateway.staff.rights import Right
from handlers import current
from handlers.console.access import blueprint, needs


@blueprint.get("/tickets")
@blueprint.get("/")
@needs(Right.SEE_TICKETS)
def tickets() -> str | Answer:
    """The queue as the address asks for it; a reference typed into the search leads straight to its ticket."""
    if "poll" in request.args:
        return _news()
    staff, now = current_user.staff, datetime.now(UTC)
    with database.transaction() as db:
        reference = queue_search.reference(db, staff, request.args.get("q", ""))
        if reference:
            return redirect(url_for("console.ticket", reference=reference))
        asked = queue_address.read(db, staff, request.args)
        page = desk.page(db, staff, asked.wanted, now)
    return render_template("console/tickets.html", asked=asked, page=page, now=now, settings=current.settings())


def _news() -> str:
    """What came to the first page since, and the folders' numbers: a part of the page, asked for by itself."""
    staff, now = current_user.staff, datetime.now(UTC)
    with database.transaction() as db:
        asked = queue_address.read(db, staff, request.args)
        shown = queue_address.shown(request.args.get("shown", ""))
        number = desk.came_in(db, staff, asked.wanted, shown, now)
        counts = folders.counts(db, staff, now)
    return render_template("console/news.html", asked=asked, number=number, shown=shown, counts=counts)
