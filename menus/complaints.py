"""Reporting a problem: what it is about, where, in the citizen's own words, read back, sent.

An emergency is sent as soon as it is told. A sensitive matter first offers to hide the number from staff.
"""

from menus.county import Category, County
from menus.engine import screen
from menus.intents import OpenTicket
from menus.notices import IN_DANGER
from menus.shapes import Answers, Ask, End, Menu, Option, Screen, Talk
from menus.wards import subcounty_menu, ward_menu
from menus.words import N_, due_day, septets, shorten

ENOUGH_WORDS = 10  # characters
READ_BACK = 92  # what it is about, where, and as many words as leave `Send` on the same screen


def is_sensitive(answers: Answers, county: County) -> bool:
    """Whether what was answered so far is about a sensitive matter."""
    category = county.category(answers.get("category", ""))
    return category is not None and category.is_sensitive


@screen
def complaint_category(talk: Talk) -> Menu:
    """What it is about."""
    is_placed = "placed" in talk.answers  # by the list from which a project was chosen
    following = complaint_words if is_placed else complaint_where if talk.county.my_ward() else complaint_subcounty
    return Menu(
        talk.say(N_("What is it about?")),
        tuple(
            Option(talk.label(category.label), following, {"category": category.code, "number": ""})
            for category in talk.county.categories()
        ),
    )


@screen
def complaint_where(talk: Talk) -> Menu:
    """The ward used last time, or another."""
    ward = talk.county.my_ward()
    if ward is None:
        return subcounty_menu(talk, complaint_ward)
    return Menu(
        talk.say(N_("Where?")),
        (
            Option(ward.name, complaint_words, {"ward": ward.code}),
            Option(talk.say(N_("Another ward")), complaint_subcounty),
        ),
    )


@screen
def complaint_subcounty(talk: Talk) -> Menu:
    """Which part of the county."""
    return subcounty_menu(talk, complaint_ward)


@screen
def complaint_ward(talk: Talk) -> Menu:
    """Which ward."""
    return ward_menu(talk, complaint_words)


@screen
def complaint_words(talk: Talk) -> Ask:
    """The one screen of free text. A phone carries some 80 characters at once; the rest can follow by SMS."""
    return Ask(talk.say(_question(talk), line=talk.county.line), "words", _after_words(talk), at_least=ENOUGH_WORDS)


def _question(talk: Talk) -> str:
    code = talk.answers["category"]
    if code == talk.county.question_category:
        return N_("Your question? A longer one: SMS it to {line}.")
    category = talk.county.category(code)
    if category and category.is_praise:
        return N_("What was done well, and where? A longer story: SMS it to {line}.")
    return N_("What is wrong, and where exactly? A longer story: SMS it to {line}.")


def _after_words(talk: Talk) -> Screen:
    category = talk.county.category(talk.answers["category"])
    if category and category.is_urgent:
        return complaint_sent
    if category and category.is_sensitive:
        return complaint_number
    return complaint_check


@screen
def complaint_number(talk: Talk) -> Menu:
    """Whether staff may see the number, asked where it matters."""
    return Menu(
        talk.say(N_("May staff see your number?")),
        (
            Option(talk.say(N_("Yes, show it")), complaint_check, {"number": "shown"}),
            Option(talk.say(N_("No, hide it")), complaint_check, {"number": "hidden"}),
        ),
    )


@screen
def complaint_check(talk: Talk) -> Menu:
    """Reads it back before it is sent."""
    category = talk.county.category(talk.answers["category"])
    ward = talk.county.ward(talk.answers.get("ward", ""))
    about = [talk.label(category.label)] if category else []
    place = [ward.name] if ward else []
    matter = f"{', '.join(about + place)}:"
    return Menu(
        talk.say(N_("Is this right?")),
        (
            Option(talk.say(N_("Send")), complaint_sent),
            Option(talk.say(N_("Change")), complaint_words),
        ),
        text=f"{matter}\n{shorten(talk.answers['words'], READ_BACK - septets(matter))}",
    )


@screen
def complaint_sent(talk: Talk) -> End:
    """Thanks, the reference, and by when the county answers. In an emergency, whom to call comes first."""
    code = talk.answers["category"]
    return End(
        " ".join(_farewell(talk, code)),
        OpenTicket(
            category=code,
            words=talk.answers["words"],
            ward=talk.answers.get("ward"),
            project=talk.answers.get("project"),
            hides_phone=talk.answers.get("number") == "hidden",
        ),
    )


def _farewell(talk: Talk, code: str) -> list[str]:
    category = talk.county.category(code)
    promise = talk.county.promise(code)
    due = due_day(promise.day, talk.say, is_sample=promise.is_sample)
    if category and category.is_urgent:
        received = talk.say(N_("Case {about} received. We answer by {due}."), about=talk.reference, due=due)
        emergency = talk.say(N_("Emergency: call {line} too, free."), line=talk.county.line)
        return [*_whom_to_call(talk, category), emergency, received]
    thanks = talk.say(N_("Thank you. Case {reference}. We answer by SMS by {due}."), reference=talk.reference, due=due)
    return [thanks, *_whom_to_call(talk, category)]


def _whom_to_call(talk: Talk, category: Category | None) -> list[str]:
    """Gives whom to call. Who reports a sensitive matter may be in danger; the screen is gone in a moment."""
    if category and category.call:
        return [talk.label(category.call)]
    return [talk.say(IN_DANGER)] if category and category.is_sensitive else []
