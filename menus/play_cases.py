"""The sample caller's own cases, and what becomes of them in a dialogue."""

from dataclasses import replace
from datetime import date

from menus.county import Case, Promise
from menus.intents import AddToTicket, ConfirmFixed, ContestFixed

_AGAIN = Promise(date(2026, 11, 25), is_sample=True)

SAMPLE_CASES = (
    Case(
        reference="MKF-A8S-42V",
        label={"en": "Roads & bridges", "sw": "Barabara, daraja"},
        status="waiting_department",
        opened=date(2026, 11, 20),
        due=_AGAIN,
        ward="Kapsabet",
        answer=None,
    ),
    Case(
        reference="XKC-ZSU-PT5",
        label=None,
        status="resolved",
        opened=date(2026, 10, 5),
        due=Promise(date(2026, 10, 7), is_sample=True),
        ward=None,
        answer="The officer was moved to other duties. Thank you for telling us.",
        again=_AGAIN,
    ),
)
ASKING_CASE = Case(
    reference="EJW-US8-9ZG",
    label={"en": "Water/sanitation", "sw": "Maji na usafi"},
    status="waiting_citizen",
    opened=date(2026, 11, 19),
    due=_AGAIN,
    ward="Kapsabet",
    answer="Which school is the pipe near?",
    asked="Which school is the pipe near?",
)


def after(case: Case, intent: ConfirmFixed | ContestFixed | AddToTicket) -> Case:
    """Gives a case as it stands after what was asked for; any other case stays as it is."""
    if case.reference.replace("-", "") != intent.reference:
        return case
    if isinstance(intent, ConfirmFixed):
        return replace(case, status="closed", again=None)
    if isinstance(intent, ContestFixed):
        return replace(case, status="reopened", due=case.again or case.due, again=None)
    return replace(case, status="open", asked=None) if case.asked else case
