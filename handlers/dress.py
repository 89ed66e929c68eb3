"""Stylesheets, scripts and pictures: kept by browsers for a year, at addresses that change when any of them does.

Agents sit on slow links, and a page of the console has a dozen such files. The version is a part of the path and not
a question behind it, so that what one script imports from another has it too. Who changes a file starts the web anew.
"""

import hashlib
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from flask import Flask, Response, request

FOLDER = Path(__file__).parent / "static"
KEPT = timedelta(days=365)
_ENDPOINTS = ("static", "bootstrap.static")


def address() -> str:
    """Gives the path below which the files stand: of all that is in them, and of the Bootstrap beside them."""
    digest = hashlib.sha256(version("bootstrap-flask").encode())
    for file in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(file.relative_to(FOLDER).as_posix().encode())
        digest.update(file.read_bytes())
    return f"/static/{digest.hexdigest()[:12]}"


def register(app: Flask) -> None:
    """Has browsers keep the files."""
    app.after_request(_kept)


def _kept(response: Response) -> Response:
    if request.endpoint in _ENDPOINTS and response.status_code in (200, 304):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = int(KEPT.total_seconds())
        response.cache_control.immutable = True
    return response
