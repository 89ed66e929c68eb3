"""Moments as staff read them: in the county's time of day, and as what is left of a clock."""

from datetime import UTC, date, datetime, timedelta

from flask_babel import format_date, format_datetime
from markupsafe import Markup

from handlers.words import translated

SOON = timedelta(hours=4)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def when(moment: datetime) -> Markup:
    """Gives `<time>` with the day and the time of day in the county; the year where it is another one."""
    shape = "d MMM HH:mm" if moment.year == datetime.now(UTC).year else "d MMM y HH:mm"
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), format_datetime(moment, shape))


def moment(at: datetime) -> str:
    """Gives a day and a time of day in the county, in words."""
    return str(format_datetime(at, "d MMM y HH:mm"))


def clock_time(moment: datetime) -> str:
    """Gives the time of day in the county alone: `12:03`."""
    return str(format_datetime(moment, "HH:mm"))


def clock_seconds(moment: datetime) -> str:
    """Gives the time of day in the county to the second, for what is looked at every few of them."""
    return str(format_datetime(moment, "HH:mm:ss"))


def day(value: date) -> str:
    """Gives a date with its year."""
    return str(format_date(value, "d MMM y", rebase=False))


def due(moment: datetime, now: datetime | None = None) -> str:
    """Gives in words how far off a due moment is: "due in 3 h", "overdue by 2 days"."""
    left = moment - (now or datetime.now(UTC))
    if left < timedelta(0):
        return _overdue(-left)
    if left < HOUR:
        return translated("due in %(number)s min", number=left // timedelta(minutes=1))
    if left < 2 * DAY:
        return translated("due in %(number)s h", number=left // HOUR)
    return translated("due in %(number)s days", number=left // DAY)


def _overdue(late: timedelta) -> str:
    if late < HOUR:
        return translated("overdue by %(number)s min", number=late // timedelta(minutes=1))
    if late < 2 * DAY:
        return translated("overdue by %(number)s h", number=late // HOUR)
    return translated("overdue by %(number)s days", number=late // DAY)


def urgency(moment: datetime, now: datetime | None = None) -> str:
    """Gives how a due moment is coloured: `late`, `soon` or `later`."""
    left = moment - (now or datetime.now(UTC))
    if left < timedelta(0):
        return "late"
    return "soon" if left < SOON else "later"
