"""The SMS to a department's officer, and what the officer may reply; the one to a chief officer, of a case overdue."""

from datetime import date

from menus.words import N_, gsm7, septets, short_day, shorten, translator

LONGEST = 305  # septets: two segments


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
