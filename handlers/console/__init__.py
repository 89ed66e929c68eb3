"""The console: where staff see what came in and work on it. Everything here needs a sign-in."""

from handlers.console import language, ticket, tickets
from handlers.console.access import blueprint

__all__ = ["blueprint", "language", "ticket", "tickets"]
