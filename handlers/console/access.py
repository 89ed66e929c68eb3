"""Who may come in: every view of the console declares whom it is for, and what declares nothing is shut.

A module of the console hangs its views on this blueprint and is imported in `handlers/console/__init__.py`:

    from handlers.console.access import blueprint, needs

    @blueprint.get("/replies")
    @needs(Right.EDIT_REPLIES)
    def replies() -> str: ...
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug import Response as Answer

from gateway.staff.rights import Right, may
from gateway.staff.staff_sessions import Step
from handlers.console import times
from handlers.words import translated

View = TypeVar("View", bound=Callable[..., Any])

STEPS = {
    Step.SECOND_FACTOR: "console.second_factor",
    Step.PASSWORD: "console.password",
    Step.ENROL: "console.enrol",
}
# Where a member lands after the sign-in: the first that the role may see, else the own account.
LANDINGS: tuple[tuple[Right, str], ...] = (
    (Right.SEE_TICKETS, "console.tickets"),
    (Right.SEE_CAMPAIGNS, "console.campaigns"),
    (Right.SEE_REPORTS, "console.reports"),
)
_OWN_PAGE = re.compile(r"/console/[A-Za-z0-9_./?&=%+~,:@!-]*", re.ASCII)
_DECLARED = "_door"
DEEPEST = 8  # steps up from an address: no form stands deeper, and anybody may send a long one

blueprint = Blueprint("console", __name__, url_prefix="/console")
log = structlog.get_logger()


@dataclass(frozen=True)
class Door:
    """What a view declares: whom it is for."""

    right: Right | None = None  # None: any member of staff
    steps: frozenset[Step] = frozenset()  # also open while one of these stands between a member and the console
    is_public: bool = False


def needs(right: Right) -> Callable[[View], View]:
    """Declares a view for those who have a right."""
    return _declare(Door(right))


def any_staff(*steps: Step) -> Callable[[View], View]:
    """Declares a view for every member of staff, also for those who must take one of these steps first."""
    return _declare(Door(steps=frozenset(steps)))


def public(view: View) -> View:
    """Declares a view for everybody: the sign-in, and the language it speaks."""
    return _declare(Door(is_public=True))(view)


def door_of(view: Callable[..., Any]) -> Door | None:
    """Gives what a view declares, None for nothing."""
    return getattr(view, _DECLARED, None)


def _declare(door: Door) -> Callable[[View], View]:
    def declared(view: View) -> View:
        setattr(view, _DECLARED, door)
        return view

    return declared


@blueprint.before_request
def guard() -> Answer | None:
    """Lets in whom the view declares, sends strangers to the sign-in, and refuses everybody else."""
    door = door_of(current_app.view_functions[request.endpoint or ""])
    if _holds_nul():
        abort(400)
    if door is None:
        log.error("a view of the console declares nobody", route=request.endpoint)
        abort(500 if current_app.testing else 403)
    if door.is_public:
        return None
    if not current_user.is_authenticated:
        return _to_the_sign_in()
    step = current_user.step
    if step is not None and step not in door.steps:
        return leading_to(url_for(STEPS[step]))
    if door.right is not None and not may(current_user.staff, door.right):
        abort(403)
    return None


def _holds_nul() -> bool:
    """Whether an address or a form holds a character that no browser sends and no text of the database can hold."""
    typed = (value for values in request.form.listvalues() for value in values)
    return any("\0" in str(value) for value in (*(request.view_args or {}).values(), *typed))


@blueprint.after_request
def with_headers(response: Response) -> Response:
    """Keeps every page of the console out of every cache; says of what a page asks for by itself, as of when it is."""
    response.headers["Cache-Control"] = "no-store"
    if "poll" in request.args:
        response.headers["X-As-Of"] = times.clock_time(datetime.now(UTC))
    return response


@blueprint.errorhandler(403)
def refuse(error: Exception) -> tuple[str, int]:
    """Says that the page is not for this role, and leads on."""
    del error
    return render_template("console/refused.html"), 403


@blueprint.errorhandler(CSRFError)
def refuse_the_form(error: Exception) -> Answer | tuple[str, int]:
    """Refuses a form that this session was not given. Who is signed out signs in first."""
    del error
    door = door_of(current_app.view_functions[request.endpoint or ""])
    if not current_user.is_authenticated and not (door and door.is_public):
        return _to_the_sign_in()
    words = translated("This page was opened in another session. Nothing was changed: go back, reload it, try again.")
    return render_template("error.html", status=400, words=words, is_inside=is_inside()), 400


def leading_to(address: str) -> Answer:
    """Makes the browser go to a page, whether it asked by itself or htmx asked for it."""
    if "HX-Request" in request.headers:
        return Response("", 204, headers={"HX-Redirect": address})
    return redirect(address)


def landing() -> str:
    """Gives the address of the page on which this member lands."""
    if current_user.is_authenticated and current_user.step is None:
        for right, endpoint in LANDINGS:
            if may(current_user.staff, right):
                return url_for(endpoint)
        return url_for("console.account")
    return url_for("console.sign_in")


def is_inside() -> bool:
    """Whether a page stands in the console, before a member of staff with nothing more to prove."""
    is_console = request.path.startswith(f"{blueprint.url_prefix}/")
    return is_console and current_user.is_authenticated and current_user.step is None


def onward() -> Answer:
    """Leads a member who signs in to the next step, then to the page they wanted."""
    if current_user.step is not None:
        return redirect(url_for(STEPS[current_user.step]))
    wanted = session.pop("wanted", None)
    return redirect(wanted if is_own_page(wanted) else landing())


def is_own_page(address: str | None) -> bool:
    """Whether an address that came from outside leads to a page of the console, and nowhere else."""
    return address is not None and _OWN_PAGE.fullmatch(address) is not None and ".." not in address


def is_by_hand() -> bool:
    """Whether a person asked, and not the page by itself: such questions keep no session alive."""
    return not ("HX-Request" in request.headers and "poll" in request.args)


def address_here() -> str:
    """Gives the address of this page; for the answer to a form, of the nearest page above it that can be asked for."""
    return request.full_path.removesuffix("?") if request.method == "GET" else _askable(request.path)


def _askable(address: str) -> str:
    known = current_app.url_map.bind("localhost")
    for _ in range(DEEPEST):
        if known.test(address, "GET"):
            return address
        address = address.rpartition("/")[0]
    return ""


def _to_the_sign_in() -> Answer:
    """Leads to the sign-in and from there back to the page, where the words are that somebody was writing."""
    wanted = _page_before() if "HX-Request" in request.headers else address_here()
    return leading_to(url_for("console.sign_in", next=wanted if is_own_page(wanted) else None))


def _page_before() -> str | None:
    """Gives the address of the page on which htmx asked."""
    try:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return None
    address = _askable(page.path)
    return f"{address}?{page.query}" if page.query and address == page.path else address
