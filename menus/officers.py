"""The SMS to a department's officer, what the officer may reply and reads then; and to a chief, of a case overdue."""

import re
from dataclasses import dataclass
from datetime import date

from menus.sms_cases import looks_like_a_reference
from menus.words import N_, gsm7, septets, short_day, shorten, translator

LONGEST = 305  # septets: two segments
_REPORT = re.compile(
    r"\W*(?:(?P<ack>ack|akc|acknowledged?)|(?P<done>done|doen|donne))\b\W*(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Report:
    """What an officer says of a case: that it was received, or that it is done. `rest` is all that follows."""

    is_done: bool
    rest: str

    @property
    def means_a_case(self) -> bool:
        """Whether something that was meant as a reference follows, or nothing at all."""
        said = self.rest.split()
        return not said or looks_like_a_reference(said[0]) or looks_like_a_reference(" ".join(said[:3]))


def read(text: str) -> Report | None:
    """Reads an officer's report; gives None for any other text."""
    found = _REPORT.fullmatch(text)
    return Report(is_done=found["done"] is not None, rest=found["rest"].strip()) if found else None


def case(language: str, reference: str, about: tuple[str, ...]) -> str:
    """Hands a case to an officer: its reference, what and where and the citizen's words, cut to two segments."""
    say = translator(language)
    head = gsm7(say(N_("Case {reference}: {about}"), reference=reference, about=", ".join(about)).rstrip(" :"))
    how = gsm7(say(N_("Reply ACK {reference} or DONE {reference} and what was done."), reference=reference))
    return f"{shorten(head, LONGEST - septets(how) - 1)}\n{how}"


def overdue(language: str, reference: str, about: tuple[str, ...], since: date) -> str:
    """Tells a chief officer of a case that nobody answered or resolved in time; without `about` its reference alone."""
    say = translator(language)
    if not about:
        return gsm7(say(N_("Case {reference} is overdue."), reference=reference))
    what, day = ", ".join(about), short_day(since, say)
    return gsm7(say(N_("Case {reference} is overdue since {day}: {about}"), reference=reference, day=day, about=what))


def acknowledged(language: str, reference: str) -> str:
    """Says that the officer's ACK is on the case."""
    return gsm7(translator(language)(N_("Case {reference}: your ACK is noted. Thank you."), reference=reference))


def done(language: str, reference: str) -> str:
    """Says that what was done is on the case, and what follows."""
    sentence = N_("Case {reference}: noted. We check it and tell the citizen. Thank you.")
    return gsm7(translator(language)(sentence, reference=reference))


def what_was_done(language: str, reference: str) -> str:
    """Asks for what is missing after DONE."""
    sentence = N_("What was done? Reply DONE {reference} and what was done.")
    return gsm7(translator(language)(sentence, reference=reference))


def not_found(language: str) -> str:
    """Says that there is no such case; another department's reads the same."""
    return gsm7(translator(language)(N_("Your department has no such case. Check the reference.")))


def how(language: str) -> str:
    """Says what to write, to one who left the reference out."""
    return gsm7(translator(language)(N_("Write ACK or DONE, then the reference, and after DONE what was done.")))
