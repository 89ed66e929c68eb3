"""My cases: the caller's own, newest first, or one by its reference. Nobody else's is ever shown.

Of a resolved one the caller says whether it is fixed; one that waits for the caller shows what is asked and takes the
answer.
"""

from menus.complaints import complaint_category
from menus.county import Case, Promise
from menus.engine import screen
from menus.intents import AddToTicket, ConfirmFixed, ContestFixed
from menus.pages import LONGEST_QUESTION
from menus.shapes import Ask, End, Menu, Option, Talk, Typed
from menus.words import N_, due_day, full_day, septets, shorten

REFERENCE_LENGTH = 9
LONGEST_ANSWER = 400
WAITS, REOPENED = "waiting_citizen", "reopened"
NOT_FOUND = N_("Not found. Check the reference.")

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
        return Menu(talk.say(NOT_FOUND))
    return Menu(case.reference, _open_to(talk, case), text="\n".join(_story(talk, case)), text_is_below=True)


@screen
def case_fixed(talk: Talk) -> End:
    """Thanks for the word that it is fixed."""
    case = talk.county.my_case(talk.answers["reference"])
    if case is None or case.again is None or case.is_said_fixed:
        return _as_it_stands(talk, case)
    thanks = talk.say(N_("Thank you. Case {reference} is closed."), reference=case.reference)
    return End(thanks, ConfirmFixed(_bare(case)))


@screen
def case_still_wrong(talk: Talk) -> Ask:
    """What is still wrong; one may say nothing of it."""
    question = talk.say(N_("What is still wrong?"))
    return Ask(question, "still_wrong", case_contested, at_least=3, skip=talk.say(N_("Send without words")))


@screen
def case_contested(talk: Talk) -> End:
    """Thanks for the word that it is not fixed, and by when it is answered."""
    case, words = talk.county.my_case(talk.answers["reference"]), talk.answers.get("still_wrong", "")
    if case is None or (case.again is None and not words):
        return _as_it_stands(talk, case)
    if case.again is None:
        return _added(talk, case, words)
    sentence = N_("Thank you. Case {reference} is open again. We answer by SMS by {due}.")
    thanks = talk.say(sentence, reference=case.reference, due=_due(talk, case.again))
    return End(thanks, ContestFixed(_bare(case), words))


@screen
def case_answer(talk: Talk) -> Ask:
    """The answer to what a case that waits for the caller asks; the question stands above it, however long it is."""
    case = talk.county.my_case(talk.answers["reference"])
    question = talk.say(N_("Your answer? A longer one: SMS it to {line}."), line=talk.county.line)
    asked = f"{shorten(case.asked, LONGEST_QUESTION - septets(question) - 1)}\n" if case and case.asked else ""
    return Ask(f"{asked}{question}", "answer", case_answered)


@screen
def case_answered(talk: Talk) -> End:
    """Thanks for the answer."""
    case = talk.county.my_case(talk.answers["reference"])
    return _added(talk, case, talk.answers["answer"]) if case else _as_it_stands(talk, case)


def _added(talk: Talk, case: Case, words: str) -> End:
    thanks = talk.say(N_("Added to your case {reference}. Thank you."), reference=case.reference)
    return End(thanks, AddToTicket(_bare(case), words))


def _as_it_stands(talk: Talk, case: Case | None) -> End:
    """Says how a case stands that was judged, or changed, since it was shown."""
    return End(_line(talk, case) if case else talk.say(NOT_FOUND))


def _bare(case: Case) -> str:
    return case.reference.replace("-", "")


def _open_to(talk: Talk, case: Case) -> tuple[Option, ...]:
    """Gives what the caller may do with a case, which stands above its story: nobody turns pages to find it."""
    if case.status == WAITS:
        return (Option(talk.say(N_("Answer")), case_answer),)
    if case.again is None:
        return ()
    not_fixed = Option(talk.say(N_("It is not fixed")), case_still_wrong, {"still_wrong": ""})
    return (not_fixed,) if case.is_said_fixed else (Option(talk.say(N_("It is fixed")), case_fixed), not_fixed)


def _line(talk: Talk, case: Case) -> str:
    about = f" {talk.label(case.label)}" if case.label else ""
    return f"{case.reference}{about}: {talk.say(STATUS_WORDS[case.status])}"


def _story(talk: Talk, case: Case) -> list[str]:
    about = [talk.label(case.label)] if case.label else []
    place = [case.ward] if case.ward else []
    due = [talk.say(N_("We answer by {due}"), due=_due(talk, case.due))]
    asked = [talk.say(N_("Question: {question}"), question=shorten(case.asked, LONGEST_ANSWER))] if case.asked else []
    is_news = case.answer and case.answer != case.asked
    answer = [talk.say(N_("Answer: {answer}"), answer=shorten(case.answer or "", LONGEST_ANSWER))] if is_news else []
    return [
        *asked,
        ", ".join(about + place),
        talk.say(N_("Status: {status}"), status=talk.say(STATUS_WORDS[case.status])),
        talk.say(N_("Sent {day}"), day=full_day(case.opened, talk.say)),
        *(due if case.status == REOPENED or not (asked or answer) else []),
        *answer,
    ]


def _due(talk: Talk, promise: Promise) -> str:
    return due_day(promise.day, talk.say, is_sample=promise.is_sample)
