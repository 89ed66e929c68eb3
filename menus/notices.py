"""The SMS the county sends by itself, about a citizen's own case.

Each fits one segment at the worst, in every language; only a question with many choices takes up to three.
"""

from collections.abc import Sequence
from datetime import date

from menus.words import N_, due_day, gsm7, segments, translator

MOST_SEGMENTS = 3
IN_DANGER = N_("In danger? Call 999 or 112, free.")


def confirmation(
    language: str, reference: str, due: date, *, about: tuple[str, ...] = (), is_sample: bool = False, code: str = ""
) -> str:
    """Confirms a case: reference, what and where, by when it is answered, how to follow.

    `about` holds the category's short label and the ward's name; `code` is the USSD code to dial. No word of what the
    citizen wrote: phones are shared. A sensitive case is nothing `about`, and says whom to call in danger: all of them
    say the same, be it a robbery that goes on or a bribe of last year, so that it gives nothing away.
    """
    say = translator(language)
    received = say(
        N_("Your case {about} is received. We answer by SMS by {due}. Follow it: dial {code}, 2 My cases. Free."),
        about=", ".join((reference, *about)),
        due=due_day(due, say, is_sample=is_sample),
        code=code,
    )
    return gsm7(received if about else f"{received} {in_danger(language)}")


def in_danger(language: str) -> str:
    """Says whom to call in danger, and nothing of what the danger may be."""
    return gsm7(translator(language)(IN_DANGER))


def confirmation_and_call(
    language: str, reference: str, due: date, *, about: tuple[str, ...], is_sample: bool, call: str
) -> str:
    """Confirms an urgent case, or one that is not the county's: first whom to call, then no more than the case itself.

    How to follow it would take a second segment. `call` has 60 characters at most, as the pack's rules have it.
    """
    say = translator(language)
    received = say(
        N_("Case {about} received. We answer by {due}."),
        about=", ".join((reference, *about)),
        due=due_day(due, say, is_sample=is_sample),
    )
    return gsm7(f"{call}\n{received}")


def added(language: str, reference: str) -> str:
    """Says that a citizen's words were added to their case."""
    return gsm7(translator(language)(N_("Added to your case {reference}. Thank you."), reference=reference))


def repeated(language: str, body: str) -> str:
    """Gives a text that may have come before, and says so."""
    mark = translator(language)(N_("(Repeat)"))
    return f"{mark} {body}"


def which_category(language: str, reference: str, choices: Sequence[str]) -> str:
    """Asks what a case is about, with numbered choices."""
    say = translator(language)
    question = say(N_("Case {reference}: what is it about? Reply with its number:"), reference=reference)
    return _asked(question, choices)


def which_ward(language: str, reference: str, choices: Sequence[str], call: str = "") -> str:
    """Asks where, with numbered choices, and by name only where there are none; a name will always do as well.

    A long list has the first half of double names, so that Nandi's thirty fit into three segments. `call` says whom to
    call first, in danger, when nobody should have to read a list.
    """
    say = translator(language)
    if not choices:
        by_name = say(N_("We have your case {reference}. Which ward? Reply with its name."), reference=reference)
        return gsm7("\n".join(filter(None, (call, by_name))))
    question = say(N_("Case {reference}: which ward? Reply with its number or name:"), reference=reference)
    whole = _asked(question, choices)
    return whole if segments(whole) <= MOST_SEGMENTS else _asked(question, [name.split("/")[0] for name in choices])


def _asked(question: str, choices: Sequence[str]) -> str:
    return gsm7("\n".join([question, *(f"{number} {choice}" for number, choice in enumerate(choices, start=1))]))
