"""Measurements for Prometheus: what this process saw itself, and what the database counts at the scrape."""

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime

import structlog
from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.context_managers import Timer
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from gateway import database
from gateway.operations import health, spool
from gateway.sending import sweeping
from handlers import current
from models import Direction, LaneName, Outcome, State, Status

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

log = structlog.get_logger()
blueprint = Blueprint("metrics", __name__)
_hops = Histogram(
    "gateway_ussd_hop_seconds", "How long a USSD request took to answer", buckets=BUCKETS, registry=CollectorRegistry()
)
_strangers = Counter(
    "gateway_wrong_secrets", "Requests to the webhooks with a wrong secret", registry=CollectorRegistry()
)


def count_wrong_secret() -> None:
    """Counts one request with a wrong secret."""
    _strangers.inc()


def hop_seconds() -> Timer:
    """Measures one hop: to be used in a `with`."""
    return _hops.time()


@blueprint.get("/metrics")
def metrics() -> Response:
    """What a scrape sees. Takes `Authorization: Bearer METRICS_TOKEN` where a token is set."""
    token = current.settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    registry = CollectorRegistry()
    folder = current.settings().metrics_dir
    if folder:
        MultiProcessCollector(registry, str(folder))
    else:
        registry.register(_hops)
        registry.register(_strangers)
    registry.register(_Counted())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Counted(Collector):
    """What the database counts."""

    def collect(self) -> Iterator[Metric]:
        """Reads everything in one transaction; without it, says whether the database is away or the reading failed."""
        yield from _of_the_spool()
        is_up = database.answers()
        read = _read() if is_up else None
        yield _gauge("gateway_database_up", "Whether the database answers", is_up)
        yield _gauge("gateway_scrape_failed", "Whether it answers, but not what was asked", is_up and read is None)
        yield from read or ()


def _read() -> list[Metric] | None:
    """Gives what the database counts; None where that failed, for whatever cause: a scrape must say so."""
    try:
        with database.transaction() as db:
            counts = (health.messages(db), health.sessions(db), health.tickets(db), sweeping.oldest_seconds(db))
            sending = health.sending(db, datetime.now(UTC), current.began())
            is_log_broken = health.is_log_broken(db)
    except Exception as error:
        log.error("scrape failed", error=error)
        return None
    audit = _gauge("gateway_audit_log_broken", "Whether the last look at the audit log found a fault", is_log_broken)
    return [*_families(*counts), *_of_the_sending(sending), audit]


def _of_the_spool() -> Iterator[Metric]:
    entries = GaugeMetricFamily("gateway_spool_entries", "Callbacks on this host's disk", labels=["state"])
    for state, count in zip(("waiting", "aside"), spool.of(current.settings()).count(), strict=True):
        entries.add_metric([state], count)
    yield entries


def _of_the_sending(sending: health.Sending) -> Iterator[Metric]:
    open_lanes = GaugeMetricFamily("gateway_lane_open", "Whether a lane may send", labels=["lane"])
    for lane in LaneName:
        open_lanes.add_metric([lane], lane.value not in sending.closed)
    yield open_lanes
    yield _gauge("gateway_spending_segments", "SMS segments of this day, reserved or sent", sending.segments)
    yield _gauge("gateway_spending_shillings", "What this day's SMS cost, reserved or charged", sending.cents / 100)
    last_runs = GaugeMetricFamily("gateway_job_age_seconds", "Since a periodic job last ended well", labels=["job"])
    for job, age in sending.ages.items():
        last_runs.add_metric([job], age)
    yield last_runs
    waiting = GaugeMetricFamily("gateway_wait_seconds", "Since the oldest could have gone on", labels=["cause"])
    for cause, seconds in sending.waits.items():
        waiting.add_metric([cause], seconds)
    yield waiting
    yield _gauge("gateway_orphan_reports", "Delivery reports that belong to no message", sending.orphans)
    yield _gauge("gateway_quarantined_reports", "Delivery reports that name another phone", sending.quarantined)


def _families(
    messages: dict[tuple[str, str], int], sessions: dict[str, int], tickets: dict[str, int], oldest: float
) -> Iterator[Metric]:
    by_state = GaugeMetricFamily("gateway_messages", "SMS by direction and state", labels=["direction", "state"])
    for state in State:
        direction = Direction.IN if state in (State.RECEIVED, State.HANDLED) else Direction.OUT
        by_state.add_metric([direction, state], messages.get((direction.value, state.value), 0))
    by_outcome = GaugeMetricFamily("gateway_ussd_sessions", "USSD sessions by outcome", labels=["outcome"])
    for outcome in Outcome:
        by_outcome.add_metric([outcome], sessions.get(outcome.value, 0))
    by_status = GaugeMetricFamily("gateway_tickets", "Tickets by status", labels=["status"])
    for status in Status:
        by_status.add_metric([status], tickets.get(status.value, 0))
    yield from (by_state, by_outcome, by_status)
    yield _gauge("gateway_outbox_oldest_seconds", "Age of the oldest SMS that waits to be sent", oldest)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
