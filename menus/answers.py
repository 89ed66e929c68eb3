"""The SMS by which staff answer a citizen: their own words, with the case they belong to and what can be done next."""

from dataclasses import dataclass
from datetime import date

from menus.words import N_, due_day, plain, translator


@dataclass(frozen=True)
class About:
    """What an answer is about. `words` are staff's own, in whatever language they wrote."""

    reference: str  # as it is printed: K7Q-M2P-4XD
    words: str = ""
    department: str = ""
    due: date | None = None  # by when it is answered
    is_sample: bool = False  # the clock is not the county's own


def answered(language: str, about: About) -> str:
    """An answer, and nothing is asked."""
    return _said(language, N_("Case {reference}: {words}"), about)


def asked(language: str, about: About) -> str:
    """A question: the case waits until it is answered."""
    return _said(language, N_("Case {reference}: {words} Reply to this SMS, it is free."), about)


def passed_on(language: str, about: About) -> str:
    """Says whose the case is now."""
    if about.department:
        return _said(language, N_("Case {reference} is now with {department}. We write when there is news."), about)
    return _said(language, N_("Case {reference} is now with the department. We write when there is news."), about)


def resolved(language: str, about: About) -> str:
    """Says what was done, and asks whether it is so."""
    return _said(language, N_("Case {reference}: {words} Is it fixed? Reply 1 yes, 2 no. Free."), about)


def rejected(language: str, about: About) -> str:
    """Says why a case is not taken up."""
    return _said(language, N_("Case {reference} is not taken up: {words}"), about)


def reopened(language: str, about: About) -> str:
    """Says that a case is worked on again, by when it is answered."""
    return _said(language, N_("Case {reference} is open again. Somebody else looks at it. We answer by {due}."), about)


def confirmed(language: str, about: About) -> str:
    """Thanks a citizen who says that it is fixed."""
    return _said(language, N_("Thank you. Case {reference} is closed."), about)


def joined(language: str, about: About) -> str:
    """Says that somebody else reported the same and that both are answered. Nothing of the other case is told."""
    sentence = N_("Case {reference}: others report the same, so we work on it as one. You get each answer.")
    return _said(language, sentence, about)


def day(language: str, due: date, *, is_sample: bool) -> str:
    """A day as it stands in an answer; that of a sample clock says so."""
    return due_day(due, translator(language), is_sample=is_sample)


def _said(language: str, sentence: str, about: About) -> str:
    say = translator(language)
    return plain(
        say(
            sentence,
            reference=about.reference,
            words=" ".join(about.words.split()),
            department=about.department,
            due=due_day(about.due, say, is_sample=about.is_sample) if about.due else "",
        )
    )
