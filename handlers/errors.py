"""Errors, each as its reader needs it: to a carrier the status that makes it do the right thing, to a person a page."""

import structlog
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from gateway import database
from gateway.errors import BadCallback, NoSuchTicket, SpoolClosed
from handlers.console import access
from handlers.words import N_, translated

OTHERWISE = N_("The request could not be answered.")
WORDS = {
    400: N_("The request could not be understood."),
    403: N_("This page is not yours to see."),
    404: N_("There is nothing here."),
    405: N_("This address does not take that kind of request."),
    413: N_("That is too large."),
    500: N_("Something went wrong on our side. It has been noted."),
    503: N_("We can't answer just now. Try again in a minute."),
}

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Hangs the error pages on the application."""
    app.register_error_handler(BadCallback, _bad_callback)
    app.register_error_handler(SpoolClosed, _not_kept)
    app.register_error_handler(NoSuchTicket, _not_there)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)


def _bad_callback(error: BadCallback) -> Response:
    log.warning("callback refused", route=request.endpoint, field=str(error))
    return Response(f"missing or malformed: {error}", 400, content_type="text/plain; charset=utf-8")


def _not_kept(error: SpoolClosed) -> Response:
    """Tells the carrier to keep what it has: we could not."""
    log.error("callback not kept", route=request.endpoint, cause=str(error))
    return _answer(503)


def _not_there(error: NoSuchTicket) -> Response:
    """Says nothing of a ticket that this member of staff may not see, not even that there is one."""
    del error
    return _answer(404)


def _refused(error: HTTPException) -> Response:
    return _answer(error.code or 500)


def _failed(error: Exception) -> Response:
    log.error("request failed", route=request.endpoint, error=error)
    return _answer(503 if database.is_away(error) else 500)


def _answer(status: int) -> Response:
    words = WORDS.get(status, OTHERWISE)
    if request.path.startswith("/hooks/"):
        return Response(words, status, content_type="text/plain; charset=utf-8")
    is_inside = status < 500 and access.is_inside()  # asked first: who is there decides the language
    page = render_template("error.html", status=status, words=translated(words), is_inside=is_inside)
    return Response(page, status)
