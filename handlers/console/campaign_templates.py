"""Templates of texts: the list, and one of them with every wording it has had."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug import Response

from gateway import database
from gateway.campaigns import text_templates
from gateway.errors import Refused
from gateway.staff.rights import Right
from handlers.console import forms
from handlers.console.access import blueprint, needs
from handlers.words import translated


@blueprint.get("/campaigns/templates")
@needs(Right.SEE_CAMPAIGNS)
def text_templates_page() -> str:
    """Those that campaigns may begin with."""
    with database.transaction() as db:
        return render_template("console/campaigns/templates.html", offers=text_templates.offered(db))


@blueprint.get("/campaigns/templates/<int(max=2147483647):template_id>")
@needs(Right.SEE_CAMPAIGNS)
def text_template(template_id: int) -> str:
    """One with its history."""
    with database.transaction() as db:
        offer = next((each for each in text_templates.offered(db) if each.id == template_id), None)
        if offer is None:
            abort(404)
        history = text_templates.history(db, template_id)
        return render_template("console/campaigns/template.html", offer=offer, history=history)


@blueprint.post("/campaigns/templates/<int(max=2147483647):template_id>/retire")
@needs(Right.WRITE_CAMPAIGNS)
def retire_template(template_id: int) -> Response:
    """Takes one from the list."""
    try:
        with database.transaction() as db:
            text_templates.retire(db, current_user.staff, template_id, datetime.now(UTC))
    except Refused as refused:
        forms.say(refused)
    else:
        flash(translated("The template is no longer offered."), "success")
    return redirect(url_for("console.text_templates_page"))
