"""Who may come in: every view of the console says which right it needs."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, abort
from flask_login import current_user, login_required

from gateway.rights import Right, may

P = ParamSpec("P")
T = TypeVar("T")

blueprint = Blueprint("console", __name__, url_prefix="/console")


def needs(right: Right) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Lets a view be seen by those who have `right`; a stranger is sent to the sign-in, anybody else gets 403."""

    def guard(view: Callable[P, T]) -> Callable[P, T]:
        @wraps(view)
        @login_required
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            if not may(current_user.staff, right):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return guard
