"""Signing in and out of the console."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_login import LoginManager, UserMixin, login_required, login_user, logout_user
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from gateway import accounts, database
from handlers.console.access import blueprint
from models import Staff


class SignedIn(UserMixin):
    """The member of staff behind a request."""

    def __init__(self, staff: Staff) -> None:
        self.id = staff.name
        self.staff = staff


class SignInForm(FlaskForm):
    """Name and password."""

    name = StringField("Name", [InputRequired(), Length(max=64)])
    password = PasswordField("Password", [InputRequired(), Length(max=256)])


def protect(app: Flask, *, without_forms: Iterable[Blueprint]) -> None:
    """Hangs sign-in and CSRF protection on the application; `without_forms` guard themselves in another way."""
    manager = LoginManager(app)
    manager.login_view = "console.sign_in"
    manager.login_message = "Please sign in."
    manager.session_protection = "strong"
    manager.user_loader(_find)
    csrf = CSRFProtect(app)
    for exempt in without_forms:
        csrf.exempt(exempt)


def _find(name: str) -> SignedIn | None:
    with database.transaction() as db:
        staff = accounts.find(db, name)
        if staff is None:
            return None
        db.expunge(staff)
        return SignedIn(staff)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response:
    """The form; one sentence for whatever is wrong."""
    form = SignInForm()
    if form.validate_on_submit():
        with database.transaction() as db:
            staff = accounts.sign_in(db, form.name.data or "", form.password.data or "", datetime.now(UTC))
            if staff:
                db.flush()
                db.expunge(staff)
        if staff:
            login_user(SignedIn(staff))
            return redirect(url_for("console.tickets"))
        flash("That name and password don't fit, or the account rests after too many tries.")
    return render_template("console/sign_in.html", form=form)


@blueprint.post("/sign-out")
@login_required
def sign_out() -> Response:
    """Ends the session."""
    logout_user()
    return redirect(url_for("console.sign_in"))
