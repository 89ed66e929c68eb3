"""A campaign's form: what was typed becomes a draft, and a draft what stands in the form."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from gateway.campaigns import audiences
from gateway.campaigns.audiences import Audience
from gateway.campaigns.campaigns import Draft
from gateway.errors import Refused
from handlers.console import numbers
from menus.words import LANGUAGES
from models import Campaign

WORTH_SENDING = timedelta(hours=48)  # what a new draft offers
CODES = (
    "wards",
    "subcounties",
    "categories",
    "projects",
    "followed_projects",
    "followed_wards",
    "only_wards",
    "only_languages",
)
LATER = "later"  # what the form says for a moment of its own
Typed = MultiDict[str, str]


def empty(zone: ZoneInfo, now: datetime) -> Typed:
    """Gives the form as it stands before anybody wrote in it."""
    return MultiDict({"stale_at": local(now + WORTH_SENDING, zone)})


def typed(campaign: Campaign, zone: ZoneInfo) -> Typed:
    """Gives the form as a campaign fills it in."""
    form: Typed = MultiDict({"title": campaign.title, "project": campaign.project_code or ""})
    meant = audiences.of(campaign)
    for name in CODES:
        form.setlist(name, list(getattr(meant, name)))
    form["everybody"] = "yes" if meant.everybody else ""
    form["upload"] = str(meant.upload or "")
    put_texts(form, campaign.texts)
    form["starts"] = LATER if campaign.starts_at else ""
    form["starts_at"] = local(campaign.starts_at, zone) if campaign.starts_at else ""
    form["stale_at"] = local(campaign.stale_at, zone)
    form["rate"] = str(campaign.rate or "")
    form["is_emergency"] = "yes" if campaign.is_emergency else ""
    return form


def put_texts(form: Typed, texts: dict[str, str]) -> None:
    """Puts texts in place of those in a form; a language without one is emptied."""
    for language in LANGUAGES:
        form[f"text_{language}"] = texts.get(language, "")


def draft(form: Typed, zone: ZoneInfo) -> Draft:
    """Reads a draft. Raises `Refused` for what can't be read at all."""
    starts = moment(form.get("starts_at", ""), zone) if form.get("starts") == LATER else None
    return Draft(
        title=form.get("title", "").replace("\0", ""),
        texts=texts(form),
        audience=audience(form),
        stale_at=moment(form.get("stale_at", ""), zone),
        starts_at=starts,
        project_code=_code(form.get("project", "")),
        is_emergency="yes" in form.getlist("is_emergency"),
        rate=_rate(form.get("rate", "")),
    )


def words_only(form: Typed, now: datetime) -> Draft:
    """Reads what a preview needs, whatever else is still to be written."""
    return Draft(
        title="-",
        texts=texts(form),
        audience=audience(form),
        stale_at=now + WORTH_SENDING,
        project_code=_code(form.get("project", "")),
        is_emergency="yes" in form.getlist("is_emergency"),
    )


def texts(form: Typed) -> dict[str, str]:
    """Gives the text of each language."""
    return {language: form.get(f"text_{language}", "") for language in LANGUAGES}


def chosen_list(form: Typed) -> int | None:
    """Gives the number of the uploaded list that is chosen; None where none is, or what was sent is no number."""
    return numbers.written(form.get("upload", ""))


def audience(form: Typed) -> Audience:
    """Gives whom the form is for."""
    chosen = {name: [code.replace("\0", "") for code in form.getlist(name) if code] for name in CODES}
    upload = chosen_list(form)
    if upload is None and form.get("upload"):
        raise Refused("There is no such list.")
    everybody = "yes" in form.getlist("everybody")
    return audiences.read({**chosen, "everybody": everybody, "upload": upload})


def moment(written: str, zone: ZoneInfo) -> datetime:
    """Reads a moment in the county's time, as a browser writes it: `2026-11-25T14:30`."""
    try:
        found = datetime.fromisoformat(written.strip()).replace(tzinfo=zone)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        raise Refused("A day and a time of day are needed.")
    return found


def local(at: datetime, zone: ZoneInfo) -> str:
    """Gives a moment as a browser's field holds it."""
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"


def _code(written: str) -> str | None:
    return written.replace("\0", "") or None


def _rate(written: str) -> int | None:
    if not written.strip():
        return None
    rate = numbers.written(written.strip(), digits=5)
    if rate is None:
        raise Refused("The rate is a number of segments per second, or empty.")
    return rate
