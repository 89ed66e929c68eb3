"""Staff: who has an account, in which role and department; and how an admin adds one."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from gateway import database
from gateway.errors import BadAccount, Stale
from gateway.staff import accounts, passwords, second_factors
from gateway.staff.accounts import Place
from gateway.staff.rights import Right
from handlers.console import forms, staff_acts
from handlers.console.access import blueprint, needs
from handlers.words import N_, own_pairs, translated
from models import Role, Staff

ROLES = {
    Role.AGENT: N_("Agent"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.OFFICIAL: N_("Official"),
    Role.APPROVER: N_("Approver"),
    Role.OFFICER: N_("Department officer"),
    Role.ADMIN: N_("Admin"),
    Role.AUDITOR: N_("Auditor"),
}


class PlaceForm(FlaskForm):
    """Role, department, and the phone that SMS for this member of staff go to."""

    role = SelectField(N_("Role"))
    department = SelectField(N_("Department"))
    phone = StringField(N_("Phone for SMS"), [Length(max=24)])
    is_chief = BooleanField(N_("Chief officer of the department"))

    def offer(self, departments: dict[str, dict[str, str]]) -> None:
        """Fills in what can be chosen."""
        self.role.choices = {role.value: translated(name) for role, name in ROLES.items()}
        self.department.choices = {"": translated("none"), **dict(own_pairs(departments))}

    def place(self) -> Place:
        """Gives what was chosen."""
        return Place(Role(self.role.data), self.department.data or None, self.phone.data, self.is_chief.data)


class MemberForm(PlaceForm):
    """The place of an account that is there."""

    over = HiddenField("")  # which place was on the screen


class NewForm(PlaceForm):
    """A new account."""

    name = StringField(N_("Name to sign in with"), [InputRequired(), Length(max=64)])
    has_console = BooleanField(N_("May sign in to the console"), default=True)


@blueprint.get("/staff")
@needs(Right.MANAGE_STAFF)
def staff() -> str:
    """Lists every account."""
    with database.transaction() as db:
        members = accounts.listed(db)
        departments = accounts.departments(db, members)
        db.expunge_all()
    return render_template(
        "console/staff.html",
        members=members,
        departments=departments,
        roles=ROLES,
        is_enrolled=second_factors.is_enrolled,
        has_console=accounts.has_console,
        now=datetime.now(UTC),
    )


@blueprint.route("/new-staff", methods=["GET", "POST"])
@needs(Right.MANAGE_STAFF)
def add_staff() -> str | Response:
    """Adds an account; its drawn password is shown once."""
    form = NewForm()
    form.offer(_departments())
    if form.validate_on_submit():
        name, drawn = form.name.data.strip(), passwords.drawn() if form.has_console.data else None
        if _is_added(name, form.place(), drawn):
            return staff_acts.shown(name, drawn) if drawn else redirect(url_for("console.staff_member", name=name))
    return render_template("console/staff_new.html", form=form)


def _is_added(name: str, place: Place, drawn: str | None) -> bool:
    made = Staff(
        name=name,
        role=place.role,
        department_code=place.department,
        phone=place.phone or None,
        is_chief=place.is_chief,
        must_change_password=drawn is not None,
        created_at=datetime.now(UTC),
    )
    try:
        with database.transaction() as db:
            accounts.add(db, made, drawn, by=current_user.id)
    except BadAccount as error:
        flash(translated(str(error)), "error")
        return False
    return True


@blueprint.route("/staff/<name>", methods=["GET", "POST"])
@needs(Right.MANAGE_STAFF)
def staff_member(name: str) -> str | Response:
    """Shows one account; changes its role, department and phone."""
    member = staff_acts.member(name)
    form = MemberForm(obj=member, department=member.department_code or "")
    form.offer(_departments(member))
    if form.validate_on_submit():
        if _is_moved(name, form.place(), form.over.data or ""):
            return redirect(url_for("console.staff_member", name=name))
        member = staff_acts.member(name)  # as it stands now: somebody else may have been quicker
    return _page_of(member, form)


def _is_moved(name: str, place: Place, over: str) -> bool:
    try:
        with database.transaction() as db:
            accounts.move(db, name, place, current_user.id, datetime.now(UTC), over=over)
    except BadAccount as error:
        flash(translated(str(error)), "error")
        return False
    except Stale as stale:
        forms.say(stale)
        return False
    flash(translated("Saved."), "success")
    return True


def _page_of(member: Staff, form: MemberForm) -> str:
    now = accounts.version(member)
    is_stale = form.is_submitted() and form.over.data != now
    form.over.data = now  # who has read what stands there now may save their own over it
    return render_template(
        "console/staff_member.html",
        member=member,
        form=form,
        acts=staff_acts.for_now(member),
        is_stale=is_stale,
        role=ROLES[member.role],
        departments=_departments(member),
    )


def _departments(*members: Staff) -> dict[str, dict[str, str]]:
    with database.transaction() as db:
        return accounts.departments(db, members)
