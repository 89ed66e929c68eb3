"""STATUS and ERASE by SMS: one's own cases, and the wish to have one's data erased."""

import re
from dataclasses import replace

from menus import judgements
from menus.county import ERASURE_CATEGORY
from menus.intents import OpenTicket
from menus.sms import LONGEST, Answer, Said, joined, words_in
from menus.tickets import REFERENCE_LENGTH, WAITS, my_case, my_cases
from menus.words import N_, gsm7, septets, shorten

_OF_DATA = (
    "my all data number name details information please me taarifa habari namba nambari jina zangu yangu langu zote "
    "yote tafadhali simu"
)
OF_DATA = frozenset(_OF_DATA.split())
_OF_A_CASE = (
    "ya yangu yetu zangu zetu za la langu kesi cases case complaint complaints malalamiko lalamiko ripoti report of my "
    "our the on up"
)
_ASKING = (
    "imefika imefikia zimefika iko ziko inaendelea inaendeleaje imeendelea wapi gani vipi aje je lini sasa hali where "
    "what is how far has it reached now status progress news update please tafadhali naomba kujua nijue"
)
OF_A_CASE = frozenset(_OF_A_CASE.split())
ASKING = frozenset(_ASKING.split()) | OF_A_CASE


def status(said: Said) -> Answer | None:
    """One case by its reference, or the caller's own. "Hali barabara" is no command."""
    if not asks_how_it_stands(said.rest):
        return _one_case(replace(said, rest=_without(said.rest, OF_A_CASE)))
    cases = said.county.my_cases()
    if not cases:
        return Answer(said.say(N_("You have no case yet.")))
    if len(cases) == 1:
        return Answer(_told(said, cases[0].reference))
    return Answer(joined(said.listed(my_cases), more=said.more))


def asks_how_it_stands(words: str) -> bool:
    """Whether words are nothing, or only ask how a case stands: "ya kesi yangu", "imefika wapi?"."""
    return not _without(words, ASKING).strip(" ?.!,;:")


def names_a_case(words: str) -> bool:
    """Whether words speak of one's own case and of nothing else: "kesi yangu"."""
    said = set(words_in(words))
    return bool(said & {"kesi", "case", "cases", "malalamiko", "complaint"}) and asks_how_it_stands(words)


def _without(words: str, dropped: frozenset[str]) -> str:
    return " ".join(word for word in words.split() if word.lower().strip("?.!,;:") not in dropped)


def erase(said: Said) -> Answer | None:
    """Opens a case of its own kind; its confirmation is the answer."""
    if not set(words_in(said.rest)) <= OF_DATA:
        return None
    return Answer("", OpenTicket(category=ERASURE_CATEGORY, words=said.whole))


def looks_like_a_reference(words: str) -> bool:
    """Whether somebody plainly meant these words to be a reference: in one, or in threes; a symbol more or less may be.

    Letters alone, without a hyphen, are a word ("hospitali"): one reference in fifteen has no digit.
    """
    groups = re.split(r"[\s\-]+", words)
    has_digit = any(symbol.isdigit() for symbol in words)
    is_in_one = len(words.split()) == 1 and abs(len("".join(groups)) - REFERENCE_LENGTH) <= 1 and has_digit
    is_in_threes = len(groups) == 3 and sum(abs(len(group) - 3) for group in groups) <= 1
    return "".join(groups).isalnum() and (is_in_one or (is_in_threes and (has_digit or "-" in words)))


def _one_case(said: Said) -> Answer | None:
    is_own = said.county.my_case(said.rest) is not None
    if not is_own and not looks_like_a_reference(said.rest):
        return None
    return Answer(_told(said, said.rest), is_miss=not is_own)


def _told(said: Said, reference: str) -> str:
    """Tells of a case what its screen tells, and how to do by SMS what one may do there."""
    case = said.county.my_case(reference)
    how = []
    if case is not None and case.status == WAITS:
        how = [said.say(N_("Answer by SMS, it is free."))]
    if case is not None and case.again is not None and not case.is_said_fixed:
        how = [judgements.how(said.language, case.reference)]
    told = [gsm7(line) for line in (*said.told(my_case, reference=reference), *how)]
    longest = max(told, key=septets)  # what staff wrote, where that is long
    room = LONGEST - sum(septets(line) + 1 for line in told) + septets(longest)
    return joined([shorten(line, room) if line is longest else line for line in told])
