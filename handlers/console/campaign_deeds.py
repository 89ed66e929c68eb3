"""What staff do to a campaign from its page. Each form names the version it was shown.

What is refused comes back with all that was typed; what is done leads back to the page.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug import Response

from gateway import database
from gateway.campaigns import approvals, campaigns, launches, repeats
from gateway.campaigns.approvals import Consent
from gateway.campaigns.campaigns import Deed, Start
from gateway.county import county_time
from gateway.errors import Refused, Stale
from gateway.staff import sign_ins
from gateway.staff.rights import Right
from handlers.console import campaign_forms, numbers, times
from handlers.console.access import blueprint, needs
from handlers.console.campaigns import is_real, page_of
from handlers.console.second_factor import REFUSED
from handlers.console.signin import source
from handlers.words import figure, translated

Answer = Response | tuple[str, int]


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/test")
@needs(Right.WRITE_CAMPAIGNS)
def test_campaign(campaign_id: int) -> Answer:
    """Sends the texts to the author's own phone."""
    said = translated("The texts are on their way to your phone. Read them there before you submit.")
    return _done(campaign_id, campaigns.send_test, said=said)


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/submit")
@needs(Right.WRITE_CAMPAIGNS)
def submit_campaign(campaign_id: int) -> Answer:
    """Hands it to whoever decides."""
    said = translated("It is submitted: a second person decides on it now.")
    return _done(campaign_id, campaigns.submit, said=said, is_real=is_real())


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/approve")
@needs(Right.APPROVE_CAMPAIGNS)
def approve_campaign(campaign_id: int) -> Answer:
    """Says yes, with the second factor where so many get it that it is asked again."""
    code = request.form.get("code", "").strip()
    proved = bool(code) and _is_proved(code)
    if code and not proved:
        return page_of(campaign_id, Refused(REFUSED)), 422
    consent = Consent(proved=proved, reason=request.form.get("reason", ""), shown=_number("shown"))
    return _done(campaign_id, approvals.approve, consent, said=_begins, is_real=is_real())


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/reject")
@needs(Right.APPROVE_CAMPAIGNS)
def reject_campaign(campaign_id: int) -> Answer:
    """Says no, and why."""
    said = translated("It is rejected; its author reads why and may change it.")
    return _done(campaign_id, approvals.reject, request.form.get("reason", ""), said=said)


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/schedule")
@needs(Right.SEE_CAMPAIGNS)
def schedule_campaign(campaign_id: int) -> Answer:
    """Sets another moment."""
    try:
        with database.transaction() as db:
            at = campaign_forms.moment(request.form.get("starts_at", ""), county_time.zone(db))
    except Refused as refused:
        return page_of(campaign_id, refused), 422
    return _done(campaign_id, approvals.schedule, at, said=_begins)


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/launch")
@needs(Right.SEE_CAMPAIGNS)
def launch_campaign(campaign_id: int) -> Answer:
    """Begins an approved one now."""
    return _done(campaign_id, launches.launch, said=_launched)


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/pause")
@needs(Right.SEE_CAMPAIGNS)
def pause_campaign(campaign_id: int) -> Answer:
    """Stops it until it is resumed."""
    return _done(campaign_id, launches.pause, said=translated("It pauses. What is on its way arrives."))


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/resume")
@needs(Right.SEE_CAMPAIGNS)
def resume_campaign(campaign_id: int) -> Answer:
    """Goes on."""
    return _done(campaign_id, launches.resume, said=translated("It goes on."))


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/cancel")
@needs(Right.SEE_CAMPAIGNS)
def cancel_campaign(campaign_id: int) -> Answer:
    """Ends it for good."""
    return _done(campaign_id, launches.cancel, request.form.get("reason", ""), said=translated("It is cancelled."))


@blueprint.post("/campaigns/<int(max=2147483647):campaign_id>/again")
@needs(Right.APPROVE_CAMPAIGNS)
def send_campaign_again(campaign_id: int) -> Answer:
    """Sends it once more to those in doubt."""
    return _done(campaign_id, repeats.repeat, request.form.get("reason", ""), said=_again)


def _begins(start: Start) -> str:
    """Says when a campaign begins, and whether that was put off."""
    if start.at <= datetime.now(UTC):
        return translated("It is approved and begins now.")
    at = times.moment(start.at)
    if start.is_moved:
        return translated("That would be in quiet hours, so it begins in the morning: %(at)s.", at=at)
    return translated("It begins on %(at)s.", at=at)


def _launched(has_begun: bool) -> str:
    return translated("It begins now.") if has_begun else translated("It had begun already: nothing was done twice.")


def _again(number: int) -> str:
    return translated("It goes out once more to %(number)s of those in doubt.", number=figure(number))


def _is_proved(code: str) -> bool:
    """Whether the code fits, in a transaction of its own: a wrong one counts whatever becomes of the campaign."""
    with database.transaction() as db:
        return sign_ins.prove_code(db, current_user.id, code, source(), datetime.now(UTC)) is not None


def _done(
    campaign_id: int, rule: Callable[..., Any], *wishes: object, said: str | Callable[[Any], str], **more: object
) -> Answer:
    """Does one deed and leads back to the page; a refused one shows the page with its sentence and what was typed."""
    try:
        with database.transaction() as db:
            made = rule(db, _deed(campaign_id), *wishes, **more)
    except Refused as refused:
        return page_of(campaign_id, refused), 409 if isinstance(refused, Stale) else 422
    flash(said if isinstance(said, str) else said(made), "success")
    return redirect(url_for("console.campaign", campaign_id=campaign_id))


def _deed(campaign_id: int) -> Deed:
    return Deed(current_user.staff, campaign_id, _number("version"), datetime.now(UTC))


def _number(name: str) -> int:
    """Gives a number that the page itself put into its form."""
    number = numbers.written(request.form.get(name, ""))
    if number is None:
        abort(400)
    return number
