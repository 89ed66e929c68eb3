"""My cases: the caller's own, newest first, or one by its reference. Nobody else's is ever shown."""

from menus.complaints import complaint_category
from menus.county import Case
from menus.engine import screen
from menus.shapes import Menu, Option, Talk, Typed
from menus.words import N_, full_day, short_day, shorten

REFERENCE_LENGTH = 9
LONGEST_ANSWER = 400

STATUS_WORDS = {
    "new": N_("received"),
    "open": N_("being looked at"),
    "waiting_department": N_("with the department"),
    "waiting_citizen": N_("waits for you"),
    "resolved": N_("resolved"),
    "closed": N_("closed"),
    "rejected": N_("not taken up"),
    "reopened": N_("opened again"),
}


@screen
def my_cases(talk: Talk) -> Menu:
    """The caller's cases, newest first. Anything that looks like a reference is looked up."""
    cases = talk.county.my_cases()
    by_reference = Typed("reference", my_case, at_least=REFERENCE_LENGTH)
    or_type = talk.say(N_("Or type a reference."))
    if not cases:
        report = Option(talk.say(N_("Report a problem")), complaint_category)
        return Menu(talk.say(N_("You have no case yet.")), (report,), or_type, typed=by_reference)
    return Menu(
        talk.say(N_("My cases")),
        tuple(Option(_line(talk, case), my_case, {"reference": case.reference}) for case in cases),
        or_type,
        typed=by_reference,
    )


@screen
def my_case(talk: Talk) -> Menu:
    """One case in plain words. To any other phone it is not found, whatever it is."""
    case = talk.county.my_case(talk.answers["reference"])
    if case is None:
        return Menu(talk.say(N_("Not found. Check the reference.")))
    return Menu(case.reference, text="\n".join(_story(talk, case)))


def _line(talk: Talk, case: Case) -> str:
    about = f" {talk.label(case.label)}" if case.label else ""
    return f"{case.reference}{about}: {talk.say(STATUS_WORDS[case.status])}"


def _story(talk: Talk, case: Case) -> list[str]:
    about = [talk.label(case.label)] if case.label else []
    place = [case.ward] if case.ward else []
    due = short_day(case.due.day, talk.say)
    story = [
        ", ".join(about + place),
        talk.say(N_("Status: {status}"), status=talk.say(STATUS_WORDS[case.status])),
        talk.say(N_("Sent {day}"), day=full_day(case.opened, talk.say)),
    ]
    if case.answer:
        return [*story, talk.say(N_("Answer: {answer}"), answer=shorten(case.answer, LONGEST_ANSWER))]
    sample = talk.say(N_("{day} (sample)"), day=due) if case.due.is_sample else due
    return [*story, talk.say(N_("Answer by {due}"), due=sample)]
