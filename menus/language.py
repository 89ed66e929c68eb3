"""Languages: chosen by the citizen, guessed from the words of one who hasn't.

One appears only when its catalogue is complete.
"""

import re

from menus.intents import SetLanguage
from menus.shapes import Jump, Menu, Option
from menus.words import languages


def language_menu(title: str, text: str = "") -> Menu:
    """Gives the menu of languages, each by its own name; choosing one leads home."""
    options = tuple(Option(name, Jump.HOME, intent=SetLanguage(code)) for code, name in languages().items())
    return Menu(title, options, text=text)


# Words that many a sentence of a language holds, and none of the other.
_ENGLISH = (
    "the is are was has have no not and in at of for our we you please there this with from water road bridge school "
    "hospital medicine market help thank thanks a an my on they he she where when who fire house accident child people "
    "police bribe thief thieves broken village light"
)
_KISWAHILI = (
    "na ya wa kwa ni hakuna hatuna tuna kuna hapa sisi yetu wetu katika za la cha tafadhali naomba tunaomba sana bado "
    "hii huu iko haina maji barabara daraja shule hospitali zahanati dawa soko umeme stima taka shida mbaya acha "
    "asante moto nyumba dharura ajali mafuriko saidia saidieni msaada watu mtoto watoto polisi hongo rushwa mwizi "
    "wezi imeharibika mbovu wapi lini nani kijiji mtaa hayupo hawapo haipo wako kwetu kwenu kwangu kwake sasa leo "
    "jana kesho tangu hadi kila sijui yangu wangu changu zangu zetu yao wao hawana hana nina una huyu huku pale ndani "
    "baada kabla tena pia lakini kama sababu mwalimu walimu daktari mbolea pesa mume mke nisaidie tusaidie tusaidieni "
    "nimebakwa kabisa karo shukrani nashukuru"
)
# Kiswahili verbs change in front; longer words of English seldom begin so, but for the stone and the light.
_KISWAHILI_VERB = re.compile(
    r"(?:hai|ha|hawa|hazi|hali|haya|haki|havi|hau)ja[a-z]{3,}"
    r"|(?:zi|li|wa|tu|i|ni|ya|ki|vi|u)me(?!stone|light|tree)[a-z]{3,}"
    r"|(?:wa|tu|ni|zi|ya)na[a-z]{3,}"
    r"|(?:hatu|wali|tuli|nili)[a-z]{4,}"
)
COMMON = {"en": frozenset(_ENGLISH.split()), "sw": frozenset(_KISWAHILI.split())}


def guessed(text: str) -> str | None:
    """Gives the language a text is more likely to be in, of those that may be offered; None where it doesn't show."""
    said = re.findall(r"\w+", text.casefold())
    hits = {code: sum(_is_of(code, word) for word in said) for code in COMMON if code in languages()}
    best = max(hits, key=lambda code: hits[code])
    return best if list(hits.values()).count(hits[best]) == 1 and hits[best] else None


def _is_of(code: str, word: str) -> bool:
    return word in COMMON[code] or (code == "sw" and _KISWAHILI_VERB.fullmatch(word) is not None)
