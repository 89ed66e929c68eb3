"""The county's clocks: hours of work, without weekends and public holidays, in the county's own time zone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_CLOSURE = 60  # days in a row without work; more is a fault of the data
LONGEST_BACK = 1_000  # days


@dataclass(frozen=True)
class WorkingHours:
    """When the county works. `workdays` are ISO weekdays, 1 is Monday."""

    opens: time
    closes: time
    workdays: Collection[int]
    holidays: Collection[date]
    zone: ZoneInfo

    def is_workday(self, day: date) -> bool:
        """Whether any hour of the day counts."""
        return day.isoweekday() in self.workdays and day not in self.holidays


def due(start: datetime, hours: int, work: WorkingHours) -> datetime:
    """Gives the moment at which `hours` of work have passed since `start`; otherwise as `after`."""
    return after(start, timedelta(hours=hours), work)


def after(start: datetime, span: timedelta, work: WorkingHours) -> datetime:
    """Gives the moment at which `span` of work has passed since `start`.

    Takes and gives aware times; an hour outside work does not count. Raises `ValueError` when the county never works.
    """
    moment = start.astimezone(work.zone)
    left = span
    closed = 0
    while closed < LONGEST_CLOSURE:
        begins, ends = _span(moment, work)
        if begins < ends:
            closed = 0
            if left <= ends - begins:
                return (begins + left).astimezone(start.tzinfo)
            left -= ends - begins
        else:
            closed += 1
        moment = datetime.combine(moment.date() + timedelta(days=1), time.min, work.zone)
    raise ValueError("the county has no working hours")


def before(end: datetime, span: timedelta, work: WorkingHours) -> datetime:
    """Gives the latest moment since which `span` of work had passed by `end`; raises as `after` does."""
    if not span:
        return end
    moment, left = end.astimezone(work.zone), span
    for _ in range(LONGEST_BACK):
        begins, ends = _span(datetime.combine(moment.date(), time.min, work.zone), work)
        ends = min(ends, moment)
        if begins < ends:
            if left <= ends - begins:
                return (ends - left).astimezone(end.tzinfo)
            left -= ends - begins
        moment = datetime.combine(moment.date() - timedelta(days=1), time.max, work.zone)
    raise ValueError("the county has no working hours")


def worked(start: datetime, end: datetime, work: WorkingHours) -> timedelta:
    """Gives how much work lies between two moments; none when `end` is not after `start`."""
    moment, last = start.astimezone(work.zone), end.astimezone(work.zone)
    total = timedelta()
    while moment < last:
        begins, ends = _span(moment, work)
        total += max(min(ends, last) - begins, timedelta())
        moment = datetime.combine(moment.date() + timedelta(days=1), time.min, work.zone)
    return total


def _span(moment: datetime, work: WorkingHours) -> tuple[datetime, datetime]:
    """Gives the working hours left on the day of `moment`; an empty span on a day without."""
    if not work.is_workday(moment.date()):
        return moment, moment
    opens = datetime.combine(moment.date(), work.opens, work.zone)
    closes = datetime.combine(moment.date(), work.closes, work.zone)
    return max(moment, opens), max(closes, max(moment, opens))
