"""Lists of phones that officials upload: read once, their bad rows named, settled before anything is sent to them."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from gateway import database
from gateway.campaigns import campaign_choices, uploads
from gateway.errors import Refused
from gateway.imports import sheets
from gateway.staff.rights import Right, may
from handlers.console import forms
from handlers.console.access import blueprint, needs
from handlers.words import translated

AROUND_A_FILE = 64 * 1024  # bytes of a form around its file
AT_ONCE = 500_000  # bytes of it in memory: a part of a file waits there, too, before it goes to the disk
MOST_SHOWN = 200
UPLOAD = "console.upload_list"


@blueprint.before_app_request
def take_a_file() -> None:
    """Lets one form carry a file, for those who may send it: every other request stays small.

    It runs before anything reads the form, and so before the form's token is looked at.
    """
    if request.endpoint == UPLOAD and _may_write():
        request.max_content_length = sheets.MOST_BYTES + AROUND_A_FILE
        request.max_form_memory_size = AT_ONCE


def _may_write() -> bool:
    is_in = current_user.is_authenticated and current_user.step is None
    return is_in and may(current_user.staff, Right.WRITE_CAMPAIGNS)


@blueprint.get("/campaigns/lists")
@needs(Right.WRITE_CAMPAIGNS)
def phone_lists() -> str:
    """My lists, and the form for another one."""
    with database.transaction() as db:
        found = campaign_choices.lists(db, current_user.staff)
    return render_template("console/campaigns/lists.html", lists=found, megabytes=sheets.MOST_BYTES // 1_000_000)


@blueprint.post("/campaigns/lists")
@needs(Right.WRITE_CAMPAIGNS)
def upload_list() -> Response:
    """Reads a file; what can't be read as a list is refused in one sentence."""
    file = request.files.get("file")
    content = file.stream.read(sheets.MOST_BYTES + 1) if file else b""
    name = (file.filename or "" if file else "").replace("\0", "")
    try:
        with database.transaction() as db:
            kept = uploads.take(db, current_user.staff, name, content, datetime.now(UTC)).id
    except Refused as refused:
        forms.say(refused)
        return redirect(url_for("console.phone_lists"))
    return redirect(url_for("console.phone_list", upload_id=kept))


@blueprint.get("/campaigns/lists/<int(max=2147483647):upload_id>")
@needs(Right.WRITE_CAMPAIGNS)
def phone_list(upload_id: int) -> str:
    """One list: how many phones, and its bad rows with their lines."""
    try:
        with database.transaction() as db:
            found = uploads.find(db, current_user.staff, upload_id)
            return render_template(
                "console/campaigns/one_list.html", found=found, size=uploads.size(db, upload_id), most=MOST_SHOWN
            )
    except Refused:
        abort(404)


@blueprint.post("/campaigns/lists/<int(max=2147483647):upload_id>/settle")
@needs(Right.WRITE_CAMPAIGNS)
def settle_list(upload_id: int) -> Response:
    """Leaves its bad rows out."""
    try:
        with database.transaction() as db:
            uploads.settle(db, current_user.staff, upload_id, datetime.now(UTC))
    except Refused:
        abort(404)
    flash(translated("The bad rows are left out. The list may be sent to."), "success")
    return redirect(url_for("console.phone_list", upload_id=upload_id))
