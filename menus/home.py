"""Where every dialogue begins: the first call of a phone, home, and going on where a call was cut off."""

from menus.budget import budget
from menus.complaints import complaint_category
from menus.engine import FIRST_SCREEN, HOME_SCREEN, screen
from menus.language import language_menu
from menus.projects import projects_where
from menus.shapes import Jump, Menu, Option, State, Talk
from menus.tickets import my_cases
from menus.words import N_, languages, translator

LANGUAGE_IN_BOTH = "Language / Lugha"
PRIVACY = N_("We keep your number to reply. Erase: SMS {word}")
ERASE_WORD = N_("ERASE")


def opening(*, reference: str, submission: str, language: str | None) -> State:
    """Gives the state a new dialogue starts from: home for a phone that has chosen a language, else the choice."""
    known = language if language in languages() else None
    return State(HOME_SCREEN if known else FIRST_SCREEN, reference, submission, language=known)


@screen
def welcome(talk: Talk) -> Menu:
    """The first call: which language, and why the number is kept, said in each."""
    notices = []
    for code in languages():
        say = translator(code)
        notices.append(say(PRIVACY, word=say(ERASE_WORD)))
    return language_menu(_greeting(talk), text="\n".join(notices))


@screen
def home(talk: Talk) -> Menu:
    """What one can do here."""
    return Menu(
        _greeting(talk),
        (
            Option(talk.say(N_("Report a problem")), complaint_category),
            Option(talk.say(N_("My cases")), my_cases),
            Option(talk.say(N_("Projects")), projects_where),
            Option(talk.say(N_("Budget")), budget),
            Option(LANGUAGE_IN_BOTH, language),
        ),
    )


@screen
def language(talk: Talk) -> Menu:
    """Another language."""
    return language_menu(LANGUAGE_IN_BOTH)


@screen
def resume(talk: Talk) -> Menu:
    """Offered to a caller who was cut off a moment ago; what was answered is kept."""
    return Menu(
        talk.say(N_("You were cut off. What you typed is kept.")),
        (
            Option(talk.say(N_("Continue")), Jump.BACK),
            Option(talk.say(N_("Start again")), Jump.HOME),
        ),
    )


def _greeting(talk: Talk) -> str:
    return talk.say(N_("{county} County {line}. FREE"), county=talk.county.name, line=talk.county.line)
