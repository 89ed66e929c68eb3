"""PROJECT, FOLLOW and UNFOLLOW by SMS: a project by its code, a ward by its name as people spell it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from menus.county import Named
from menus.intents import FollowProject, FollowWard, UnfollowProject, UnfollowWard
from menus.projects import after_stop, project, project_followed, project_list, project_unfollowed
from menus.sms import Answer, Said, did_you_mean, joined, says_more, words_in
from menus.sms_cases import names_a_case, status
from menus.words import N_, shorten

FEW_WORDS = 2  # more than these, and no place among them, are a story
_NO_NAME = "wa ya za la cha vya is are was of in on up na ni"
NO_NAME = frozenset(_NO_NAME.split())  # what tells a sentence from a name
_CONNECTING = re.compile(r"\W*\b(?:(?:wadi|ward|za|ya|wa|la|in|of|kwa|katika|huko|hapa)\b\W*)+(?=\w)", re.IGNORECASE)
_CODE = re.compile(r"[\w/\-]*[0-9][\w/\-]*")  # one word with a digit in it: a project's code or a ward's, mistyped
NEAR = 30  # characters of a name that may be meant
NAME = 40  # characters of a project's name, where only the name is said


def projects(said: Said) -> Answer | None:
    """A project, or those of a ward; without a name those of the ward used last time."""
    found = said.county.project(said.rest.upper())
    if found:
        hint = said.say(N_("News of it: SMS {command}."), command=f"{said.say(N_('FOLLOW'))} {found.code}")
        return Answer(joined([*said.told(project, project=found.code), hint], more=said.more))
    ward, otherwise = _ward(said, said.say(N_("PROJECT")))
    if ward is None:
        return otherwise
    return Answer(joined(said.listed(project_list, ward=ward.code), more=said.more))


def follow(said: Said) -> Answer | None:
    """From now on the news of a project or a ward come by SMS. "Fuatilia kesi yangu" asks how a case stands."""
    if names_a_case(said.rest):
        return status(replace(said, rest=""))
    found = said.county.project(said.rest.upper())
    if found:
        lines = [f"{found.code} {shorten(found.name, NAME)}", *said.told(project_followed)]
        return Answer(joined(lines), FollowProject(found.code))
    ward, otherwise = _ward(said, said.say(N_("FOLLOW")))
    if ward is None:
        return otherwise
    end = f"{said.say(N_('UNFOLLOW'))} {ward.code}"
    text = said.say(N_("We will SMS you the news of {place}. To end it: SMS {command}."), place=ward.name, command=end)
    return Answer(joined([text, *filter(None, [after_stop(said.say, said.county)])]), FollowWard(ward.code))


def unfollow(said: Said) -> Answer | None:
    """Ends that for a project or a ward."""
    found = said.county.project(said.rest.upper())
    if found:
        lines = [f"{found.code} {shorten(found.name, NAME)}", *said.told(project_unfollowed)]
        return Answer(joined(lines), UnfollowProject(found.code))
    ward, otherwise = _ward(said, said.say(N_("UNFOLLOW")))
    if ward is None:
        return otherwise
    text = said.say(N_("We no longer SMS you the news of {place}."), place=ward.name)
    return Answer(joined([text]), UnfollowWard(ward.code))


def _ward(said: Said, command: str) -> tuple[Named | None, Answer | None]:
    """Gives the one ward that is meant, or what to answer when there is none; neither for words that tell a story."""
    said = replace(said, rest=_without_connecting(said.rest))
    words = words_in(said.rest)
    mine = said.county.my_ward()
    found = said.county.wards_named(said.rest) if words else [mine] if mine else []
    if len(words) > FEW_WORDS + len(found) or set(words) & NO_NAME:
        return None, None
    if _is_a_story(said, words, found):
        near = said.county.nearly_named(said.rest) if len(words) <= FEW_WORDS else []
        return None, did_you_mean(
            said, [f"{command} {one.code} ({shorten(one.name, NEAR)})" for one in near]
        ) if near else None
    if len(found) == 1:
        return found[0], None
    return None, Answer(_which(said, found, command))


def _without_connecting(words: str) -> str:
    """Leaves out what only leads to a name: "ya Kapsabet", "in Kapsabet", "wadi ya Kapsabet"."""
    leading = _CONNECTING.match(words)
    return words[leading.end() :] if leading else words


def _is_a_story(said: Said, words: Sequence[str], found: Sequence[Named]) -> bool:
    """Whether words are neither a place nor plainly meant as a code: "Mradi umekwama"."""
    if words and not found:
        return not _CODE.fullmatch(said.rest)
    return len(words) > 1 and says_more(words, said.county.wards_named)


def _which(said: Said, found: Sequence[Named], command: str) -> str:
    if found:
        choices = ", ".join(f"{ward.code} {ward.name}" for ward in found)
        return joined([said.say(N_("Which ward? SMS {command} and its number:"), command=command), choices])
    unknown = [said.say(N_("{words}: we don't know it."), words=said.echo)] if said.rest else []
    how = said.say(N_("SMS {command} and a ward's name or a project's code."), command=command)
    return joined([*unknown, how, said.more])
