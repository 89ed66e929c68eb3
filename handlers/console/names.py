"""What the console calls the states of things, in the reader's language: the filter `named`."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from gateway.campaigns.recipients import Reason
from gateway.desk.folders import Folder
from gateway.operations.causes import Cause
from handlers.words import N_, translated
from models import CampaignStatus, Channel, EventKind, Priority, State, Status, Verdict

NAMES: Mapping[type[StrEnum], Mapping[str, str]] = {
    Status: {
        Status.NEW: N_("new"),
        Status.OPEN: N_("open"),
        Status.WAITING_DEPARTMENT: N_("waiting for the department"),
        Status.WAITING_CITIZEN: N_("waiting for the citizen"),
        Status.RESOLVED: N_("resolved"),
        Status.CLOSED: N_("closed"),
        Status.REJECTED: N_("rejected"),
        Status.REOPENED: N_("reopened"),
    },
    Channel: {Channel.USSD: N_("USSD"), Channel.SMS: N_("SMS"), Channel.CALL: N_("call")},
    Priority: {Priority.HIGH: N_("high"), Priority.NORMAL: N_("normal"), Priority.LOW: N_("low")},
    Verdict: {Verdict.FIXED: N_("fixed, says the citizen"), Verdict.NOT_FIXED: N_("not fixed, says the citizen")},
    State: {
        State.QUEUED: N_("queued"),
        State.CLAIMED: N_("about to be sent"),
        State.SENDING: N_("being sent"),
        State.ACCEPTED: N_("with the carrier"),
        State.DELIVERED: N_("delivered"),
        State.FAILED: N_("failed"),
        State.REJECTED: N_("refused by the carrier"),
        State.NO_REPORT: N_("no report"),
        State.EXPIRED: N_("too old, not sent"),
        State.HELD: N_("held by the carrier"),
        State.SKIPPED: N_("not sent"),
        State.CANCELLED: N_("cancelled"),
        State.UNKNOWN: N_("may have been sent"),
        State.UNRESOLVED: N_("may have been sent, no word for a day"),
        State.RECEIVED: N_("received"),
        State.HANDLED: N_("handled"),
    },
    CampaignStatus: {
        CampaignStatus.DRAFT: N_("draft"),
        CampaignStatus.SUBMITTED: N_("to be approved"),
        CampaignStatus.APPROVED: N_("approved"),
        CampaignStatus.SCHEDULED: N_("scheduled"),
        CampaignStatus.SENDING: N_("goes out now"),
        CampaignStatus.PAUSED: N_("paused"),
        CampaignStatus.DONE: N_("done"),
        CampaignStatus.REJECTED: N_("rejected"),
        CampaignStatus.CANCELLED: N_("cancelled"),
        CampaignStatus.EXPIRED: N_("too late to be sent"),
    },
    Reason: {
        Reason.NOT_MOBILE: N_("no Kenyan mobile number"),
        Reason.OPTED_OUT: N_("said STOP"),
        Reason.SAMPLE: N_("a made-up citizen"),
        Reason.NOTHING_DUE: N_("no open case with a date"),
        Reason.NO_TEXT: N_("no text in their language"),
        Reason.SAME_TEXT: N_("got this very text within 24 hours"),
    },
    Folder: {
        Folder.MINE: N_("Mine"),
        Folder.UNASSIGNED: N_("Unassigned"),
        Folder.DEPARTMENT: N_("My department"),
        Folder.OVERDUE: N_("Overdue"),
        Folder.EMERGENCY: N_("Emergency"),
        Folder.WAITING: N_("Waiting"),
        Folder.CONTESTED: N_("Contested"),
        Folder.ALL: N_("All open"),
        Folder.DONE: N_("Done"),
        Folder.EVERYTHING: N_("Open and done"),
    },
    EventKind: {
        EventKind.OPENED: N_("opened"),
        EventKind.WROTE: N_("the citizen wrote"),
        EventKind.ANSWERED: N_("answered"),
        EventKind.NOTED: N_("note for staff"),
        EventKind.MOVED: N_("moved"),
        EventKind.ASSIGNED: N_("assigned"),
        EventKind.CALLED: N_("call"),
        EventKind.MERGED: N_("merged"),
        EventKind.SPLIT: N_("split"),
        EventKind.LINKED: N_("linked to a project"),
        EventKind.ESCALATED: N_("a clock ran out"),
        EventKind.CONFIRMED: N_("the citizen says it is fixed"),
        EventKind.CONTESTED: N_("the citizen says it is not fixed"),
        EventKind.REPORTED: N_("the department reported"),
    },
    Cause: {
        Cause.DATABASE: N_("database"),
        Cause.SCHEMA: N_("schema"),
        Cause.COUNTY_PACK: N_("county pack"),
        Cause.SPOOL: N_("spool"),
        Cause.DISK: N_("disk"),
        Cause.SPOOL_WAITS: N_("spool waits"),
        Cause.SPOOL_SET_ASIDE: N_("spool set aside"),
        Cause.REDIS: N_("redis"),
        Cause.REPLIES_WAIT: N_("replies wait"),
        Cause.CAMPAIGNS_WAIT: N_("campaigns wait"),
        Cause.TEXTS_WAIT: N_("texts wait"),
        Cause.REPORTS_FOR_NOBODY: N_("reports for nobody"),
        Cause.REPORTS_QUARANTINED: N_("reports quarantined"),
        Cause.AUDIT_LOG_BROKEN: N_("audit log broken"),
        Cause.TROUBLES_UNKNOWN: N_("troubles unknown"),
    },
}
# The filters of the queue, as a sentence names them.
FILTERS: Mapping[str, str] = {
    "ward": N_("Ward"),
    "category": N_("Category"),
    "department": N_("Department"),
    "project": N_("Project"),
    "assignee": N_("Assigned to"),
    "status": N_("Status"),
    "priority": N_("Priority"),
    "opened_from": N_("Opened from"),
    "opened_to": N_("Opened to"),
    "q": N_("Words"),
    "folder": N_("Folder"),
    "after": N_("Page"),
}


def pairs(enum: type[StrEnum]) -> Sequence[tuple[str, str]]:
    """Gives the values of an enum with their names, for a list to choose from."""
    return [(member.value, named(member)) for member in enum]


def named(member: StrEnum) -> str:
    """Gives the name of a status, channel, priority, folder or kind of event in the reader's language."""
    return translated(NAMES[type(member)][member])


def of_cause(cause: str) -> str:
    """Gives what is amiss in the reader's language, and behind it the name by which operators look it up."""
    if not isinstance(cause, Cause):
        return cause
    own = named(cause)
    return own if own == cause else f"{own} ({cause})"
