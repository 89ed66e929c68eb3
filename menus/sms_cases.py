"""STATUS and ERASE by SMS: one's own cases, and the wish to have one's data erased."""

import re

from menus.county import ERASURE_CATEGORY
from menus.intents import OpenTicket
from menus.sms import Answer, Said, joined
from menus.tickets import REFERENCE_LENGTH, my_case, my_cases
from menus.words import N_

_OF_DATA = (
    "my all data number name details information please me taarifa habari namba nambari jina zangu yangu langu zote "
    "yote tafadhali simu"
)
OF_DATA = frozenset(_OF_DATA.split())


def status(said: Said) -> Answer | None:
    """One case by its reference, or the caller's own. "Hali ya barabara ni mbaya" is no command."""
    if said.rest and not looks_like_a_reference(said.rest):
        return None
    cases = said.county.my_cases()
    if said.rest:
        is_miss = said.county.my_case(said.rest) is None
        return Answer(joined(said.told(my_case, reference=said.rest)), is_miss=is_miss)
    if not cases:
        return Answer(said.say(N_("You have no case yet.")))
    if len(cases) == 1:
        return Answer(joined(said.told(my_case, reference=cases[0].reference)))
    return Answer(joined(said.listed(my_cases), more=said.more))


def erase(said: Said) -> Answer | None:
    """Opens a case of its own kind; its confirmation is the answer."""
    if not set(said.rest.lower().split()) <= OF_DATA:
        return None
    return Answer("", OpenTicket(category=ERASURE_CATEGORY, words=f"{said.say(N_('ERASE'))} {said.rest}".strip()))


def looks_like_a_reference(words: str) -> bool:
    """Whether somebody meant these words to be a reference, a mistyped one included."""
    symbols = re.sub(r"[\s\-]", "", words)
    has_its_length = abs(len(symbols) - REFERENCE_LENGTH) <= 1 and symbols.isalnum()
    return has_its_length and (any(symbol.isdigit() for symbol in symbols) or "-" in words or words == symbols)
