"""The second factor: asked for after the password, and enrolled, at the first sign-in or from one's own account."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, session, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from gateway import database
from gateway.staff import accounts, second_factors, sign_ins, staff_sessions
from gateway.staff.staff_sessions import Step
from handlers.console.access import any_staff, blueprint, onward
from handlers.console.signin import SignedIn, source, welcome
from handlers.words import N_, translated

REFUSED = N_("That code doesn't fit, was used before, or the account rests after too many tries.")


class CodeForm(FlaskForm):
    """A code of the second factor."""

    code = StringField(N_("Code"), [InputRequired(), Length(max=12)])


@blueprint.route("/second-factor", methods=["GET", "POST"])
@any_staff(Step.SECOND_FACTOR)
def second_factor() -> str | Response:
    """Asks for the code, once the password was right."""
    if current_user.step is not Step.SECOND_FACTOR:
        return onward()
    form = CodeForm()
    if form.validate_on_submit():
        member = _by_code(form.code.data)
        if member:
            return welcome(member, session.get("wanted"))
        flash(translated(REFUSED), "error")
    return render_template("console/second_factor.html", form=form)


def _by_code(code: str) -> SignedIn | None:
    now = datetime.now(UTC)
    with database.transaction() as db:
        staff = sign_ins.prove_code(db, current_user.id, code, source(), now)
        if staff is None:
            return None
        staff_sessions.end(db, current_user.token)
        token, visit = sign_ins.let_in(db, staff, now, has_proved=True)
        return SignedIn(staff_sessions.carried_out(db, visit), token)


@blueprint.route("/second-factor/new", methods=["GET", "POST"])
@any_staff(Step.ENROL)
def enrol() -> str | Response:
    """Shows the secret that was drawn for this session, until a code shows that an app has it."""
    secret = current_user.drawn_secret
    if secret is None:
        return redirect(url_for("console.account"))
    form = CodeForm()
    if form.validate_on_submit():
        member = _enrolled(secret, form.code.data)
        if member:
            return welcome(member, session.get("wanted"), translated("Your second factor counts from now on."))
        flash(
            translated("That code doesn't fit. Wait for the next one, and check that the phone's clock is right."),
            "error",
        )
    picture = second_factors.picture(current_user.id, secret)
    return render_template("console/enrol.html", form=form, secret=secret, picture=picture)


def _enrolled(secret: str, code: str) -> SignedIn | None:
    now = datetime.now(UTC)
    with database.transaction() as db:
        staff = accounts.enrol(db, current_user.id, secret, code, now)
        if staff is None:
            return None
        token, visit = sign_ins.let_in(db, staff, now, has_proved=True)
        return SignedIn(staff_sessions.carried_out(db, visit), token)
