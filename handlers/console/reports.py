"""Reports: what the county says it resolved, what citizens say of it, and whether the clocks were kept."""

from datetime import UTC, datetime

from flask import render_template, request

from gateway import database
from gateway.county import county_time, period
from gateway.desk import figures, small_cells
from gateway.desk.figures import By
from gateway.staff.rights import Right
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
    """The figures of the period in the address, told apart as it asks."""
    told_apart, now = _told_apart(), datetime.now(UTC)
    with database.transaction() as db:
        over = period.read(request.args, county_time.zone(db), now)
        lines = figures.by(db, told_apart, over, now)
        hours, is_sample = figures.hours_to_answer(db, over), figures.are_sample(db)
        grid = small_cells.grid(db, over)
    return render_template(
        "console/reports.html",
        over=over,
        lines=lines,
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
