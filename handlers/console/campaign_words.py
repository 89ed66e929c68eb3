"""A campaign in words: whom it is for, and how its parts are named on its pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from flask_login import current_user

from gateway.campaigns import progress
from gateway.campaigns.audiences import Audience
from gateway.campaigns.campaign_choices import Choices
from gateway.campaigns.campaign_desk import Desk
from gateway.campaigns.progress import Counts, Progress
from gateway.campaigns.recipients import Reason
from gateway.campaigns.uploads import Wrong
from gateway.imports import sheets
from gateway.staff import rights
from gateway.staff.rights import Right
from handlers.console import campaign_forms
from handlers.console.names import named
from handlers.words import N_, numbered, own, translated
from menus.words import LANGUAGES
from models import CampaignStatus, State

Row = tuple[str, Counts]

KINDS: Mapping[CampaignStatus, str] = {
    CampaignStatus.SUBMITTED: "warn",
    CampaignStatus.APPROVED: "good",
    CampaignStatus.SCHEDULED: "good",
    CampaignStatus.SENDING: "good",
    CampaignStatus.PAUSED: "warn",
    CampaignStatus.DONE: "good",
    CampaignStatus.REJECTED: "bad",
    CampaignStatus.EXPIRED: "bad",
}
WAITS = {
    progress.QUIET_HOURS: N_("These are quiet hours: it goes on in the morning by itself."),
}
SOURCES = (
    ("wards", N_("Wards")),
    ("subcounties", N_("Sub-counties")),
    ("categories", N_("Have a case about")),
    ("projects", N_("Have a case about the project")),
    ("followed_projects", N_("Follow the project")),
    ("followed_wards", N_("Follow the ward")),
)
# What is wrong with a row of an uploaded list.
WRONG: Mapping[str, str] = {
    Wrong.EMPTY: N_("has no number"),
    Wrong.ROUNDED: N_("was rounded by the spreadsheet: format the column as text"),
    Wrong.NO_NUMBER: N_("is not a number"),
    Wrong.NOT_MOBILE: N_("is not a Kenyan mobile number"),
    sheets.Wrong.FORMULA: N_("cell %(cell)s holds a formula: paste it as a value"),
    sheets.Wrong.ERROR: N_("cell %(cell)s holds the error %(error)s"),
    sheets.Wrong.INVISIBLE: N_("holds an invisible character (%(character)s)"),
}
NARROWED = (("only_wards", N_("Only in the wards")), ("only_languages", N_("Only who read")))


def register(app: Flask) -> None:
    """Gives the templates the filters."""
    app.jinja_env.filters.update(
        campaign_kind=lambda status: KINDS.get(status, "plain"),
        left_out=left_out,
        waits=waits,
        wrong=wrong,
        remaining=remaining,
        language_name=lambda code: LANGUAGES.get(code, code),
        local_moment=lambda at, zone: campaign_forms.local(at, zone) if at else "",
    )
    app.jinja_env.globals["may"] = lambda right: rights.may(current_user.staff, Right(right))


def left_out(reason: str) -> str:
    """Gives why somebody gets nothing, in the reader's language."""
    return named(Reason(reason))


def waits(reason: str) -> str:
    """Gives what holds a campaign up; a lane's reason is the carrier's own."""
    if reason in WAITS:
        return translated(WAITS[reason])
    return translated("The sending of all campaigns rests: %(reason)s", reason=reason)


def wrong(fault: Mapping[str, Any]) -> str:
    """Gives what is wrong with a row of an uploaded list; one that was kept as a sentence stays as it is."""
    if "wrong" not in fault:
        return str(fault["reason"])
    sentence = WRONG[fault["wrong"]]
    return translated(sentence, **fault["values"])


def remaining(seconds: float) -> str:
    """Gives in words how long something still takes."""
    if seconds < 60:
        return translated("less than a minute")
    if seconds < 2 * 3600:
        return translated("about %(number)s min", number=round(seconds / 60))
    return translated("about %(number)s h", number=round(seconds / 3600))


def audience(desk: Desk, choices: Choices, phones: int) -> Sequence[tuple[str, str]]:
    """Gives whom a campaign is for, as pairs of what and which."""
    meant = desk.audience
    parts = [(translated(label), _names(meant, name, choices)) for name, label in SOURCES if getattr(meant, name)]
    if meant.everybody:
        parts.insert(0, (translated("Everybody"), translated("every citizen who ever wrote or called")))
    if desk.upload is not None:
        list_ = numbered("%(name)s, %(number)s phone", "%(name)s, %(number)s phones", phones, name=desk.upload.name)
        parts.append((translated("Uploaded list"), list_))
    parts += [(translated(label), _names(meant, name, choices)) for name, label in NARROWED if getattr(meant, name)]
    return parts


def _names(meant: Audience, name: str, choices: Choices) -> str:
    known: Mapping[str, str] = {
        "subcounties": {place.code: place.name for place in choices.places},
        "categories": {code: own(label) for code, label in choices.categories.items()},
        "projects": choices.projects,
        "followed_projects": choices.projects,
        "only_languages": LANGUAGES,
    }.get(name, choices.wards)
    return ", ".join(known.get(code, code) for code in getattr(meant, name))


def columns(found: Progress) -> Sequence[State]:
    """Gives the states that some recipient is in, in their order: they add up to all recipients."""
    return [state for state in State if found.states.get(state)]


def by_ward(found: Progress, names: Mapping[str, str]) -> Sequence[Row]:
    """Gives a row for each ward, the one with most recipients first."""
    return _rows(found.wards, {**names}, translated("no ward"))


def by_network(found: Progress) -> Sequence[Row]:
    """Gives a row for each network."""
    named_ = {code: progress.network_name(code) for code in found.networks if code}
    return _rows(found.networks, named_, translated("not reported yet"))


def _rows(counts: Mapping[str | None, Counts], names: Mapping[str, str], nameless: str) -> Sequence[Row]:
    largest = sorted(counts.items(), key=lambda item: -sum(item[1].values()))
    return [(names.get(code, code) if code else nameless, states) for code, states in largest]
