"""Reports: what the county says it resolved, what citizens say of it, and whether the clocks were kept."""

from datetime import UTC, datetime

from flask import render_template, request
from flask_login import current_user

from gateway import database
from gateway.county import county_time, period
from gateway.desk import discreet_figures, figures, small_cells
from gateway.desk.figures import By
from gateway.staff.rights import Right, may
from handlers.console.access import blueprint, needs
from handlers.words import N_, translated

NAMES = {
    By.CATEGORY: N_("Category"),
    By.DEPARTMENT: N_("Department"),
    By.WARD: N_("Ward"),
    By.MONTH: N_("Month"),
}


@blueprint.get("/reports")
@needs(Right.SEE_REPORTS)
def reports() -> str:
    """The figures of the period in the address, told apart as it asks: small ones to who may see sensitive matters."""
    told_apart, now = _told_apart(), datetime.now(UTC)
    is_open = may(current_user.staff, Right.SEE_SENSITIVE)
    with database.transaction() as db:
        over = period.read(request.args, county_time.zone(db), now)
        lines = figures.by(db, told_apart, over, now, with_empty=not is_open)
        hours, is_sample = figures.hours_to_answer(db, over), figures.are_sample(db)
        grid = small_cells.grid(db, over, with_sensitive=is_open)
        shown = lines if is_open else discreet_figures.folded(db, told_apart, lines)
    is_discreet = not is_open and told_apart is not By.MONTH  # a month points at nobody
    return render_template(
        "console/reports.html",
        over=over,
        lines=shown,
        withheld=discreet_figures.withheld(shown) if is_discreet else frozenset(),
        is_discreet=is_discreet,
        folded=discreet_figures.FOLDED,
        smallest=small_cells.SMALLEST_SHOWN,
        total=figures.total(lines),
        rate=figures.rate,
        hours=hours,
        is_sample=is_sample,
        grid=grid,
        told_apart=told_apart,
        ways=[(by.value, translated(name)) for by, name in NAMES.items()],
        head=NAMES[told_apart],
    )


def _told_apart() -> By:
    asked = request.args.get("by", "")
    return next((by for by in By if by.value == asked), By.CATEGORY)
