"""The hot paths: what citizens, workers and staff do all day, each as the rules do it, in an open transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import tallies
from gateway.carriers import Hop, Incoming, Report, SendResult, Verdict
from gateway.citizens import restraint
from gateway.county import period
from gateway.desk import desk, figures, folders, my_day
from gateway.desk.desk import Wanted
from gateway.desk.figures import By
from gateway.desk.folders import Folder
from gateway.desk.queue_filters import Filters
from gateway.dialogues import conversation, incoming
from gateway.operations import health
from gateway.outbox import delivery_reports, lanes, orphans, outbox
from gateway.sending import brakes, doubts, sweeping
from gateway.settings import Settings
from models import LaneName, Message, Role, Staff
from tests.gateway import sendings

PHONE = "+254700000042"
ZONE = ZoneInfo("Africa/Nairobi")
CASE = ("1", "1", "1", "3", "1", "Hakuna maji tangu Jumatatu", "1")

Path = Callable[[Session, Settings, datetime], object]


def _types(*typed: str) -> Path:
    """Gives a path that dials and types; what is typed in one text is replayed at its last hop."""

    def path(db: Session, settings: Settings, now: datetime) -> object:
        screens = []
        for done in range(len(typed) + 1):
            hop = Hop(f"path-{'-'.join(typed)[:20]}", PHONE, settings.service_code, "*".join(typed[:done]), "63902")
            screens.append(conversation.ussd_hop(db, hop, now))
        return screens

    return path


def _sms(db: Session, settings: Settings, now: datetime) -> object:
    incoming.keep(db, Incoming("path-1", PHONE, "1548", "Hakuna maji Kapsabet", now), now)
    return incoming.handle_next(db, settings, now)


def _report(db: Session, _settings: Settings, now: datetime) -> object:
    delivery_reports.keep(db, Report("ATXid_2", "Success", PHONE, "", {}), now)
    return delivery_reports.apply(db, "ATXid_2", now)


def _in_doubt(db: Session, _settings: Settings, now: datetime) -> object:
    result = SendResult(Verdict.UNKNOWN, "read: timeout")
    return lanes.obey(db, LaneName.REPLIES, result, now), brakes.obey(db, 1, [result], now)


def _sending(db: Session, _settings: Settings, now: datetime) -> object:
    sendings.add_recipients(db, sendings.make_campaign(db), ["Water"])  # one that sends, so that it is looked at
    return health.sending(db, now, now)


def _metrics(db: Session, _settings: Settings, now: datetime) -> object:
    tallies.roll_up(db, now)
    return health.messages(db), health.sessions(db), health.tickets(db), sweeping.oldest_seconds(db)


def _staff() -> Staff:
    return Staff(name="agent1", role=Role.SUPERVISOR, password_hash="", failures=0)


def _queue(folder: Folder, **filters: str) -> Path:
    def path(db: Session, _settings: Settings, now: datetime) -> object:
        return desk.page(db, _staff(), Wanted(folder, ZONE, Filters(**filters)), now)

    return path


def _figures(db: Session, _settings: Settings, now: datetime) -> object:
    week = period.read({"from": f"{now - period.USUAL / 4:%Y-%m-%d}"}, ZONE, now)
    return figures.by(db, By.CATEGORY, week, now), figures.hours_to_answer(db, week)


def _restraint(db: Session, _settings: Settings, now: datetime) -> object:
    message = db.scalars(select(Message).where(Message.phone == PHONE).order_by(Message.id).limit(1)).one()
    return restraint.may_answer(db, message, now), restraint.may_open(db, PHONE, now)


HOT: Mapping[str, Path] = {
    "a hop": _types("1"),
    "a case by USSD": _types(*CASE),
    "my cases": _types("1", "2", "1"),
    "an SMS": _sms,
    "restraint": _restraint,
    "a claim": lambda db, settings, now: outbox.claim(db, "a-worker"),
    "a delivery report": _report,
    "the sweep": lambda db, settings, now: sweeping.sweep(db),
    "the metrics": _metrics,
    "the sending's state": _sending,
    "an answer in doubt": _in_doubt,
    "reports for nobody": lambda db, settings, now: orphans.match(db, now),
    "SMS in doubt": lambda db, settings, now: doubts.listed(db, _staff()),
    "the queue": _queue(Folder.ALL),
    "the queue by ward": _queue(Folder.ALL, ward="755"),
    "a search": _queue(Folder.EVERYTHING, q="mwanzele"),
    "the folders' numbers": lambda db, settings, now: folders.counts(db, _staff(), now),
    "my day": lambda db, settings, now: my_day.waiting(db, _staff(), now),
    "a report": _figures,
}
