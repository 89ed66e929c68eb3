"""My account: what a member of staff decides about the own account."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, session, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import PasswordField, SelectField
from wtforms.validators import EqualTo, InputRequired, Length

from gateway import database
from gateway.errors import BadAccount
from gateway.staff import accounts, passwords, second_factors, sign_ins, staff_sessions
from gateway.staff.staff_sessions import Step
from handlers.console.access import any_staff, blueprint
from handlers.console.signin import SignedIn, source, welcome
from handlers.words import LANGUAGES, N_, translated

WRONG = N_("That is not your password, or the account rests after too many tries.")


class LanguageForm(FlaskForm):
    """The console's language."""

    language = SelectField(N_("Language"), choices=LANGUAGES)


class ProofForm(FlaskForm):
    """The password once more, before something that a thief of the session must not do."""

    current = PasswordField(N_("Your password"), [InputRequired(), Length(max=256)])


class PasswordForm(ProofForm):
    """A new password, typed twice."""

    new = PasswordField(N_("New password"), [InputRequired(), Length(max=512)])
    again = PasswordField(
        N_("The new one again"), [InputRequired(), EqualTo("new", N_("The two new passwords differ."))]
    )


@blueprint.get("/account")
@any_staff()
def account() -> str:
    """Shows the own account."""
    staff = current_user.staff
    return render_template(
        "console/account.html",
        staff=staff,
        speaks=LanguageForm(language=staff.language),
        proof=ProofForm(),
        is_enrolled=second_factors.is_enrolled(staff),
    )


@blueprint.post("/account/second-factor")
@any_staff()
def begin_enrolling() -> Response:
    """Draws the secret of a new second factor; the old one counts until a code of the new one came."""
    form = ProofForm()
    if not form.validate_on_submit() or not _is_proved(form.current.data):
        flash(translated(WRONG), "error")
        return redirect(url_for("console.account"))
    with database.transaction() as db:
        staff_sessions.draw_secret(db, current_user.token)
    return redirect(url_for("console.enrol"))


@blueprint.post("/account/sign-out-everywhere")
@any_staff()
def sign_out_everywhere() -> Response:
    """Ends every session of this member, this one too."""
    with database.transaction() as db:
        staff_sessions.end_all(db, current_user.id)
    session.clear()
    return redirect(url_for("console.sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
@any_staff(Step.PASSWORD)
def password() -> str | Response:
    """Changes the password. Whoever just signed in with a drawn one isn't asked for it again."""
    form = PasswordForm()
    if current_user.step is Step.PASSWORD:
        del form.current
    if form.validate_on_submit():
        if form.current is not None and not _is_proved(form.current.data):
            flash(translated(WRONG), "error")
        elif member := _with_password(form.new.data):
            return welcome(member, session.get("wanted"), translated("Your password was changed."))
    return render_template("console/password.html", form=form, shortest=_shortest())


def _with_password(new: str) -> SignedIn | None:
    """Changes the password, and signs this browser in anew: every session ended with the old one."""
    now = datetime.now(UTC)
    try:
        with database.transaction() as db:
            staff = accounts.change_password(db, current_user.id, new, now)
            token, visit = staff_sessions.begin(db, staff, now, has_proved=current_user.is_proved)
            return SignedIn(staff_sessions.carried_out(db, visit), token)
    except BadAccount as error:
        flash(translated(str(error)), "error")
        return None


def _is_proved(typed: str) -> bool:
    with database.transaction() as db:
        return sign_ins.prove_password(db, current_user.id, typed, source(), datetime.now(UTC)) is not None


def _shortest() -> int:
    is_enrolled = second_factors.is_enrolled(current_user.staff)
    return passwords.SHORTEST_WITH_SECOND_FACTOR if is_enrolled else passwords.SHORTEST
