"""The words of a campaign: a text per language, with facts put in plainly, as each recipient will read it.

What is said depends on the recipient's language, ward and first due date and on nothing else, so that a body is made
once for all recipients who share them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import placeholders
from gateway.county.county_book import the_county
from gateway.errors import Refused
from menus import campaigns as sentences
from menus.words import LANGUAGES, dear_characters, plain, segments, short_day, translator
from models import Campaign, Project, Ward

PLACEHOLDERS = ("ward", "project", "first_due", "county", "line")
LONGEST_TEXT = 600  # characters, before anything is put in: about four segments
_MONTHS = tuple(date(2026, month, 28) for month in range(1, 13))


class Kind(NamedTuple):
    """What recipients of one and the same body share. `due` is when the first of their open cases is due."""

    language: str
    ward: str | None = None
    due: date | None = None


@dataclass(frozen=True)
class Measure:
    """A text at its longest: how many segments it is billed as, and the characters that make it dear."""

    body: str
    segments: int
    dear: str


@dataclass(frozen=True)
class Wordings:
    """A campaign's texts and the facts that go into them."""

    texts: Mapping[str, str]
    wards: Mapping[str, str]  # names by code
    facts: Mapping[str, str]  # the same for everybody: county, line and, where the campaign has one, project
    is_emergency: bool

    @property
    def names_due(self) -> bool:
        """Whether a text names a date that not every recipient has."""
        return any("first_due" in placeholders.named(text) for text in self.texts.values())

    def body(self, kind: Kind) -> str | None:
        """Gives what recipients of a kind read, None where there is no text in their language."""
        if kind.language not in self.texts:
            return None
        ward = self.wards.get(kind.ward or "") or sentences.your_ward(kind.language)
        facts = {**self.facts, "ward": ward}
        if kind.due is not None:
            facts["first_due"] = short_day(kind.due, translator(kind.language))
        return self._whole(kind.language, facts)

    def measured(self) -> dict[str, Measure]:
        """Gives each text with the longest names in it."""
        longest = max([*self.wards.values(), ""], key=len)
        measured = {}
        for language in self.texts:
            ward = max(longest, sentences.your_ward(language), key=len)
            due = max((short_day(day, translator(language)) for day in _MONTHS), key=len)
            body = self._whole(language, {**self.facts, "ward": ward, "first_due": due})
            measured[language] = Measure(body, segments(body), dear_characters(body))
        return measured

    def _whole(self, language: str, facts: Mapping[str, str]) -> str:
        text = plain(placeholders.filled(self.texts[language], facts))
        if self.is_emergency:
            return text
        return f"{text}\n{sentences.opt_out(language, self.facts['line'])}"


def of(db: Session, campaign: Campaign) -> Wordings:
    """Gives the wordings of a campaign as it stands."""
    county = the_county(db)
    facts = {"county": county.name, "line": county.line}
    project = db.get(Project, campaign.project_code) if campaign.project_code else None
    if project is not None:
        facts["project"] = project.name
    wards = dict(db.execute(select(Ward.code, Ward.name)).all())
    return Wordings(dict(campaign.texts), wards, facts, campaign.is_emergency)


def checked(texts: Mapping[str, str], *, has_project: bool) -> dict[str, str]:
    """Gives texts as they are kept: trimmed, those left empty left out.

    Raises `Refused` for a language nobody reads, a text that is too long, and a fact that there is not.
    """
    kept = {}
    for language, typed in texts.items():
        if language not in LANGUAGES:
            raise Refused("There is no language %(code)s.", code=language[:8])
        text = typed.strip().replace("\r\n", "\n").replace("\0", "")
        if text:
            _check(language, text, has_project=has_project)
            kept[language] = text
    return kept


def _check(language: str, text: str, *, has_project: bool) -> None:
    name = LANGUAGES[language]
    if len(text) > LONGEST_TEXT:
        raise Refused(
            "The text in %(language)s has %(length)s characters; %(longest)s is the most.",
            language=name,
            length=len(text),
            longest=LONGEST_TEXT,
        )
    if unknown := placeholders.unknown(text, PLACEHOLDERS):
        known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
        raise Refused("There is no {%(unknown)s}; there are %(known)s.", unknown=unknown[:40], known=known)
    if "project" in placeholders.named(text) and not has_project:
        raise Refused("The text in %(language)s names {project}: choose which project that is.", language=name)


def digest(campaign: Campaign) -> str:
    """Gives what tells the words of a campaign from all others: they were tested when this was sent to the author."""
    said = [campaign.texts, campaign.project_code, campaign.is_emergency]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
