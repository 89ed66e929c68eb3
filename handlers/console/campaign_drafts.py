"""Writing a campaign: the form, what it would read like while it is written, and texts taken from a template."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from gateway import database
from gateway.campaigns import campaign_choices, campaigns, headcounts, text_templates, wordings
from gateway.campaigns.campaigns import Deed
from gateway.errors import Refused, Stale
from gateway.staff.rights import Right
from handlers.console import campaign_forms, numbers
from handlers.console.access import blueprint, needs
from handlers.console.campaign_forms import Typed
from handlers.words import translated
from models import Campaign, CampaignStatus

Answer = str | Response | tuple[str, int]
_OPEN = (CampaignStatus.DRAFT, CampaignStatus.REJECTED)


@blueprint.get("/campaigns/new")
@needs(Right.WRITE_CAMPAIGNS)
def new_campaign() -> str:
    """The empty form; a list that was just uploaded may be chosen in it already."""
    with database.transaction() as db:
        form = campaign_forms.empty(campaign_choices.choices(db, current_user.staff).zone, datetime.now(UTC))
    form["upload"] = request.args.get("upload", "")
    return _page(form, None)


@blueprint.post("/campaigns/new")
@needs(Right.WRITE_CAMPAIGNS)
def write_campaign() -> Answer:
    """Keeps a new draft."""
    now = datetime.now(UTC)
    try:
        with database.transaction() as db:
            zone = campaign_choices.choices(db, current_user.staff).zone
            kept = campaigns.write(db, current_user.staff, campaign_forms.draft(request.form, zone), now).id
    except Refused as refused:
        return _page(request.form, None, refused), 422
    flash(translated("The draft is kept. Look at what it would do, then send it to your own phone."), "success")
    return redirect(url_for("console.campaign", campaign_id=kept))


@blueprint.get("/campaigns/<int(max=2147483647):campaign_id>/edit")
@needs(Right.WRITE_CAMPAIGNS)
def edit_campaign(campaign_id: int) -> Answer:
    """The form as the campaign fills it in; what can't be changed any more leads to its page."""
    known, form = _known(campaign_id)
    if known.status not in _OPEN or known.author != current_user.staff.name:
        return redirect(url_for("console.campaign", campaign_id=campaign_id))
    return _page(form, known)


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/edit")
@needs(Right.WRITE_CAMPAIGNS)
def change_campaign(campaign_id: int) -> Answer:
    """Keeps a change. Where somebody else was quicker both texts stand on the page."""
    try:
        with database.transaction() as db:
            zone = campaign_choices.choices(db, current_user.staff).zone
            deed = Deed(current_user.staff, campaign_id, _version(), datetime.now(UTC))
            campaigns.change(db, deed, campaign_forms.draft(request.form, zone))
    except Refused as refused:
        return _page(request.form, _known(campaign_id)[0], refused), 409 if isinstance(refused, Stale) else 422
    flash(translated("The change is kept."), "success")
    return redirect(url_for("console.campaign", campaign_id=campaign_id))


@blueprint.post("/campaigns/fill", defaults={"campaign_id": None})
@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/fill")
@needs(Right.WRITE_CAMPAIGNS)
def fill_campaign(campaign_id: int | None) -> Answer:
    """The form with a template's texts in place of its own, or its texts kept as a template's next wording."""
    form, refused = Typed(request.form), None
    try:
        _keep_template(form) if form.get("do") == "keep" else _take_template(form)
    except Refused as error:
        refused = error
    return _page(form, _known(campaign_id)[0] if campaign_id else None, refused), 422 if refused else 200


@blueprint.post("/campaigns/preview")
@needs(Right.WRITE_CAMPAIGNS)
def preview_campaign() -> str:
    """What is being written, as it would be read, measured and counted in segments."""
    now = datetime.now(UTC)
    with database.transaction() as db:
        try:
            sketch = campaigns.sketch(db, current_user.staff, campaign_forms.words_only(request.form, now), now)
        except Refused as refused:
            return render_template("console/campaigns/preview.html", refused=refused)
        measures = wordings.of(db, sketch).measured()
        shown = headcounts.previews(db, sketch, now, most=3) if measures else []
        return render_template("console/campaigns/preview.html", measures=measures, previews=shown)


def _take_template(form: Typed) -> None:
    with database.transaction() as db:
        offers = {str(offer.id): offer for offer in text_templates.offered(db)}
    chosen = offers.get(form.get("template", ""))
    if chosen is None:
        raise Refused("Choose a template first.")
    campaign_forms.put_texts(form, dict(chosen.texts))


def _keep_template(form: Typed) -> None:
    name, now = form.get("template_name", "").replace("\0", ""), datetime.now(UTC)
    with database.transaction() as db:
        text_templates.write(db, current_user.staff, name, campaign_forms.texts(form), now)
    flash(translated("The texts are kept as a template."), "success")


def _known(campaign_id: int) -> tuple[Campaign, Typed]:
    """Gives a campaign and the form that it fills in."""
    try:
        with database.transaction() as db:
            known = campaigns.find(db, current_user.staff, campaign_id)
            form = campaign_forms.typed(known, campaign_choices.choices(db, current_user.staff).zone)
            db.expunge(known)
            return known, form
    except Refused:
        abort(404)


def _version() -> int:
    version = numbers.written(request.form.get("version", ""))
    if version is None:
        abort(400)
    return version


def _page(form: Typed, known: Campaign | None, refused: Refused | None = None) -> str:
    with database.transaction() as db:
        choices = campaign_choices.choices(db, current_user.staff, campaign_forms.chosen_list(form))
        templates = text_templates.offered(db)
    return render_template(
        "console/campaigns/form.html",
        typed=form,
        known=known,
        refused=refused,
        is_stale=isinstance(refused, Stale),
        choices=choices,
        templates=templates,
        longest=wordings.LONGEST_TEXT,
        fastest=campaigns.FASTEST,
        later=campaign_forms.LATER,
    )
