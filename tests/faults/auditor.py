"""The auditor: what the carrier took against what the database says, after every run.

The invariants, by number: I1 no SMS twice, I2 no SMS that the database denies and none it invents, I3 nothing stuck,
I4 a campaign's figures add up to its recipients, I5 nothing lost that was acknowledged, I6 one row and one case for
each thing said, I7 no final state left but for a better report, I8 no citizen and no secret in a log, I9 the audit
log's chain holds, I10 no bulk SMS after an opt-out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from gateway.campaigns import progress
from gateway.staff import audit as audit_trail
from models import Campaign, CampaignStatus, Direction, Message, State
from tests.faults import footprints
from tests.faults.house import API_KEY, PASSWORD, SECRET, House

MAY_BE_TAKEN = {"accepted", "delivered", "failed", "rejected", "no_report", "unknown", "unresolved"}
WAS_TAKEN = {"accepted", "delivered", "no_report"}
IN_FLIGHT = timedelta(seconds=5)  # from the last look at the opt-outs to the carrier's own clock
# A road not listed here is one no message may take. Reports only ever move up: africastalking's own order.
ROADS = {
    "queued": {"claimed", "expired", "skipped", "cancelled", "delivered"},
    "claimed": {"queued", "sending", "skipped", "cancelled", "expired", "delivered"},
    "sending": {"accepted", "queued", "rejected", "failed", "held", "unknown", "delivered"},
    "accepted": {"delivered", "failed", "rejected", "no_report"},
    "unknown": {"accepted", "delivered", "failed", "rejected", "unresolved", "held", "queued"},
    "unresolved": {"accepted", "delivered", "failed", "rejected", "queued"},
    "no_report": {"delivered", "failed", "rejected"},
    "failed": {"rejected", "delivered"},
    "rejected": {"delivered"},
    "held": {"queued", "cancelled", "expired"},
    "received": {"handled"},
}
_PHONE = re.compile(r"(?<!\d)(?:\+|%2B)?254[17]\d{8}(?!\d)")


@dataclass
class Promised:
    """What the outside was told: every acknowledgement that must be found in the database."""

    reports: set[str] = field(default_factory=set)  # carrier ids whose report was answered 200
    texts: set[str] = field(default_factory=set)  # ids of citizens' SMS that were answered 200
    references: set[str] = field(default_factory=set)  # shown on a last screen, without hyphens
    recipients: dict[int, set[str]] = field(default_factory=dict)  # whom a campaign, by its id, must have a message for


def audit(house: House, promised: Promised | None = None, *, words: Iterable[str] = ()) -> list[str]:
    """Gives what is broken, a line each. `words` are citizens' own, which no log may hold."""
    ledger = house.simulator.ledger()["accepted"]
    engine, promised = house.engine, promised or Promised()
    in_the_database = _sent(engine, ledger), _stuck(engine), _roads(engine), _said_once(engine), _chained(engine)
    towards_others = _kept(engine, promised), _opted_out(engine, ledger), _told(house, words)
    of_campaigns = _added_up(engine), _meant(engine, promised)
    return [line for part in (*in_the_database, *of_campaigns, *towards_others) for line in part]


def states(engine: Engine) -> Counter[str]:
    """Counts outgoing messages by state."""
    return Counter(state for (state,) in _rows(engine, "SELECT state FROM message WHERE direction = 'out'"))


def ever_unknown(engine: Engine) -> int:
    """Gives how many SMS were in doubt for a while."""
    ((count,),) = _rows(engine, f"SELECT count(DISTINCT message_id) FROM {footprints.TABLE} WHERE became = 'unknown'")  # noqa: S608
    return int(count)


def duplicates(house: House) -> int:
    """Gives how many SMS were taken by the carrier beyond one per message."""
    wanted = Counter(_bodies(house.engine, MAY_BE_TAKEN))
    taken = Counter((entry["phone"], entry["text"]) for entry in house.simulator.ledger()["accepted"])
    return sum((taken - wanted).values())


def _sent(engine: Engine, ledger: list[Mapping[str, Any]]) -> Iterable[str]:
    taken = Counter((entry["phone"], entry["text"]) for entry in ledger)
    known = Counter(_bodies(engine, MAY_BE_TAKEN))
    promised = Counter(_bodies(engine, None))
    for sms, count in (taken - promised).items():
        yield f"I1: {count} SMS more than promised to {sms[0]}"
    for sms, count in ((taken & promised) - known).items():
        yield f"I2: the carrier took {count} SMS to {sms[0]} that the database calls not sent"
    for sms, count in (Counter(_bodies(engine, WAS_TAKEN)) - taken).items():
        yield f"I2: the database says {count} SMS to {sms[0]} were taken, the carrier has none"


def _bodies(engine: Engine, wanted: set[str] | None) -> list[tuple[str, str]]:
    rows = _rows(engine, "SELECT phone, body, state FROM message WHERE direction = 'out'")
    return [(phone, body) for phone, body, state in rows if wanted is None or state in wanted]


def _stuck(engine: Engine) -> Iterable[str]:
    late = "state IN ('claimed', 'sending') AND lease_until < now() - interval '10 seconds'"
    for message_id, state in _rows(engine, f"SELECT id, state FROM message WHERE {late}"):  # noqa: S608 - our own words
        yield f"I3: message {message_id} is still {state} long after its lease"


def _roads(engine: Engine) -> Iterable[str]:
    for message_id, was, became in _rows(engine, f"SELECT message_id, was, became FROM {footprints.TABLE}"):  # noqa: S608
        if became not in ROADS.get(was, set()):
            yield f"I7: message {message_id} went from {was} to {became}"
    twice = "GROUP BY message_id, attempt_no HAVING count(*) > 1"
    claims = f"SELECT message_id FROM {footprints.TABLE} WHERE became = 'sending' {twice}"  # noqa: S608
    for (message_id,) in _rows(engine, claims):
        yield f"I1: message {message_id} was sent twice in one attempt"


def _kept(engine: Engine, promised: Promised) -> Iterable[str]:
    found = {
        "report": (promised.reports, "SELECT carrier_id FROM delivery_report"),
        "SMS": (promised.texts, "SELECT carrier_id FROM message WHERE direction = 'in'"),
        "case": (promised.references, "SELECT reference FROM ticket"),
    }
    for what, (told, query) in found.items():
        lost = told - {value for (value,) in _rows(engine, query)}
        if lost:
            yield f"I5: {len(lost)} acknowledged {what} lost, such as {sorted(lost)[0]}"


def _added_up(engine: Engine) -> Iterable[str]:
    """What a campaign's page shows, against the rows of its recipients."""
    with Session(_at_one_moment(engine)) as db:
        for campaign in db.scalars(select(Campaign)):
            own = select(Message.phone).where(Message.campaign_id == campaign.id, Message.direction == Direction.OUT)
            phones, shown = db.scalars(own).all(), progress.of(db, campaign)
            sums = [sum(counts.values()) for counts in (shown.states, *_totals(shown.wards), *_totals(shown.networks))]
            if set(sums) != {len(phones)} or len(set(phones)) != len(phones):
                yield f"I4: campaign {campaign.id} has {len(set(phones))} recipients, and its figures add up to {sums}"
            if campaign.status is CampaignStatus.DONE and shown.left:
                yield f"I4: campaign {campaign.id} is done, and {shown.left} of its recipients wait"


def _at_one_moment(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _totals(parts: Mapping[str | None, progress.Counts]) -> list[Counter[State]]:
    return [sum((Counter(counts) for counts in parts.values()), Counter())]


def _meant(engine: Engine, promised: Promised) -> Iterable[str]:
    for campaign_id, meant in promised.recipients.items():
        made = {phone for (phone,) in _rows(engine, f"SELECT phone FROM message WHERE campaign_id = {campaign_id:d}")}  # noqa: S608
        if made != meant:
            lacks, too_many = len(meant - made), len(made - meant)
            yield f"I4: campaign {campaign_id} lacks {lacks} of its recipients, and has {too_many} that it was not for"


def _chained(engine: Engine) -> Iterable[str]:
    with Session(_at_one_moment(engine)) as db:
        _, fault = audit_trail.verify(db)
    if fault:
        yield f"I9: entry {fault.entry} of the audit log {fault.words}"


def _said_once(engine: Engine) -> Iterable[str]:
    unique = {
        "SMS received": "SELECT carrier_id FROM message WHERE direction = 'in' AND carrier_id IS NOT NULL",
        "submission": "SELECT submission FROM ticket",
        "promise": "SELECT dedupe_key FROM message WHERE dedupe_key IS NOT NULL",
        "report": "SELECT carrier_id || '/' || status || '/' || reason FROM delivery_report",
    }
    for what, query in unique.items():
        for value, count in Counter(value for (value,) in _rows(engine, query)).items():
            if count > 1:
                yield f"I6: {count} rows for one {what}, {value}"


def _opted_out(engine: Engine, ledger: list[Mapping[str, Any]]) -> Iterable[str]:
    since = dict(_rows(engine, "SELECT phone, opted_out_at FROM citizen WHERE opted_out_at IS NOT NULL"))
    bulk = {tuple(row) for row in _rows(engine, "SELECT phone, body FROM message WHERE lane = 'bulk'")}
    for entry in ledger:
        at = since.get(entry["phone"])
        if at and (entry["phone"], entry["text"]) in bulk and datetime.fromisoformat(entry["at"]) > at + IN_FLIGHT:
            yield f"I10: a bulk SMS went to {entry['phone']} after its STOP"


def _told(house: House, words: Iterable[str]) -> Iterable[str]:
    for log in sorted(house.logs.glob("*.log")):
        told = log.read_text(errors="replace")
        if _PHONE.search(told):
            yield f"I8: a phone number is in {log.name}"
        for secret in (SECRET, API_KEY, PASSWORD, *words):
            if secret in told:
                yield f"I8: {secret[:12]!r} is in {log.name}"


def _rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(query)))
