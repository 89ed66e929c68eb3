"""R08, R09, R10 and R30: Redis and PostgreSQL go away, hang, forget, and come back, while citizens go on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import parse_qs, urlsplit

from redis import Redis as RedisClient
from sqlalchemy import text

from tests.faults.auditor import Promised, audit, duplicates
from tests.faults.callers import Answer, calling, dial, readiness, report, sms
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import PASSWORD, House, until
from tests.faults.load import drained, phone, promise
from tests.faults.proxy import Line, line

STAFF = ("replies", "replies", "housekeeping", "schedule")
NAMED_WITHIN = 10.0  # seconds
DRAINED_WITHIN = 60.0


@check("R08", "Redis dies, forgets, refuses to write, and answers late")
def r08(house: House, full: bool) -> Finding:
    """Breaks Redis in each way while SMS are promised and citizens dial."""
    count, finding, seconds = (100, Finding(), 15.0) if full else (10, Finding(), 2.0)
    with line(_redis_socket(house)) as wire:
        through = {"REDIS_URL": f"redis://:{PASSWORD}@127.0.0.1:{wire.port}/0"}
        house.web(**through)
        for queue in STAFF:
            house.worker(queue, **through)
        breaks = (_dead, _forgetful, _read_only, _slow) if full else (_dead, _forgetful)
        with calling(lambda word: dial(house, word), "redis", pause=0.1) as traffic:
            for broken in breaks:
                with broken(house, wire):
                    promise(house, count)
                    time.sleep(seconds)
            drain_seconds = drained(house)
    finding.equal("taken by the carrier", len(house.simulator.ledger()["accepted"]), count * len(breaks))
    finding.equal("duplicates", duplicates(house), 0)
    finding.equal("USSD errors", _failed(traffic.answers), 0)
    if full:
        finding.at_most("drained after", drain_seconds, DRAINED_WITHIN, " s")
    finding.audited(audit(house))
    return finding


@contextmanager
def _dead(house: House, _wire: Line) -> Iterator[None]:
    house.redis.stop()
    yield
    house.redis.start()


@contextmanager
def _forgetful(house: House, _wire: Line) -> Iterator[None]:
    with RedisClient.from_url(house.settings.redis_url) as client:
        client.flushall()
        yield
        client.flushall()


@contextmanager
def _read_only(house: House, _wire: Line) -> Iterator[None]:
    with RedisClient.from_url(house.settings.redis_url) as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        yield
        client.execute_command("REPLICAOF", "NO", "ONE")


@contextmanager
def _slow(_house: House, wire: Line) -> Iterator[None]:
    wire.delay = 5.0
    yield
    wire.delay = 0.0


@check("R09", "the database is down while citizens dial, write and are reported on")
def r09(house: House, full: bool) -> Finding:
    """Stops PostgreSQL under load; citizens get a screen, and all that was acknowledged is there afterwards."""
    house.web()
    for queue in STAFF:
        house.worker(queue)
    with (
        calling(lambda word: dial(house, word), "hop", pause=0.1) as hops,
        calling(lambda word: report(house, word, phone(1)), "report", pause=0.1) as reports,
        calling(lambda word: sms(house, word, phone(2), "Hakuna maji"), "sms", callers=1, pause=0.2) as texts,
    ):
        time.sleep(2)
        house.postgres.stop()
        time.sleep(60 if full else 5)
        house.postgres.start()
        spooled = until(lambda: readiness(house) == (200, []), "an empty spool", 2 * DRAINED_WITHIN)
        time.sleep(1)
    until(lambda: not list((house.var_dir / "spool.d").glob("*.json")), "the last of the spool")
    finding = Finding()
    finding.equal("hops without a screen", _failed(hops.answers), 0)
    finding.equal("callbacks refused", sum(each.status != 200 for _, each in (*reports.answers, *texts.answers)), 0)
    if full:
        finding.at_most("slowest hop", hops.slowest(), 3, " s")
        finding.at_most("spool empty after", spooled, DRAINED_WITHIN, " s")
    finding.audited(audit(house, Promised(reports=reports.told_kept(), texts=texts.told_kept())))
    return finding


@check("R10", "the database is locked, then slow")
def r10(house: House, full: bool) -> Finding:
    """Locks the tables a hop needs, then delays every answer of the database: each hop gets a screen in time."""
    with line(_postgres_socket(house)) as wire:
        house.web(DATABASE_URL=f"postgresql://postgres@127.0.0.1:{wire.port}/gateway")
        with calling(lambda word: dial(house, word), "hop", pause=0.1) as traffic:
            _lock(house, 10 if full else 3)
            wire.delay = 2.0
            time.sleep(10 if full else 3)
            wire.delay = 0.0
    finding = Finding()
    finding.at_least("hops", len(traffic.answers), 4)
    finding.equal("hops without a screen", _failed(traffic.answers), 0)
    if full:
        finding.at_most("slowest hop", traffic.slowest(), 5, " s")
    house.clear()
    finding.audited(audit(house))
    return finding


def _lock(house: House, seconds: float) -> None:
    with house.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        connection.execute(text("LOCK TABLE ussd_session, message, delivery_report IN ACCESS EXCLUSIVE MODE"))
        time.sleep(seconds)


@check("R30", "each dependency breaks, and readiness names it")
def r30(house: House, full: bool) -> Finding:
    """Breaks one dependency after the other: alive stays alive, ready says what is amiss, and forgets it afterwards."""
    house.web()
    house.worker("schedule")
    finding = Finding()
    breaks: dict[str, tuple[Callable[[], None], Callable[[], None], int]] = {
        "database": (house.postgres.stop, house.postgres.start, 503),
        "redis": (house.redis.stop, house.redis.start, 200),
        "spool": (lambda: _block_spool(house), lambda: _free_spool(house), 503),
    }
    for name, (break_it, mend_it, status) in breaks.items():
        break_it()
        named = until(partial(_is_named, house, name), f"{name} named")
        finding.equal(f"{name}: answer", readiness(house)[0], status)
        if full:
            finding.at_most("named after", named, NAMED_WITHIN, " s")
        mend_it()
        until(lambda: readiness(house) == (200, []), f"{name} mended")
    finding.audited(audit(house))
    return finding


def _is_named(house: House, cause: str) -> bool:
    return cause in readiness(house)[1]


def _block_spool(house: House) -> None:
    spool = house.var_dir / "spool.d"
    spool.rename(spool.with_name("spool.away"))
    spool.write_text("a file where the folder should be")


def _free_spool(house: House) -> None:
    (house.var_dir / "spool.d").unlink()
    (house.var_dir / "spool.away").rename(house.var_dir / "spool.d")


def _failed(answers: list[tuple[str, Answer]]) -> int:
    return sum(not answer.is_screen for _, answer in answers)


def _redis_socket(house: House) -> str:
    return urlsplit(house.settings.redis_url).path


def _postgres_socket(house: House) -> str:
    parts = parse_qs(urlsplit(house.settings.database_url).query)
    return f"{parts['host'][0]}/.s.PGSQL.{parts['port'][0]}"
