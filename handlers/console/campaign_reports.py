"""After a campaign: its recipients in doubt, its outcome as a file, and the draft that tells a ward what was done."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug import Response

from gateway import database
from gateway.campaigns import campaign_choices, campaign_exports, campaigns
from gateway.campaigns.audiences import Audience
from gateway.campaigns.campaign_exports import Wish
from gateway.campaigns.campaigns import Draft
from gateway.county import county_time, period
from gateway.desk import said_and_done
from gateway.desk.exports import Kind
from gateway.errors import Refused
from gateway.staff.rights import Right
from handlers.console.access import blueprint, needs
from handlers.console.campaigns import page_of
from handlers.words import translated

WORTH_TELLING = timedelta(days=7)
Answer = str | Response | tuple[str, int]


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/export")
@needs(Right.SEE_CAMPAIGNS)
def export_campaign(campaign_id: int) -> Answer:
    """Writes the outcome of each recipient to a file and hands it out; it is kept nowhere."""
    staff, now = current_user.staff, datetime.now(UTC)
    kind = Kind.XLSX if request.form.get("kind") == Kind.XLSX else Kind.CSV
    wish = Wish(campaign_id, kind, request.form.get("reason", ""))
    try:
        with ExitStack() as until_written, database.transaction() as db:
            file = until_written.enter_context(TemporaryFile())
            made = campaign_exports.write(db, staff, wish, file, now)
            until_written.pop_all()  # from here on the answer closes it
    except Refused as refused:
        return page_of(campaign_id, refused), 422
    file.seek(0)
    return send_file(file, kind.media, as_attachment=True, download_name=made.name)


@blueprint.get("/campaigns/said-and-done")
@needs(Right.WRITE_CAMPAIGNS)
def you_said() -> str:
    """Asks for a ward and a period."""
    return _asked(None)


@blueprint.post("/campaigns/said-and-done")
@needs(Right.WRITE_CAMPAIGNS)
def we_did() -> Answer:
    """Makes a draft to the ward of what was solved and finished there."""
    ward, now = request.form.get("ward", "").replace("\0", ""), datetime.now(UTC)
    try:
        with database.transaction() as db:
            over = period.read(request.form, county_time.zone(db), now)
            texts = said_and_done.draft(db, ward, over)
            name = campaign_choices.choices(db, current_user.staff).wards.get(ward, ward)
            title = translated("You said, we did: %(ward)s", ward=name)[: campaigns.LONGEST_TITLE]
            draft = Draft(title, texts, Audience(wards=(ward,)), now + WORTH_TELLING)
            kept = campaigns.write(db, current_user.staff, draft, now).id
    except Refused as refused:
        return _asked(refused), 422
    flash(
        translated("The draft is made from what was solved and finished. Read it and change what you like."), "success"
    )
    return redirect(url_for("console.edit_campaign", campaign_id=kept))


def _asked(refused: Refused | None) -> str:
    with database.transaction() as db:
        over = period.read(request.form, county_time.zone(db), datetime.now(UTC))
        wards = campaign_choices.choices(db, current_user.staff).wards
    return render_template(
        "console/campaigns/said_and_done.html",
        over=over,
        wards=sorted(wards.items(), key=lambda pair: pair[1]),
        ward=request.form.get("ward"),
        refused=refused,
    )
