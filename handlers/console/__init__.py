"""The console: where staff see what came in. Every view says whom it is for (`access`)."""

from handlers.console import account, second_factor, signin, staff, staff_acts, tickets
from handlers.console.access import blueprint

__all__ = ["account", "blueprint", "second_factor", "signin", "staff", "staff_acts", "tickets"]
