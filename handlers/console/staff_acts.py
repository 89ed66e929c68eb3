"""What an admin does to an account of staff, each asked once more before it is done."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug import Response

from gateway import database
from gateway.errors import BadAccount
from gateway.staff import accounts, second_factors
from gateway.staff.rights import Right
from handlers.console.access import blueprint, needs
from handlers.words import N_, translated
from models import Staff


@dataclass(frozen=True)
class Act:
    """What may be done to an account, and what is said before it is done."""

    title: str
    warning: str
    done: str


ACTS = {
    "disable": Act(
        N_("Disable"),
        N_("Whoever is signed in with this account is out at once. It can be enabled again."),
        N_("The account is disabled."),
    ),
    "enable": Act(
        N_("Enable"),
        N_("Whoever has this account may sign in again, also where it rests after too many tries."),
        N_("The account is enabled."),
    ),
    "reset-password": Act(
        N_("Reset password"),
        N_("The old password stops working at once. A new one is drawn and shown once; it must be changed."),
        "",
    ),
    "second-factor-lost": Act(
        N_("Second factor lost"),
        N_("Make sure that you speak with the right person. A new second factor is enrolled at the next sign-in."),
        N_("The second factor is forgotten."),
    ),
}
DOES = {"disable": accounts.disable, "enable": accounts.enable, "second-factor-lost": accounts.lose_second_factor}


@blueprint.route("/staff/<name>/<act>", methods=["GET", "POST"])
@needs(Right.MANAGE_STAFF)
def act_on_staff(name: str, act: str) -> str | Response:
    """Asks once more, then does it."""
    if act not in ACTS:
        abort(404)
    concerned, form = member(name), FlaskForm()
    if form.validate_on_submit():
        drawn = _do(name, act)
        return shown(name, drawn) if drawn else redirect(url_for("console.staff_member", name=name))
    return render_template("console/staff_confirm.html", member=concerned, form=form, act=ACTS[act])


def _do(name: str, act: str) -> str | None:
    """Does it and says so, or why not; gives the password that was drawn, if one was."""
    now = datetime.now(UTC)
    try:
        with database.transaction() as db:
            if act == "reset-password":
                return accounts.reset_password(db, name, current_user.id, now)
            DOES[act](db, name, current_user.id, now)
        flash(translated(ACTS[act].done), "success")
    except BadAccount as error:
        flash(translated(str(error)), "error")
    return None


def for_now(concerned: Staff) -> dict[str, Act]:
    """Gives the acts that make sense for an account as it stands; none for one's own."""
    if concerned.name == current_user.id:
        return {}
    is_shut = concerned.disabled_at is not None or concerned.locked_until is not None
    wanted = {
        "disable": concerned.disabled_at is None,
        "enable": is_shut,
        "reset-password": True,
        "second-factor-lost": second_factors.is_enrolled(concerned),
    }
    return {name: ACTS[name] for name, makes_sense in wanted.items() if makes_sense}


def shown(name: str, drawn: str) -> str:
    """Shows a drawn password, once."""
    return render_template("console/staff_password.html", name=name, drawn=drawn)


def member(name: str) -> Staff:
    """Gives an account; 404 where there is none."""
    with database.transaction() as db:
        found = accounts.find(db, name)
        if found is None:
            abort(404)
        db.expunge(found)
        return found
