"""BUDGET by SMS: what each department was given and spent, or one department's programmes."""

from menus.budget import budget_departments, budget_programmes
from menus.sms import Answer, Said, joined
from menus.words import N_

FEW_WORDS = 3  # more are a story or a question


def budget(said: Said) -> Answer | None:
    """The fiscal year by department; with a department's name, its programmes."""
    if len(said.rest.split()) > FEW_WORDS:
        return None
    department = said.county.department_named(said.rest) if said.rest else None
    if department:
        return Answer(joined(said.told(budget_programmes, department=department), more=said.more))
    if len(said.rest.split()) > 1:
        return None
    one = said.say(N_("One department: SMS {command} and its name."), command=said.say(N_("BUDGET")))
    return Answer(joined([*said.listed(budget_departments), one], more=said.more))
