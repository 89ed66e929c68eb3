"""The console: where staff see what came in and work on it. Every view says whom it is for (`access`)."""

from handlers.console import (
    account,
    calls,
    deeds,
    language,
    second_factor,
    signin,
    staff,
    staff_acts,
    ticket,
    tickets,
)
from handlers.console.access import blueprint

__all__ = [
    "account",
    "blueprint",
    "calls",
    "deeds",
    "language",
    "second_factor",
    "signin",
    "staff",
    "staff_acts",
    "ticket",
    "tickets",
]
