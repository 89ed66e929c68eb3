"""The words by which a citizen says that a case is fixed, or that it is not: a number, or plain words of a language.

Nothing is guessed. "No" opens a case again, which harms nobody; "yes" closes it, so whatever follows a "yes" and may
take it back leaves it in doubt. Thanks alone are neither, nor is "ok".
"""

import re
import unicodedata
from dataclasses import dataclass

from menus.words import N_, gsm7, translator

# Separated by spaces, misspellings included; _ joins several words to one.
_YES = (
    "yes yess yees yea yeah yep yeap yap fixed fixd fixeed fixt fxed solved resolved repaired mended "
    "ndiyo ndio ndyo ndiyoo ndioo ndo ndiyyo ndiy eeh imetatuliwa imetatulika imetatuliw imetatulwa imetauliwa "
    "imesuluhishwa imerekebishwa imetengenezwa imefanyika imekwisha imeisha imemalizika limetatuliwa limekwisha "
    "yametatuliwa zimetatuliwa wametatua wametengeneza wamerekebisha"
)
_NO = (
    "no noo nop nope nah not never not_fixed notfixed not_fixd not_yet not_solved not_resolved not_repaired unfixed "
    "isnt wasnt hasnt isnt_fixed hasnt_been_fixed still still_not hapana hapan hapanaa hapna apana bado badoo bdo "
    "haijatatuliwa haijatatulika haijatatuliw haijatatulwa haijatauliwa haitatuliwa haijasuluhishwa haijarekebishwa "
    "haijatengenezwa haijafanyika haijakwisha haijaisha haijamalizika halijatatuliwa halijaisha hayajatatuliwa "
    "hazijatatuliwa hawajatatua hawajatengeneza hawajarekebisha siyo si_kweli"
)
_BEFORE = (
    "it is its was has been are now all already the problem issue case matter ni kwa sasa shida tatizo kesi tayari"
)
_OF_THANKS = (
    "thanks thank thankyou thx asante asanteni ahsante ahsanteni shukrani shukran nashukuru tunashukuru barikiwa "
    "mbarikiwe awabariki bless blessed pongezi hongera kongole congratulations"
)
_POLITE = (
    "please thanks thank you thankyou so very much many sir madam god bless good job well done work now at last "
    "finally indeed completely tafadhali asante asanteni ahsante sana shukrani mungu awabariki kazi nzuri bwana kabisa "
    "sasa nashukuru tunashukuru kweli"
)
_GOOD = (
    "back works working flowing running fine ok okay clean lit imerudi yamerudi umerudi inafanya unafanya yanatoka "
    "inatoka inapitika safi vizuri sawa"
)
_DOUBT = (
    "but however though yet no not never still again except only partly part half almost some or dirty broken 1 2 "
    "lakini ila ingawa bado hapana tena isipokuwa tu nusu sehemu karibu au chafu hakuna haina haijatatuliwa"
)
_AGAINST = (
    "not no never still yet but however though although nothing nobody without except isnt wasnt hasnt arent dont "
    "doesnt didnt cant wont lakini ila ingawa isipokuwa bado hapana hakuna haina hatuna sio si siyo hamna "
    "dirty broken bad chafu machafu mbovu mbaya"
)
_READ = "ok okay okey oky k sawa sawasawa poa haya noted received seen nimeona nimepata fine alright"
_FINE = "no_problem no_worries no_issue hakuna_shida hakuna_tatizo hakuna_matata hapana_shida haina_shida"
_COUNTED = (
    "week weeks day days hour hours month months year years minute minutes st nd wiki siku saa mwezi miezi mwaka miaka "
    "dakika am pm"
)


def _phrases(words: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split("_")) for phrase in words.split())


_VERDICTS = {**dict.fromkeys(_phrases(_YES), True), **dict.fromkeys(_phrases(_NO), False)}
_WITHOUT_A_PROBLEM = _phrases(_FINE)
_LONGEST = max(len(phrase) for phrase in _VERDICTS)
_INTRODUCES, _WELL = frozenset(_BEFORE.split()), frozenset(_GOOD.split())
_BESIDE = frozenset(_POLITE.split()) | _INTRODUCES
_IN_DOUBT, _UNITS = frozenset(_DOUBT.split()), frozenset(_COUNTED.split())
_THANKS, _TAKES_BACK = frozenset(_OF_THANKS.split()), frozenset(_AGAINST.split())
# Verbs that say no begin so: haijarudi, hayatoki, hatujapata, hawajaja, hakufika, haupo.
_SAYS_NO = re.compile(r"ha(?:i|ya|li|zi|wa|tu|u|ki|m)(?:ja|po|fanyi|toki|piti)\w*|haku\w+|hayupo")
NEUTRAL = frozenset(_READ.split())  # words that say no more than that an SMS was read
_NUMBER = re.compile(
    r"\W*(?:(?:number|namba|nambari|jibu|answer|reply)\W*)*([12])(?!\w|[.,:/]\d)\W*(.*)", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Judgement:
    """What was said: fixed, or not; whether it is beyond doubt; and the words that say more than that."""

    is_fixed: bool
    is_sure: bool
    words: str
    by_number: bool


def read(text: str) -> Judgement | None:
    """Reads a judgement off the beginning of a text; gives None for a text that begins with none."""
    number = _NUMBER.fullmatch(text)
    if number:
        is_fixed, rest = number[1] == "1", number[2].strip()
        said = _words(rest)
        is_counted = bool(said) and said[0] in _UNITS  # "2 weeks without water"
        return Judgement(is_fixed, not is_counted and not (is_fixed and _is_doubtful(said)), rest, by_number=True)
    return _read_words(text)


def sounds_well(text: str) -> bool:
    """Whether a text thanks, says that something works or that it was read, and holds no word that takes it back."""
    said = _without_a_problem(_words(text))
    if any(word in _TAKES_BACK or _SAYS_NO.fullmatch(word) for word in said):
        return False
    return any(word in _THANKS or word in _WELL or word in NEUTRAL - {"haya"} for word in said)  # "these", as well


def is_courtesy(text: str) -> bool:
    """Whether a text is nothing but thanks and polite words, or says no more than that it was read."""
    said = set(_words(text))
    return said <= NEUTRAL or (bool(said & _THANKS) and said <= _THANKS | _BESIDE | NEUTRAL)


def how(language: str, reference: str) -> str:
    """Asks whether a case is fixed so that it may be answered at any time: its reference comes with the number."""
    sentence = N_("Is it fixed? SMS 1 {reference} yes, 2 {reference} no.")
    return gsm7(translator(language)(sentence, reference=reference))


def _read_words(text: str) -> Judgement | None:
    said = _words(text)
    if tuple(said[:2]) in _WITHOUT_A_PROBLEM and _BESIDE.issuperset(said[2:]):
        return None  # "no problem" is "fine": nobody is angry, and nothing is said of the case
    verdicts = set()
    while (found := _verdict(said)) is not None:
        is_fixed, length = found
        verdicts.add(is_fixed)
        said = said[length:]
    if len(verdicts) != 1:
        return None  # none, or "yes, no"
    is_fixed = verdicts.pop()
    says_more = any(word not in _BESIDE for word in said)
    return Judgement(
        is_fixed, not (is_fixed and _is_doubtful(said)), text.strip() if says_more else "", by_number=False
    )


def _without_a_problem(said: list[str]) -> list[str]:
    """Leaves out of a text that there is no problem."""
    for place in range(len(said) - 1):
        if tuple(said[place : place + 2]) in _WITHOUT_A_PROBLEM:
            return [*said[:place], *_without_a_problem(said[place + 2 :])]
    return said


def _verdict(said: list[str]) -> tuple[bool, int] | None:
    """Gives the verdict a text begins with and how many of its words that takes: "the problem is not fixed" is one."""
    start = 0
    while True:
        for length in range(_LONGEST, 0, -1):
            verdict = _VERDICTS.get(tuple(said[start : start + length]))
            if verdict is not None:
                return verdict, start + length
        if start >= len(said) or said[start] not in _INTRODUCES:
            return None
        start += 1


def _is_doubtful(said: list[str]) -> bool:
    """Whether what follows a "yes" may take it back: such a word, or a story without one that says it is well."""
    verdicts = {_VERDICTS.get((word,)) for word in said}
    if _IN_DOUBT.intersection(said) or False in verdicts:
        return True
    is_well = True in verdicts or bool(_WELL.intersection(said))
    return not is_well and any(word not in _BESIDE for word in said)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"[^\W_]+", re.sub(r"['’‘ʼ`´]", "", plain))
