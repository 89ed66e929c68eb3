"""The budget: who got how much and spent what, what happens when, and a question to the planning department."""

from menus.complaints import complaint_words
from menus.county import Share
from menus.engine import screen
from menus.projects import project_list, projects_subcounty
from menus.shapes import Menu, Option, Talk
from menus.words import N_, full_day, money, percent


@screen
def budget(talk: Talk) -> Menu:
    """What one may ask of the budget."""
    ward = talk.county.my_ward()
    of_ward = project_list if ward else projects_subcounty
    # What was chosen on the way, and then left, is no part of the question.
    question = {"category": talk.county.question_category, "project": "", "ward": "", "number": ""}
    return Menu(
        talk.say(N_("County budget")),
        (
            Option(talk.say(N_("By department")), budget_departments),
            Option(talk.say(N_("My ward's projects")), of_ward, {"ward": ward.code} if ward else {}),
            Option(talk.say(N_("What happens when")), budget_dates),
            Option(talk.say(N_("Ask a question")), complaint_words, question),
        ),
    )


@screen
def budget_departments(talk: Talk) -> Menu:
    """This fiscal year by department: approved, spent, share spent."""
    found = talk.county.budget()
    if found is None:
        return Menu(talk.say(N_("No budget is listed yet.")))
    return Menu(
        talk.say(N_("{year} KES: given, spent"), year=found.fiscal_year),
        tuple(
            Option(f"{talk.label(share.label)}: {_sums(share)}", budget_programmes, {"department": share.code})
            for share in found.shares
        ),
        is_sample=found.is_sample,
    )


@screen
def budget_programmes(talk: Talk) -> Menu:
    """One department's programmes, and the document they were read from."""
    found = talk.county.programmes(talk.answers["department"])
    if found is None:
        return Menu(talk.say(N_("No budget is listed yet.")))
    lines = [f"{talk.label(share.label)}: {_sums(share)}" for share in found.shares]
    return Menu(
        talk.say(N_("{year} KES: given, spent"), year=found.fiscal_year),
        text="\n".join([*lines, talk.say(N_("Source: {document}"), document=found.source)]),
        is_sample=found.is_sample,
    )


@screen
def budget_dates(talk: Talk) -> Menu:
    """The next dates of the budget year, soonest first."""
    occasions = talk.county.occasions()
    lines = [f"{full_day(occasion.day, talk.say)}: {talk.label(occasion.label)}" for occasion in occasions]
    is_sample = any(occasion.is_sample for occasion in occasions)
    return Menu(talk.say(N_("What happens when")), text="\n".join(lines), is_sample=is_sample)


def _sums(share: Share) -> str:
    return f"{money(share.approved)}, {money(share.spent)} ({percent(share.spent, share.approved)})"
