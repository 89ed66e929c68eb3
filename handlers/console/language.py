"""The switch between the console's languages."""

from flask import abort, redirect, request
from flask_login import current_user
from werkzeug import Response

from gateway import accounts, database
from gateway.staff_sessions import Step
from handlers.console.access import any_staff, blueprint, is_own_page, landing
from handlers.words import LANGUAGES


@blueprint.post("/language")
@any_staff(*Step)
def choose_language() -> Response:
    """Keeps the language that was chosen and goes back to the page where it was."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    with database.transaction() as db:
        accounts.speak(db, current_user.staff.name, chosen)
    page = request.form.get("page", "")
    return redirect(page if is_own_page(page) else landing())
