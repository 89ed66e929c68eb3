"""The console: where staff see what came in. Everything here needs a sign-in."""

from handlers.console.tickets import blueprint

__all__ = ["blueprint"]
