"""The sentences that the gateway adds to a campaign, or puts where a fact is missing; what staff write is theirs."""

from menus.words import N_, gsm7, translator


def opt_out(language: str, line: str) -> str:
    """Says how to end such messages: the law wants it in every campaign but an emergency's."""
    say = translator(language)
    return gsm7(say(N_("{word} to {line} ends these messages"), word=say(N_("STOP")), line=line))


def your_ward(language: str) -> str:
    """Stands for the name of a ward that isn't known."""
    return gsm7(translator(language)(N_("your ward")))


def said_and_done(language: str, ward: str, days: tuple[str, str]) -> str:
    """Begins an account of what was done in a ward from one day to another."""
    say = translator(language)
    return gsm7(say(N_("You said, we did. {ward}, {first} to {last}:"), ward=ward, first=days[0], last=days[1]))


def solved(language: str, number: int, confirmed: int | None) -> str:
    """Says how many cases were solved, and of how many the citizens said so; None where those are too few to tell."""
    say = translator(language)
    if confirmed is None:
        return gsm7(say(N_("Cases solved: {number}."), number=number))
    return gsm7(
        say(N_("Cases confirmed by citizens as solved: {confirmed} of {number}."), number=number, confirmed=confirmed)
    )


def finished(language: str, names: list[str]) -> str:
    """Names the projects that are finished."""
    return gsm7(translator(language)(N_("Projects finished: {names}."), names=", ".join(names)))
