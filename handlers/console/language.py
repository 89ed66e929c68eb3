"""The switch between the console's languages."""

import re

from flask import abort, redirect, request, url_for
from flask_login import current_user, login_required
from werkzeug import Response

from gateway import accounts, database
from handlers.console.access import blueprint
from handlers.words import LANGUAGES

_OURS = re.compile(r"/console/[^\\\s]*")


@blueprint.post("/language")
@login_required  # whatever the role
def choose_language() -> Response:
    """Keeps the language that was chosen and goes back to the page where it was."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    with database.transaction() as db:
        accounts.choose_language(db, current_user.staff.name, chosen)
    page = request.form.get("page", "")
    return redirect(page if _OURS.fullmatch(page) else url_for("console.tickets"))
