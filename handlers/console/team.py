"""The supervisor's view: the load on each, what is late, what went up the chain; and giving many cases at once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request
from flask_login import current_user
from werkzeug import Response
from wtforms import HiddenField, SelectField, SelectMultipleField

from gateway import database
from gateway.desk import bulk_assignments, queue_filters, workload
from gateway.desk.bulk_assignments import Pick, Result, Turn
from gateway.desk.workload import Whose
from gateway.errors import Refused
from gateway.staff.rights import Right
from gateway.tickets import references
from handlers.console import forms
from handlers.console.access import blueprint, needs
from handlers.console.forms import Form
from handlers.console.numbers import written
from handlers.console.telling import said
from handlers.words import N_, numbered, translated

NOBODY = "-"  # as an address says it; no account's name begins so
STEPS = {1: N_("agent"), 2: N_("supervisor"), 3: N_("chief officer")}
NAMED = 10  # refused cases that are named, so that the page can be read


class GiveForm(Form):
    """Which cases go to whom. A pick is a reference and the version that was shown."""

    picks = SelectMultipleField(N_("Cases"), validate_choice=False)
    to = SelectField(N_("Give to"), validate_choice=False)
    press = HiddenField(default=lambda: str(uuid4()))

    def pressed(self) -> UUID | None:
        """Gives which press of the button this is; None for what is none."""
        try:
            return UUID(self.press.data)
        except (TypeError, ValueError):
            return None

    def chosen(self) -> Sequence[Pick]:
        """Gives the cases that were chosen; what is no case is left out."""
        parts = (pick.partition(":") for pick in self.picks.data or ())
        return [Pick(name.replace("-", ""), int(number)) for name, _, number in parts if _is_small(number)]


def _is_small(number: str) -> bool:
    return written(number) is not None


@blueprint.get("/supervision")
@needs(Right.SUPERVISE)
def supervisor() -> str:
    """The load on people and departments, and what went up the chain."""
    staff, now = current_user.staff, datetime.now(UTC)
    with database.transaction() as db:
        people = workload.per_person(db, staff, now)
        departments = workload.per_department(db, staff, now)
        raised = workload.raised(db, staff)
    return render_template(
        "console/team.html", people=people, departments=departments, raised=raised, steps=STEPS, nobody=NOBODY
    )


@blueprint.get("/supervision/give")
@needs(Right.SUPERVISE)
def give() -> str:
    """Open cases of a person, of nobody or of a department, to choose from."""
    whose, form = _whose(), GiveForm()
    with database.transaction() as db:
        found = workload.held(db, current_user.staff, whose, datetime.now(UTC))
        names, labels = workload.able(db), queue_filters.choices(db).department
    form.to.choices = [("", translated("choose")), (NOBODY, translated("nobody")), *((name, name) for name in names)]
    return render_template(
        "console/give.html", form=form, cases=found, whose=whose, names=names, departments=labels, nobody=NOBODY
    )


@blueprint.post("/supervision/give")
@needs(Right.SUPERVISE)
def give_many() -> Response:
    """Gives the chosen cases and says what became of each."""
    form, here = GiveForm(), redirect(request.full_path.rstrip("?"))
    press = form.pressed()
    if not form.validate_on_submit() or not form.to.data or press is None:
        flash(translated("Choose to whom the cases go."), "error")
        return here
    turn = Turn(current_user.staff, press, datetime.now(UTC))
    try:
        with database.transaction() as db:
            to = None if form.to.data == NOBODY else form.to.data
            _tell(bulk_assignments.assign_many(db, turn, form.chosen(), to))
    except Refused as refused:
        forms.say(refused)
    return here


def _whose() -> Whose:
    assignee = request.args.get("assignee", "").replace("\0", "")
    return Whose(
        None if not assignee else "" if assignee == NOBODY else assignee,
        request.args.get("department", "").replace("\0", "") or None,
        is_overdue="overdue" in request.args,
    )


def _tell(results: Sequence[Result]) -> None:
    given = sum(result.fault is None for result in results)
    flash(numbered("%(number)s case given.", "%(number)s cases given.", given), "success" if given else "plain")
    faults: dict[str, list[str]] = {}
    for result in results:
        if result.fault:
            faults.setdefault(said(result.fault), []).append(references.printed(result.reference))
    for fault, names in faults.items():
        more = f" + {len(names) - NAMED}" if len(names) > NAMED else ""
        flash(f"{', '.join(names[:NAMED])}{more}: {fault}", "error")
