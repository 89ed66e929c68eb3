"""HELP, LANGUAGE, STOP and START by SMS: how it works, in which language, and who wants no news."""

from difflib import get_close_matches

from menus.intents import OptIn, OptOut, SetLanguage
from menus.sms import BESIDE, Answer, Said, joined, words_in
from menus.words import LANGUAGES, N_, languages, translator

_PLEASE = (
    "please now me us all sms messages message news 1548 tafadhali sasa zote yote ujumbe meseji jumbe stop acha ondoka "
    "toka start anza help msaada thanks asante"
)
PLEASE = frozenset(_PLEASE.split())
_OF_NEWS = (
    "sms smss messages message msgs msg text texts texting news 1548 ujumbe meseji mesej jumbe habari kunitumia "
    "kututumia kutuma sending send writing disturbing bothering"
)
OF_NEWS = frozenset(_OF_NEWS.split())  # what is to end
_OF_STOPPING = (
    "stop stopp stoop unsubscribe acha achaa acheni ondoka odoka toka tokaa sitaki please kindly now me us my all any "
    "it this these your you to i from more thanks thank asante ahsante tafadhali sasa hizi zote yote zenu yenu zako "
    "tena sana number phone simu yangu 456 9 5"
)
OF_STOPPING = frozenset(_OF_STOPPING.split()) | OF_NEWS  # 456*9*5 is what a carrier appends: "STOP*456*9*5#"
SHORT = 3  # letters of a language's name; what is alike to so few means nothing
ALIKE = 0.8
NAMES = {
    "en": ("english", "kiingereza", "kizungu", "en"),
    "sw": ("kiswahili", "swahili", "sw"),
    "kln": ("kalenjin", "nandi", "kinandi", "kln"),
}


def help_(said: Said) -> Answer | None:
    """What one can write. "Help, there is fire" is no command."""
    if not is_politeness(said.rest, most=2):
        return None
    how = N_(
        "{county} County {line}, free. Write your problem and your ward. Or: STATUS, PROJECT, BUDGET, FOLLOW, "
        "LANGUAGE, ERASE, STOP. Or dial {code}"
    )
    county = said.county
    return Answer(joined([said.say(how, county=county.name, line=county.line, code=said.service_code)]))


def language(said: Said) -> Answer | None:
    """Another language, said in that language; a misspelt one is asked about. "Lugha chafu" is no command."""
    wanted = [word for word in said.rest.lower().split() if word not in BESIDE]
    if len(wanted) > 1:
        return None
    code = next((code for code, names in NAMES.items() if wanted and wanted[0] in names), None)
    if wanted and code is None and not _is_nearly_one(wanted[0]):
        return None
    if code in languages() and code:
        return Answer(translator(code)(N_("From now on we write to you in English.")), SetLanguage(code))
    names = " / ".join(LANGUAGES[code] for code in languages())
    command = said.say(N_("LANGUAGE"))
    return Answer(said.say(N_("Which language? SMS {command} and one of: {names}"), command=command, names=names))


def _is_nearly_one(word: str) -> bool:
    names = [name for names in NAMES.values() for name in names if len(name) > SHORT]
    return bool(get_close_matches(word, names, n=1, cutoff=ALIKE))


def stop(said: Said) -> Answer | None:
    """No news from now on, confirmed once, however hurried or polite. "Stop the lorries" is no command."""
    words = set(words_in(said.rest))
    if not words <= OF_STOPPING and not is_politeness(said.rest, most=1):
        return None
    done = N_("You get no more news from us. Answers to your own cases still come. News again: SMS {word}")
    return Answer("" if said.county.is_opted_out() else said.say(done, word=said.say(N_("START"))), OptOut())


def no_more(said: Said) -> Answer | None:
    """The same for who wants no more messages. What else somebody doesn't want is a complaint: "Sitaki hongo"."""
    return stop(said) if OF_NEWS.intersection(words_in(said.rest)) else None


def start(said: Said) -> Answer | None:
    """News again."""
    if not is_politeness(said.rest, most=1):
        return None
    return Answer(said.say(N_("You get our news again. To end it: SMS {word}"), word=said.say(N_("STOP"))), OptIn())


def is_politeness(words: str, *, most: int) -> bool:
    """Whether no more than `most` words follow, and all of them mean nothing by themselves."""
    said = words_in(words)
    return len(said) <= most and set(said) <= PLEASE
