"""The SMS to a department's officer, and what the officer may reply."""

from menus.words import N_, gsm7, septets, shorten, translator

LONGEST = 305  # septets: two segments


def case(language: str, reference: str, about: tuple[str, ...]) -> str:
    """Hands a case to an officer: its reference, what and where and the citizen's words, cut to two segments."""
    say = translator(language)
    head = gsm7(say(N_("Case {reference}: {about}"), reference=reference, about=", ".join(about)).rstrip(" :"))
    how = gsm7(say(N_("Reply ACK {reference} or DONE {reference} and what was done."), reference=reference))
    return f"{shorten(head, LONGEST - septets(how) - 1)}\n{how}"
