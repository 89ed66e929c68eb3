"""Signing in to the console with a name and a password, and out of it. A second factor has its own page."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from gateway import database
from gateway.staff import sign_ins, staff_sessions
from gateway.staff.rights import Right, may
from gateway.staff.staff_sessions import Step, Visit
from handlers.console.access import any_staff, blueprint, is_by_hand, onward, public
from handlers.words import N_, forget_but_language, translated

REFUSED = N_("That name and password don't fit, or the account rests after too many tries.")


class SignedIn(UserMixin):
    """The member of staff behind a request, and the token of the session it came in."""

    def __init__(self, visit: Visit, token: str) -> None:
        self.id = visit.staff.name
        self.staff = visit.staff
        self.step = visit.step
        self.is_proved = visit.session.is_whole
        self.drawn_secret = visit.session.drawn_secret
        self.token = token

    def may(self, right: str) -> bool:
        """Whether this member has a right, by its words: for the links of a page."""
        return may(self.staff, Right(right))

    def get_id(self) -> str:
        """Gives what the cookie holds."""
        return self.token


class SignInForm(FlaskForm):
    """Name and password."""

    name = StringField(N_("Name"), [InputRequired(), Length(max=64)])
    password = PasswordField(N_("Password"), [InputRequired(), Length(max=256)])


def protect(app: Flask, *, without_forms: Iterable[Blueprint]) -> None:
    """Hangs sign-in and CSRF protection on the application; `without_forms` guard themselves in another way."""
    manager = LoginManager(app)
    manager.session_protection = None  # sessions end on the server; a phone's address changes with every mast
    manager.user_loader(_find)
    csrf = CSRFProtect(app)
    for exempt in without_forms:
        csrf.exempt(exempt)


def _find(token: str) -> SignedIn | None:
    if g.get("has_asked_who"):
        return None  # the first question failed; the page that says so is shown to nobody in particular
    g.has_asked_who = True
    with database.transaction() as db:
        visit = staff_sessions.find(db, token, datetime.now(UTC), is_by_hand=is_by_hand())
        return SignedIn(staff_sessions.carried_out(db, visit), token) if visit else None


def welcome(member: SignedIn, wanted: str | None = None, words: str | None = None) -> Response:
    """Gives the browser a new session, with nothing of the old one in it, says `words`, and leads on."""
    forget_but_language()
    session["wanted"] = wanted
    login_user(member)
    if words:
        flash(words, "success")
    return onward()


def source() -> str:
    """Gives the address that a request came from."""
    return request.remote_addr or ""


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> str | Response:
    """The form; one sentence for whatever is wrong."""
    if current_user.is_authenticated:
        return onward()
    form = SignInForm()
    if form.validate_on_submit():
        member = _by_password(form)
        if member:
            return welcome(member, request.args.get("next"))
        flash(translated(REFUSED), "error")
    return render_template("console/sign_in.html", form=form)


def _by_password(form: SignInForm) -> SignedIn | None:
    now = datetime.now(UTC)
    with database.transaction() as db:
        staff = sign_ins.prove_password(db, form.name.data, form.password.data, source(), now)
        if staff is None:
            return None
        token, visit = sign_ins.let_in(db, staff, now)
        return SignedIn(staff_sessions.carried_out(db, visit), token)


@blueprint.post("/sign-out")
@any_staff(*Step)
def sign_out() -> Response:
    """Ends the session, here and on the server."""
    with database.transaction() as db:
        staff_sessions.end(db, current_user.token)
    forget_but_language()
    return redirect(url_for("console.sign_in"))
