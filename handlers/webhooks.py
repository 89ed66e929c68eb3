"""The carrier's callbacks. Each has the secret in its path; a wrong one is not found.

USSD is answered within three seconds whatever happens behind: a citizen at the end of a hanging line is told so. All
else is answered 200 when, and only when, it is kept.
"""

import hmac
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import structlog
from flask import Blueprint, Response, abort, request
from werkzeug.datastructures import MultiDict

from gateway import database
from gateway.carriers import Hop, callbacks
from gateway.crash import crash
from gateway.dialogues import arrivals, conversation
from gateway.operations import spool
from handlers import current, metrics
from handlers.strangers import Standing, source
from menus import farewells

ANSWER_WITHIN = 2.6  # seconds; the carrier hangs up after ten, the citizen's patience is shorter

blueprint = Blueprint("webhooks", __name__, url_prefix="/hooks/<secret>")
log = structlog.get_logger()
_at_work = ThreadPoolExecutor(max_workers=32, thread_name_prefix="hop")


@blueprint.url_value_preprocessor
def _check_secret(_endpoint: str | None, values: dict[str, str] | None) -> None:
    given = (values or {}).pop("secret", "").encode()
    known = current.settings().webhook_secrets
    if not any([hmac.compare_digest(given, secret.encode()) for secret in known]):  # noqa: C419 - compares each, always
        _refuse_stranger()


def _refuse_stranger() -> None:
    metrics.count_wrong_secret()
    standing = current.strangers().knock(request.remote_addr, time.monotonic())
    if standing is Standing.WITHIN:
        abort(404)
    if standing is Standing.REACHED:
        log.error("many wrong secrets", source=source(request.remote_addr))
    abort(Response(status=404, headers={"Connection": "close"}))


@blueprint.post("/ussd")
def ussd() -> Response:
    """One USSD request: the next screen."""
    crash("U1")
    hop = callbacks.read_hop(_form())
    if hop.service_code != current.settings().service_code:
        return _screen(farewells.start_again(None), is_end=True)
    with metrics.hop_seconds():
        text, is_end = _within_time(hop)
    return _screen(text, is_end=is_end)


@blueprint.post("/ussd-ended")
def ussd_ended() -> Response:
    """How a session ended."""
    return _kept("ussd-ended")


@blueprint.post("/delivery")
def delivery() -> Response:
    """What became of an SMS."""
    return _kept("delivery")


@blueprint.post("/sms")
def sms() -> Response:
    """An SMS from a citizen; it is handled by a worker, since the carrier waits for the 200."""
    return _kept("sms")


@blueprint.post("/opt-out")
def opt_out() -> Response:
    """A citizen told the carrier that they want no bulk messages."""
    return _kept("opt-out")


def _kept(hook: str) -> Response:
    """Answers 200 once a callback is kept: in the database or, where that is away, hangs or fails, in the spool."""
    form, now = _form().to_dict(), datetime.now(UTC)
    work = _at_work.submit(arrivals.keep, hook, arrivals.read(hook, form), now)
    try:
        work.result(timeout=ANSWER_WITHIN)
    except Exception as error:
        work.cancel()
        log.error("callback spooled", hook=hook, error=error)
        spool.of(current.settings()).write(hook, form, now)
    return _plain("ok")


def _within_time(hop: Hop) -> tuple[str, bool]:
    """Gives the answer, or the apology when it fails or takes too long. A late one is kept for the carrier's repeat."""
    work = _at_work.submit(_answer, hop)
    try:
        return work.result(timeout=ANSWER_WITHIN)
    except Exception as error:
        work.cancel()
        log.error("ussd hop failed", error=error)
        return farewells.out_of_order(current.settings().sender_id), True


def _answer(hop: Hop) -> tuple[str, bool]:
    """Answers, and once more when the connection broke under it: what was kept is found again by the text."""
    try:
        return _answered(hop)
    except Exception as error:
        if not database.has_broken(error):
            raise
        return _answered(hop)


def _answered(hop: Hop) -> tuple[str, bool]:
    with database.transaction() as db:
        answer = conversation.ussd_hop(db, hop)
        crash("U2")
    crash("U3")
    return answer


def _form() -> MultiDict[str, str]:
    """Gives the body's fields; refuses one that comes twice, since two readers could take different ones."""
    if any(len(values) > 1 for _, values in request.form.lists()):
        abort(400, "a field comes twice")
    return request.form


def _screen(text: str, *, is_end: bool) -> Response:
    return _plain(callbacks.show(text, is_end=is_end))


def _plain(body: str) -> Response:
    return Response(body, content_type="text/plain; charset=utf-8")
