"""BUDGET by SMS: what each department was given and spent, or one department's programmes."""

from collections.abc import Sequence

from menus.budget import budget_departments, budget_programmes
from menus.sms import Answer, Said, did_you_mean, joined, says_more
from menus.words import N_

FEW_WORDS = 3  # more are a story or a question
NEARLY = 2  # words that may be a misspelt name


def budget(said: Said) -> Answer | None:
    """The fiscal year by department; with a department's name, its programmes. "Budget stolen" is no command."""
    words = said.rest.lower().split()
    if len(words) > FEW_WORDS:
        return None
    if words:
        return _programmes(said, words)
    one = said.say(N_("One department: SMS {command} and its name."), command=said.say(N_("BUDGET")))
    return Answer(joined([*said.listed(budget_departments), one], more=said.more))


def _programmes(said: Said, words: Sequence[str]) -> Answer | None:
    department = said.county.department_named(said.rest)
    if department is None and len(words) <= NEARLY and (near := said.county.departments_nearly_named(said.rest)):
        command = said.say(N_("BUDGET"))
        return did_you_mean(said, [f"{command} {name}" for name in near])
    if department is None or says_more(words, said.county.department_named):
        return None
    return Answer(joined(said.told(budget_programmes, department=department), more=said.more))
