"""Africa's Talking's callbacks, read into our words, and the one answer it shows to a citizen.

Fields and their oddities are AT's own (USSD: handle sessions, notifications; SMS: delivery reports). Anything that may
be missing in practice is optional here; what can't be done without raises `BadCallback`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from gateway import phones
from gateway.carriers import Hop, Incoming, OptedOut, Report, SessionEnd
from gateway.errors import BadCallback

LONGEST_ID = 128
ENDINGS = ("success", "incomplete", "failed")
_NUMBER = re.compile(r"\+?[0-9]{9,15}", re.ASCII)

Form = Mapping[str, str]


def read_hop(form: Form) -> Hop:
    """Reads a USSD request. Without a text it is a first one; raises `BadCallback` without session or phone."""
    return Hop(
        session_id=_identifier(form, "sessionId"),
        phone=_phone(form),
        service_code=_clean(form.get("serviceCode", "")).strip(),
        text=_clean(form.get("text", "")),
        network_code=_clean(form.get("networkCode", ""))[:8] or None,
    )


def read_session_end(form: Form) -> SessionEnd:
    """Reads an end-of-session notification; what was typed and shown is left unread."""
    status = form.get("status", "").strip().lower()
    if status not in ENDINGS:
        raise BadCallback("status")
    return SessionEnd(
        session_id=_identifier(form, "sessionId"),
        status=status,
        hops=_whole(form.get("hopsCount", "")),
        duration_ms=_whole(form.get("durationInMillis", "")),
    )


def read_report(form: Form) -> Report:
    """Reads a delivery report; an unknown status or reason is as good as a known one."""
    return Report(
        carrier_id=_identifier(form, "id"),
        status=_clean(form.get("status", "")).strip()[:64],
        phone=_clean(form.get("phoneNumber", "")).strip()[:32],
        reason=_clean(form.get("failureReason", "")).strip()[:128],
        raw={_clean(name)[:64]: _clean(value)[:512] for name, value in list(form.items())[:30]},
    )


def read_incoming(form: Form) -> Incoming:
    """Reads an SMS. Whatever is missing or odd, it is read: the citizen's words are worth more than the rest."""
    carrier_id = _clean(form.get("id", "")).strip()
    return Incoming(
        carrier_id=carrier_id if len(carrier_id) <= LONGEST_ID else sha256(carrier_id.encode()).hexdigest(),
        phone=_sender(form),
        to=_clean(form.get("to", "")).strip()[:32],
        text=_clean(form.get("text", "")),
        sent_at=_moment(form.get("date", "")),
        details={
            name: _clean(form[name])[:128] for name in ("date", "linkId", "networkCode", "cost") if form.get(name)
        },
    )


def read_opt_out(form: Form) -> OptedOut:
    """Reads a bulk opt-out. Raises `BadCallback` without a phone."""
    return OptedOut(_phone(form))


def show(text: str, *, is_end: bool) -> str:
    """Gives the body AT shows: its first bytes decide whether the session goes on."""
    return f"{'END' if is_end else 'CON'} {text}"


def _identifier(form: Form, name: str) -> str:
    value = _clean(form.get(name, "")).strip()
    if not value or len(value) > LONGEST_ID:
        raise BadCallback(name)
    return value


def _phone(form: Form) -> str:
    """Gives the caller in E.164. An unescaped `+` arrives as a space; a number may come without it."""
    typed = form.get("phoneNumber", "").strip()
    if not _NUMBER.fullmatch(typed):
        raise BadCallback("phoneNumber")
    return _written_out(typed)


def _sender(form: Form) -> str:
    """Gives who wrote: a number in E.164, else what stands there, such as an operator's name or a short code."""
    typed = _clean(form.get("from", "")).strip()
    if not _NUMBER.fullmatch(typed):
        return typed[:32]
    return _written_out(typed)


def _written_out(number: str) -> str:
    """Gives a number in E.164, or as it stands, with a `+`, where no country's numbers begin so."""
    return phones.e164(number) or f"+{number.lstrip('+')}"


def _moment(written: str) -> datetime | None:
    """Reads AT's date, `2017-05-03T06:04:45Z` or `2020-07-24 15:39:15`, which is taken as UTC as well."""
    try:
        moment = datetime.fromisoformat(written.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _whole(text: str) -> int | None:
    stripped = text.strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) < 10 else None


def _clean(text: str) -> str:
    """Leaves out what PostgreSQL can't keep: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
