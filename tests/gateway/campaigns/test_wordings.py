"""What recipients read: facts put in plainly, a way out where the law asks, and what makes a text dear."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from gateway.campaigns import campaigns, text_templates, wordings
from gateway.campaigns.wordings import Kind, Wordings
from gateway.errors import Refused
from models import Campaign
from tests.gateway.campaigning import Office, draft, office
from tests.gateway.campaigns.test_audiences import project
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")
WARDS = {"777": "Kabiyet", "768": "Chemundu/Kapng'etuny"}
FACTS = {"county": "Nandi", "line": "1548"}


@pytest.fixture
def desk(db: Session) -> Office:
    return office(db)


def words(text: str, language: str = "en", *, is_emergency: bool = True, **facts: str) -> Wordings:
    return Wordings({language: text}, WARDS, {**FACTS, **facts}, is_emergency)


def test_facts_are_put_in_in_the_readers_language() -> None:
    said = words("{county}, {ward}: {first_due}. {line}", "sw")
    assert said.body(Kind("sw", "777", date(2026, 11, 5))) == "Nandi, Kabiyet: 5 Nov. 1548"
    assert said.body(Kind("sw", None, date(2026, 8, 5))) == "Nandi, wadi yako: 5 Ago. 1548"
    assert said.body(Kind("en", "777")) is None


@pytest.mark.parametrize(
    "attack", ["{ward.__class__}", "{0}", "{ward!r}", "%(ward)s", "{{ward}}", "{", "}", "{ward", "{WARD}"]
)
def test_whatever_else_stands_between_braces_reads_nothing(attack: str) -> None:
    assert "__" not in (words(attack).body(Kind("en", "777")) or "").replace("__class__", "")
    assert words("{project}", project="{ward}").body(Kind("en", "777")) == "{ward}"


@pytest.mark.parametrize("text", ["{price}", "{ward.name}", "{ ward }", "{Ward}", "{}"])
def test_an_unknown_name_is_refused_with_those_that_are_known(text: str) -> None:
    with pytest.raises(Refused, match=r"there are \{ward\}, \{project\}, \{first_due\}, \{county\}, \{line\}"):
        wordings.checked({"en": text}, has_project=True)


def test_every_campaign_but_an_emergency_says_how_to_end_it() -> None:
    assert words("Hello", is_emergency=False).body(Kind("en")) == "Hello\nSTOP to 1548 ends these messages"
    assert words("Habari", "sw", is_emergency=False).body(Kind("sw")) == "Habari\nACHA kwa 1548 husitisha jumbe hizi"
    assert words("Flood. Go uphill.").body(Kind("en")) == "Flood. Go uphill."


def test_the_dear_characters_are_named_and_plain_signs_made_so() -> None:
    measured = words("Maji – “safi” 你").measured()["en"]
    assert measured.dear == "–“”你"
    assert words("Maji – “safi”").measured()["en"].dear == ""
    assert words("Maji – “safi”").body(Kind("en")) == 'Maji - "safi"'


def test_segments_are_counted_with_the_longest_names_in() -> None:
    room = 160 - len("Chemundu/Kapng'etuny")
    assert words("x" * room + "{ward}").measured()["en"].segments == 1
    assert words("x" * (room + 1) + "{ward}").measured()["en"].segments == 2
    assert words("x" * (160 - len("28 Nov")) + "{first_due}").measured()["en"].segments == 1


def test_the_way_out_counts_too(desk: Office) -> None:
    campaign = campaigns.write(desk.db, desk.author, draft(texts={"en": "x" * 150}), NOW)
    assert wordings.of(desk.db, campaign).measured()["en"].segments == 2
    campaign.is_emergency = True
    assert wordings.of(desk.db, campaign).measured()["en"].segments == 1


def test_the_digest_follows_the_words_and_nothing_else(desk: Office) -> None:
    project(desk.db)
    campaign = campaigns.write(desk.db, desk.author, draft(), NOW)
    first = wordings.digest(campaign)
    campaign.title, campaign.stale_at = "Other", NOW + timedelta(days=3)
    assert wordings.digest(campaign) == first
    for change in ({"texts": {"en": "Other"}}, {"project_code": "P1"}, {"is_emergency": True}):
        other = Campaign(texts=campaign.texts, project_code=None, is_emergency=False)
        for name, value in change.items():
            setattr(other, name, value)
        assert wordings.digest(other) != first


def test_a_project_is_named_as_the_list_names_it(desk: Office) -> None:
    project(desk.db)
    campaign = campaigns.write(desk.db, desk.author, draft(project_code="P1", texts={"en": "{project} is done"}), NOW)
    assert (wordings.of(desk.db, campaign).body(Kind("en")) or "").startswith("Tank is done")


def test_a_template_keeps_every_wording_and_offers_the_newest(desk: Office) -> None:
    for text in ("One", "Two", "Two"):
        template = text_templates.write(desk.db, desk.author, " Water  back ", {"en": text, "sw": " "}, NOW)
    assert [(each.name, each.texts) for each in text_templates.offered(desk.db)] == [("Water back", {"en": "Two"})]
    assert [(each.n, each.texts) for each in text_templates.history(desk.db, template.id)] == [
        (2, {"en": "Two"}),
        (1, {"en": "One"}),
    ]
    text_templates.retire(desk.db, desk.author, template.id, NOW)
    assert text_templates.offered(desk.db) == []
    assert len(text_templates.history(desk.db, template.id)) == 2


def test_a_template_needs_a_name_words_and_somebody_who_may_write(desk: Office) -> None:
    for staff, name, texts in (
        (desk.author, " ", {"en": "One"}),
        (desk.author, "Water", {"en": " "}),
        (desk.author, "Water", {"en": "{nothing}"}),
        (desk.approver, "Water", {"en": "One"}),
    ):
        with pytest.raises(Refused):
            text_templates.write(desk.db, staff, name, texts, NOW)
    assert text_templates.offered(desk.db) == []
