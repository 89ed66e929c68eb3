"""The switch between the console's languages."""

from flask import abort, redirect, request, session, url_for
from flask_login import current_user
from werkzeug import Response

from gateway import database
from gateway.staff import accounts
from handlers.console.access import blueprint, is_own_page, landing, public
from handlers.words import LANGUAGES


@blueprint.post("/language")
@public
def choose_language() -> Response:
    """Keeps the language that was chosen, a stranger's in the browser, and goes back to the page where it was."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    if current_user.is_authenticated:
        with database.transaction() as db:
            accounts.speak(db, current_user.staff.name, chosen)
    session["language"] = chosen
    page = request.form.get("page", "")
    return redirect(page if is_own_page(page) or page == url_for("pages.front") else landing())
