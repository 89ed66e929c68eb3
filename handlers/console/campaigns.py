"""Campaigns: the list, and the page of one of them, which asks for its progress by itself while it runs."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask_login import current_user

from gateway import database
from gateway.campaigns import campaign_choices, campaign_desk, campaign_list, campaigns, progress
from gateway.campaigns.progress import Progress
from gateway.errors import Refused, Stale
from gateway.staff.rights import Right
from handlers import current
from handlers.console import campaign_words, numbers
from handlers.console.access import blueprint, needs
from models import Campaign, CampaignStatus

OFTEN, SELDOM = 2, 15  # seconds between two looks
WATCHED_FOR = timedelta(hours=1)  # after its end: delivery reports still come
_MOVING = (CampaignStatus.APPROVED, CampaignStatus.SCHEDULED, CampaignStatus.SENDING, CampaignStatus.PAUSED)


@blueprint.get("/campaigns", endpoint="campaigns")
@needs(Right.SEE_CAMPAIGNS)
def listed() -> str:
    """What waits for me, and all of them by status."""
    asked, last = request.args.get("status", ""), numbers.written(request.args.get("below", ""))
    status = CampaignStatus(asked) if asked in list(CampaignStatus) else None
    with database.transaction() as db:
        return render_template(
            "console/campaigns/list.html",
            found=campaign_list.page(db, status, last),
            counts=campaign_list.counts(db),
            waiting=campaign_list.waiting(db, current_user.staff),
            status=status,
            below=last,
        )


@blueprint.get("/campaigns/<int(max=2147483647):campaign_id>")
@needs(Right.SEE_CAMPAIGNS)
def campaign(campaign_id: int) -> str | Response:
    """The whole page, or how far it has come, which the page asks for every few seconds.

    Its audience is counted at a second look, which the page takes by itself: of a large one that takes seconds.
    """
    if "poll" in request.args:
        return _since(campaign_id)
    return page_of(campaign_id, is_counted="counted" in request.args)


def page_of(campaign_id: int, refused: Refused | None = None, *, is_counted: bool = True) -> str:
    """Gives the page, with what was refused and the words that were typed for it; one out of sight is not found."""
    staff, now = current_user.staff, datetime.now(UTC)
    with database.transaction() as db:
        _find(db, campaign_id)
        desk = campaign_desk.read(db, staff, campaign_id, now, is_real=is_real(), is_counted=is_counted)
        choices = campaign_choices.choices(db, staff)
        return render_template(
            "console/campaigns/campaign.html",
            desk=desk,
            audience=campaign_words.audience(desk, choices, campaign_desk.size(db, desk)),
            wards=choices.wards,
            zone=choices.zone,
            refused=refused,
            is_stale=isinstance(refused, Stale),
            typed=request.form if refused else {},
            **_progress(desk.campaign, desk.outcome.progress if desk.outcome else None, choices.wards, now),
            failures=desk.outcome.failures if desk.outcome else {},
        )


def is_real() -> bool:
    """Whether the carrier sends to real phones."""
    return not current.settings().uses_simulator


def _since(campaign_id: int) -> Response:
    """Gives the progress; where the campaign has moved meanwhile, makes the browser load the page anew."""
    now = datetime.now(UTC)
    with database.transaction() as db:
        found = _find(db, campaign_id)
        how_far = progress.of(db, found) if found.begun_at else None
        wards = campaign_choices.choices(db, current_user.staff).wards
        failures = progress.failures(db, campaign_id) if how_far else {}
        context = _progress(found, how_far, wards, now)
        answer = make_response(render_template("console/campaigns/progress.html", failures=failures, **context))
        if request.args.get("seen") != str(found.version):
            answer.headers["HX-Refresh"] = "true"
    return answer


def _find(db: Any, campaign_id: int) -> Campaign:
    try:
        return campaigns.find(db, current_user.staff, campaign_id)
    except Refused:
        abort(404)


def _progress(found: Campaign, how_far: Progress | None, wards: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Gives what the part of the page shows that is asked for again and again."""
    return {
        "campaign": found,
        "progress": how_far,
        "columns": campaign_words.columns(how_far) if how_far else (),
        "by_ward": campaign_words.by_ward(how_far, wards) if how_far else (),
        "by_network": campaign_words.by_network(how_far) if how_far else (),
        "every": _every(found, now),
        "now": now,
    }


def _every(found: Campaign, now: datetime) -> int | None:
    """Gives the seconds until the page looks again, None where nothing moves by itself."""
    if found.status in _MOVING:
        return OFTEN
    if found.status is CampaignStatus.SUBMITTED and found.author == current_user.staff.name:
        return OFTEN  # whoever decides may be typing a reason: their page stays as it is
    return SELDOM if found.ended_at is not None and found.begun_at and now - found.ended_at < WATCHED_FOR else None
