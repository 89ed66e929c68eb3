"""The SMS the county sends by itself. Each fits one segment at the worst, in every language."""

from datetime import date

from menus.words import N_, gsm7, short_day, translator


def confirmation(
    language: str, reference: str, due: date, *, about: tuple[str, ...] = (), is_sample: bool = False, code: str = ""
) -> str:
    """Confirms a case: reference, what and where (left out for a sensitive one), by when it is answered, how to follow.

    `about` holds the category's short label and the ward's name; `code` is the USSD code to dial. No word of what the
    citizen wrote: phones are shared.
    """
    say = translator(language)
    day = short_day(due, say)
    return gsm7(
        say(
            N_("Your case {about} is received. Answer by {due}, by SMS. Follow it: dial {code}, 2 My cases. Free."),
            about=", ".join((reference, *about)),
            due=say(N_("{day} (sample)"), day=day) if is_sample else day,
            code=code,
        )
    )
