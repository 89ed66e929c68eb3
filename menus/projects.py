"""Public projects: of a ward or of the whole county, one by one, with what they cost and where the facts come from."""

from menus.complaints import complaint_category
from menus.county import County, Project
from menus.engine import screen
from menus.intents import FollowProject, UnfollowProject
from menus.pages import LAST_NUMBER
from menus.shapes import Menu, Option, Talk
from menus.wards import subcounty_menu, ward_menu
from menus.words import N_, Say, full_day, money, shorten

LISTED_NAME = 26
TITLE_NAME = 36

STATUS_WORDS = {
    "planned": N_("planned"),
    "procurement": N_("tender"),
    "ongoing": N_("ongoing"),
    "stalled": N_("stalled"),
    "completed": N_("completed"),
    "cancelled": N_("cancelled"),
}


@screen
def projects_where(talk: Talk) -> Menu:
    """My ward, another, or the whole county."""
    ward = talk.county.my_ward()
    mine = (Option(ward.name, project_list, {"ward": ward.code}),) if ward else ()
    other = N_("Another ward") if ward else N_("Choose a ward")
    return Menu(
        talk.say(N_("Projects where?")),
        (
            *mine,
            Option(talk.say(other), projects_subcounty),
            Option(talk.say(N_("Whole county")), project_list, {"ward": ""}),
        ),
    )


@screen
def projects_subcounty(talk: Talk) -> Menu:
    """Which part of the county."""
    return subcounty_menu(talk, projects_ward)


@screen
def projects_ward(talk: Talk) -> Menu:
    """Which ward."""
    return ward_menu(talk, project_list)


@screen
def project_list(talk: Talk) -> Menu:
    """The projects of a ward with their sum; without a ward, those of the whole county."""
    ward = talk.county.ward(talk.answers.get("ward", ""))
    listed = talk.county.projects(ward.code if ward else None)
    place = ward.name if ward else talk.say(N_("Whole county"))
    placed = ward.code if ward else ""
    count = len(listed.projects)
    if not listed.projects:
        return Menu(talk.say(N_("{place}: no project is listed."), place=place))
    return Menu(
        talk.say(
            N_("{place}: {count}, KES {total}"),
            place=place,
            count=count if count <= LAST_NUMBER else f"{LAST_NUMBER}+",
            total=money(listed.total),
        ),
        tuple(
            Option(
                f"{shorten(line.name, LISTED_NAME)}: {talk.say(STATUS_WORDS[line.status])}",
                project,
                {"project": line.code, "placed": placed},
            )
            for line in listed.projects
        ),
        is_sample=listed.is_sample,
    )


@screen
def project(talk: Talk) -> Menu:
    """One project; a problem with it can be reported, and it can be followed."""
    found = talk.county.project(talk.answers["project"])
    if found is None:
        return Menu(talk.say(N_("This project is no longer listed.")))
    follow = Option(talk.say(N_("Follow it")), project_followed, intent=FollowProject(found.code))
    unfollow = Option(talk.say(N_("Unfollow")), project_unfollowed, intent=UnfollowProject(found.code))
    return Menu(
        shorten(found.name, TITLE_NAME),
        (
            Option(talk.say(N_("Report a problem")), complaint_category),
            None if found.is_followed else follow,
            unfollow if found.is_followed else None,
        ),
        text="\n".join(_facts(talk, found)),
        text_is_below=True,
        is_sample=found.is_sample,
    )


@screen
def project_followed(talk: Talk) -> Menu:
    """Said at once; the next screen back already shows it."""
    return Menu(talk.say(N_("We will SMS you when it changes.")), text=after_stop(talk.say, talk.county))


def after_stop(say: Say, county: County) -> str:
    """Gives what somebody who said STOP has to do to get the news they ask for; nothing for anybody else."""
    if not county.is_opted_out():
        return ""
    return say(N_("You said STOP: to get news, SMS START to {line}."), line=county.line)


@screen
def project_unfollowed(talk: Talk) -> Menu:
    """Said at once."""
    return Menu(talk.say(N_("You no longer follow it.")))


def _facts(talk: Talk, found: Project) -> list[str]:
    status = talk.say(STATUS_WORDS[found.status])
    facts = [talk.say(N_("{status}, {percent}% done"), status=status, percent=found.percent_done)]
    if found.contract_sum is not None:
        facts.append(talk.say(N_("Cost KES {amount}"), amount=money(found.contract_sum)))
    if found.paid is not None:
        facts.append(talk.say(N_("Paid KES {amount}"), amount=money(found.paid)))
    if found.contractor:
        facts.append(talk.say(N_("By {contractor}"), contractor=found.contractor))
    whole_name = [] if shorten(found.name, TITLE_NAME) == found.name else [found.name]
    return [*facts, *_days(talk, found), *whole_name, _source(talk, found)]


def _days(talk: Talk, found: Project) -> list[str]:
    starts = full_day(found.starts_on, talk.say) if found.starts_on else ""
    ends = full_day(found.ends_on, talk.say) if found.ends_on else ""
    if starts and ends:
        return [f"{starts} - {ends}"]
    if starts:
        return [talk.say(N_("Start {day}"), day=starts)]
    return [talk.say(N_("End {day}"), day=ends)] if ends else []


def _source(talk: Talk, found: Project) -> str:
    page = talk.say(N_(", page {page}"), page=found.source_page) if found.source_page else ""
    day = full_day(found.as_of, talk.say)
    return talk.say(N_("Source: {document}{page}, {day}"), document=found.source_document, page=page, day=day)
