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


@dataclass(frozen=True)
class FollowProject:
    """Tell this phone when the project changes."""

    project: str


@dataclass(frozen=True)
class UnfollowProject:
    """Tell it no more."""

    project: str


Intent = SetLanguage | OpenTicket | FollowProject | UnfollowProject
