"""The moves of a campaign: from which status to which, and by whom. There are no others.

Whoever wrote a campaign never decides on it, whatever else they may do: an author is an author even where they are an
admin. The clock begins what is approved and ends what is over.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from gateway.errors import Refused
from gateway.staff import audit, rights
from gateway.staff.rights import Right
from models import Campaign, Staff
from models import CampaignStatus as At


class By(StrEnum):
    """Who moves a campaign."""

    AUTHOR = "its author"
    SECOND = "a second person"  # who may approve, and did not write it
    CLOCK = "the clock"


_AUTHOR = frozenset({By.AUTHOR})
_SECOND = frozenset({By.SECOND})
_CLOCK = frozenset({By.CLOCK})
_STAFF = _AUTHOR | _SECOND
_WAITS = (At.SUBMITTED, At.APPROVED, At.SCHEDULED)
_RUNS = (At.SENDING, At.PAUSED)

MOVES: Mapping[tuple[At, At], frozenset[By]] = {
    (At.DRAFT, At.DRAFT): _AUTHOR,
    (At.REJECTED, At.DRAFT): _AUTHOR,
    (At.DRAFT, At.SUBMITTED): _AUTHOR,
    (At.SUBMITTED, At.REJECTED): _SECOND,
    (At.SUBMITTED, At.APPROVED): _SECOND,
    (At.SUBMITTED, At.SCHEDULED): _SECOND,
    (At.APPROVED, At.SCHEDULED): _STAFF | _CLOCK,  # the clock: it was approved at night
    (At.SCHEDULED, At.SCHEDULED): _STAFF | _CLOCK,
    (At.APPROVED, At.SENDING): _STAFF | _CLOCK,
    (At.SCHEDULED, At.SENDING): _STAFF | _CLOCK,
    (At.SENDING, At.PAUSED): _STAFF | _CLOCK,
    (At.PAUSED, At.SENDING): _STAFF,
    (At.SENDING, At.DONE): _CLOCK,
    (At.PAUSED, At.DONE): _CLOCK,
    (At.DONE, At.SENDING): _SECOND,  # once more to those in doubt: repeats.py
    **{(status, At.EXPIRED): _CLOCK for status in (*_WAITS, *_RUNS)},
    # The clock: after a restore (gateway/sending/reconciling.py).
    **{(status, At.CANCELLED): _STAFF | _CLOCK for status in (*_WAITS, *_RUNS)},
    (At.DRAFT, At.CANCELLED): _AUTHOR,
    (At.REJECTED, At.CANCELLED): _AUTHOR,
}
ENDS = (At.DONE, At.CANCELLED, At.EXPIRED)

# What the audit log calls a move: by where it goes, where that says it all.
_ACTIONS = {
    At.DRAFT: "campaign_changed",
    At.SUBMITTED: "campaign_submitted",
    At.APPROVED: "campaign_approved",
    At.REJECTED: "campaign_rejected",
    At.SCHEDULED: "campaign_scheduled",
    At.SENDING: "campaign_launched",
    At.PAUSED: "campaign_paused",
    At.DONE: "campaign_done",
    At.CANCELLED: "campaign_cancelled",
    At.EXPIRED: "campaign_expired",
}
_ACTIONS_FROM = {
    (At.PAUSED, At.SENDING): "campaign_resumed",
    (At.DONE, At.SENDING): "campaign_sent_again",
    (At.SUBMITTED, At.SCHEDULED): "campaign_approved",
}


def mover(campaign: Campaign, staff: Staff) -> By | None:
    """Gives what somebody is to a campaign, None for one who may only look at it."""
    if campaign.author == staff.name:
        return By.AUTHOR if rights.may(staff, Right.WRITE_CAMPAIGNS) else None
    return By.SECOND if rights.may(staff, Right.APPROVE_CAMPAIGNS) else None


def may(campaign: Campaign, to: At, by: By | None) -> bool:
    """Whether a campaign may be moved there from where it stands."""
    return by in MOVES.get((campaign.status, to), frozenset())


def open_to(campaign: Campaign, staff: Staff) -> Sequence[At]:
    """Gives where this member of staff may move a campaign, in the order of the statuses."""
    by = mover(campaign, staff)
    return [to for to in At if may(campaign, to, by)]


def refuse_unless(campaign: Campaign, to: At, by: By | None) -> None:
    """Raises `Refused` for a move that isn't in the table, and for one that is not theirs to make."""
    if may(campaign, to, by):
        return
    if by is By.AUTHOR and By.SECOND in MOVES.get((campaign.status, to), frozenset()):
        raise Refused("You wrote this campaign: somebody else decides on it.")
    raise Refused("The campaign can't be moved there from where it stands, or not by you.")


def put(db: Session, campaign: Campaign, to: At, actor: str, now: datetime, **details: object) -> None:
    """Moves a campaign, dates the move and records it. Whether it may be is asked before; `details` hold numbers."""
    action = _ACTIONS_FROM.get((campaign.status, to), _ACTIONS[to])
    campaign.status = to
    campaign.version += 1
    match to:
        case At.SUBMITTED:
            campaign.submitted_at = now
        case At.SENDING:
            campaign.begun_at = campaign.begun_at or now
        case _ if to in ENDS:
            campaign.ended_at = now
    db.flush()
    audit.record(db, actor, action, f"campaign:{campaign.id}", now, **details)
