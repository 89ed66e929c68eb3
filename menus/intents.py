"""What a dialogue wants done. A screen only says so; the gateway does it, once, in one place for every channel."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SetLanguage:
    """Remember the language this phone chose."""

    language: str


@dataclass(frozen=True)
class OpenTicket:
    """Open a case with what the citizen wrote. Its reference and submission id are the dialogue's own."""

    category: str
    words: str
    ward: str | None = None
    project: str | None = None
    hides_phone: bool = False
    linked_to: str | None = None  # the reference of another case, for staff only; without hyphens


@dataclass(frozen=True)
class FollowProject:
    """Tell this phone when the project changes."""

    project: str


@dataclass(frozen=True)
class UnfollowProject:
    """Tell it no more."""

    project: str


@dataclass(frozen=True)
class FollowWard:
    """Tell this phone the news of a ward."""

    ward: str


@dataclass(frozen=True)
class UnfollowWard:
    """Tell it no more."""

    ward: str


@dataclass(frozen=True)
class OptOut:
    """Send this phone nothing but answers to its own cases."""


@dataclass(frozen=True)
class OptIn:
    """Undo that."""


@dataclass(frozen=True)
class AddToTicket:
    """Add what the citizen wrote to one of their own cases, by its reference without hyphens."""

    reference: str
    words: str


@dataclass(frozen=True)
class CompleteTicket:
    """Add what was missing when a case was opened, as the citizen chose it."""

    reference: str
    category: str | None = None
    ward: str | None = None


@dataclass(frozen=True)
class ConfirmFixed:
    """Take the citizen's word that their resolved case is fixed; the reference is without hyphens."""

    reference: str
    words: str = ""


@dataclass(frozen=True)
class ContestFixed:
    """Take the citizen's word that it is not."""

    reference: str
    words: str = ""


Intent = (
    SetLanguage
    | OpenTicket
    | FollowProject
    | UnfollowProject
    | FollowWard
    | UnfollowWard
    | OptOut
    | OptIn
    | AddToTicket
    | CompleteTicket
    | ConfirmFixed
    | ContestFixed
)
