"""The outcome of a campaign as a file: a row for each recipient, numbers masked, for who says why; recorded.

What the rows and the notes below them say adds up: recipients and those left out are the audience.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from gateway.campaigns import campaigns, progress
from gateway.campaigns.progress import Progress
from gateway.county import county_time
from gateway.desk.exports import EXPORTED, MOST, WITHIN, Exported, Kind
from gateway.errors import Refused
from gateway.phones import masked
from gateway.staff import audit, reasons
from models import Attempt, Campaign, Direction, Message, Staff, Ward

HEADER = ("phone", "ward", "network", "outcome", "since", "sent", "segments", "carrier's reason")
_UNCOUNTED = "not known: not every recipient had been added, and those left out are counted last"
_AT_ONCE = 1000  # rows fetched from the database


@dataclass(frozen=True)
class Wish:
    """Which campaign's outcome somebody wants, as what file, and why."""

    campaign_id: int
    kind: Kind
    reason: str


def write(db: Session, staff: Staff, wish: Wish, file: BinaryIO, now: datetime) -> Exported:
    """Writes a campaign's recipients to a file and records it.

    Raises `Refused` for a campaign out of sight, one that has not begun, without a reason, and where this member of
    staff has exported too often within the hour.
    """
    campaign = campaigns.find(db, staff, wish.campaign_id)
    if campaign.begun_at is None:
        raise Refused("This campaign has not begun: nobody got anything yet.")
    why = reasons.checked(wish.reason)
    if audit.deeds_since(db, staff.name, EXPORTED, now - WITHIN, most=MOST) >= MOST:
        raise Refused("You have exported %(most)s times within the hour. Wait a little.", most=MOST)
    zone = county_time.zone(db)
    sheet = wish.kind.sheet(file, "Recipients")
    sheet.row(HEADER)
    rows = 0
    for row in _rows(db, campaign.id):
        sheet.row(_cells(row, zone))
        rows += 1
    local = now.astimezone(zone)
    sheet.finish([*_made(staff, why, local), *_sums(campaign, progress.of(db, campaign), rows)])
    audit.record(db, staff.name, EXPORTED, f"campaign:{campaign.id}", now, kind=wish.kind.value, rows=rows, reason=why)
    return Exported(f"campaign-{campaign.id}-{local:%Y%m%d-%H%M}.{wish.kind.value}", rows)


def _rows(db: Session, campaign_id: int) -> Iterator[Row[Any]]:
    last = and_(Attempt.message_id == Message.id, Attempt.n == Message.attempt_no)
    columns = (Message.phone, Message.network_code, Message.state, Message.state_at, Message.segments)
    wanted = (
        select(*columns, Ward.name.label("ward"), Attempt.started_at, Attempt.reason)
        .outerjoin(Ward, Ward.code == Message.ward_code)
        .outerjoin(Attempt, last)
        .where(Message.campaign_id == campaign_id, Message.direction == Direction.OUT)
        .order_by(Message.id)
    )
    return iter(db.execute(wanted.execution_options(yield_per=_AT_ONCE)))


def _cells(row: Row[Any], zone: ZoneInfo) -> Sequence[str]:
    network = progress.network_name(row.network_code) if row.network_code else ""
    sent = f"{row.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if row.started_at else ""
    since = f"{row.state_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    told = (row.state.value, since, sent, str(row.segments), row.reason or "")
    return (masked(row.phone), row.ward or "", network, *told)


def _made(staff: Staff, why: str, at: datetime) -> Sequence[tuple[str, str]]:
    return [("Exported by", staff.name), ("Exported at", f"{at:%Y-%m-%d %H:%M %Z}"), ("Reason", why)]


def _sums(campaign: Campaign, found: Progress, rows: int) -> Sequence[tuple[str, str]]:
    left_out: Mapping[str, int] = found.excluded
    return [
        ("Campaign", f"{campaign.id}: {campaign.title}"),
        ("Status", campaign.status.value),
        ("Recipients", str(rows)),
        *((f"Left out: {reason}", str(number)) for reason, number in sorted(left_out.items())),
        ("Audience", str(rows + sum(left_out.values())) if campaign.expanded_at else _UNCOUNTED),
        ("Recorded", "This export is recorded in the audit log. Handle it as the citizens' own."),
    ]
