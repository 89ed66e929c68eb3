"""The audit log: who did what that must be answered for. It is read here and changed nowhere."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from gateway import database
from gateway.staff import audit_log
from gateway.staff.audit_log import Filters, Page
from gateway.staff.rights import Right
from handlers.console import numbers
from handlers.console.access import blueprint, needs
from handlers.words import N_, translated
from models import AuditEntry

LONGEST = 128  # characters of what the log is narrowed by
ACTIONS = {
    "phone_shown": N_("number shown"),
    "exported": N_("cases exported"),
    "assigned_many": N_("many cases given"),
    "sms_sent_again": N_("SMS sent again"),
    "campaign_written": N_("campaign written"),
    "campaign_changed": N_("campaign changed"),
    "campaign_submitted": N_("campaign submitted"),
    "campaign_approved": N_("campaign approved"),
    "campaign_rejected": N_("campaign rejected"),
    "campaign_scheduled": N_("campaign given another moment"),
    "campaign_launched": N_("campaign begun"),
    "campaign_paused": N_("campaign paused"),
    "campaign_resumed": N_("campaign resumed"),
    "campaign_done": N_("campaign done"),
    "campaign_cancelled": N_("campaign cancelled"),
    "campaign_expired": N_("campaign came too late"),
    "campaign_sent_again": N_("campaign sent again to those in doubt"),
    "list_uploaded": N_("list uploaded"),
    "list_settled": N_("bad rows of a list left out"),
    "template_written": N_("template written"),
    "template_retired": N_("template taken away"),
    "log_verified": N_("log verified"),
    "signed_in": N_("signed in"),
    "sign_in_locked": N_("sign-in locked"),
    "staff_added": N_("account added"),
    "staff_moved": N_("account given another place"),
    "staff_disabled": N_("account disabled"),
    "staff_enabled": N_("account enabled"),
    "password_reset": N_("password reset"),
    "password_changed": N_("password changed"),
    "second_factor_lost": N_("second factor lost"),
    "second_factor_enrolled": N_("second factor enrolled"),
}


@blueprint.get("/audit")
@needs(Right.SEE_AUDIT)
def audit() -> str:
    """A page of the log as the address narrows it, and what the last look at its chain found."""
    filters, below = _filters(request.args), numbers.written(request.args.get("below", ""), digits=18)
    with database.transaction() as db:
        page, look = audit_log.page(db, filters, below), audit_log.last_look(db)
        db.expunge_all()
    names = {action: translated(name) for action, name in ACTIONS.items()}
    first, following = _addresses(page, below)
    return render_template(
        "console/audit.html",
        page=page,
        look=look,
        filters=filters,
        names=names,
        first=first,
        following=following,
        facts=_facts,
    )


def _facts(entry: AuditEntry) -> Sequence[tuple[str, str]]:
    """Gives what an entry tells besides who did what to whom, what is empty left out."""
    return [(name, _flat(value)) for name, value in entry.details.items() if value not in (None, "", [], {})]


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_flat(part)}" for name, part in value.items() if part is not None)
    return ", ".join(map(_flat, value)) if isinstance(value, list) else str(value)


def _filters(given: Mapping[str, str]) -> Filters:
    texts = {name: given.get(name, "").replace("\0", "").strip()[:LONGEST] for name in ("actor", "action", "subject")}
    return Filters(**texts, first=_day(given.get("first", "")), last=_day(given.get("last", "")))


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 2000 <= day.year < 9000 else None


def _addresses(page: Page, below: int | None) -> tuple[str | None, str | None]:
    """Gives the addresses of the first page and of the next one; None for where one is, and at the end."""
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("actor", "action", "subject", "first", "last") if name in request.args
    }
    following = url_for("console.audit", below=page.below, **kept) if page.below is not None else None
    return (url_for("console.audit", **kept) if below is not None else None), following
