"""Canned replies: the list, and one of them to write or to take away."""

from datetime import UTC, datetime
from itertools import groupby

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from gateway import database
from gateway.desk import canned_replies
from gateway.desk.canned_replies import LONGEST_BODY, LONGEST_TITLE, Wording
from gateway.errors import Refused
from gateway.staff.rights import Right
from handlers.console import forms
from handlers.console.access import blueprint, needs
from handlers.console.forms import Form
from handlers.words import N_, own_pairs, translated
from models import CannedReply


class ReplyForm(Form):
    """One reply. What is missing or unknown in it, the rule says."""

    title = StringField(N_("Title"), [Length(max=LONGEST_TITLE)])
    category = SelectField(N_("Category"))
    en = TextAreaField(N_("Words in English"), [Length(max=LONGEST_BODY)])
    sw = TextAreaField(N_("Words in Kiswahili"), [Length(max=LONGEST_BODY)])
    over = HiddenField("")  # which wording was on the screen

    def offer(self, *replies: CannedReply) -> None:
        """Fills in what can be chosen, for a reply that is there its own category too."""
        with database.transaction() as db:
            categories = canned_replies.categories(db, replies)
        self.category.choices = [("", translated("all categories")), *own_pairs(categories)]

    def wording(self) -> Wording:
        """Gives what was written."""
        body = {"en": self.en.data or "", "sw": self.sw.data or ""}
        return Wording(self.title.data or "", self.category.data or None, body, self.over.data or "")


@blueprint.get("/replies")
@needs(Right.EDIT_REPLIES)
def replies() -> str:
    """Lists them by category."""
    with database.transaction() as db:
        found = canned_replies.listed(db)
        labels = canned_replies.categories(db, found)
        db.expunge_all()
    groups = [(code, list(own)) for code, own in groupby(found, key=lambda each: each.category_code)]
    return render_template("console/replies.html", groups=groups, labels=labels, sample=canned_replies.SAMPLE)


@blueprint.route("/replies/new", methods=["GET", "POST"])
@needs(Right.EDIT_REPLIES)
def new_reply() -> str | Response:
    """Writes a new one."""
    form = ReplyForm()
    form.offer()
    if form.validate_on_submit() and _is_kept(form, None):
        return redirect(url_for("console.replies"))
    return _page(form, None)


@blueprint.route("/replies/<int(max=2147483647):reply_id>", methods=["GET", "POST"])
@needs(Right.EDIT_REPLIES)
def reply(reply_id: int) -> str | Response:
    """Changes one."""
    known = _find(reply_id)
    form = ReplyForm(data={"title": known.title, "category": known.category_code or "", **known.body})
    form.offer(known)
    if form.validate_on_submit() and _is_kept(form, reply_id):
        return redirect(url_for("console.replies"))
    return _page(form, known)


@blueprint.post("/replies/<int(max=2147483647):reply_id>/retire")
@needs(Right.EDIT_REPLIES)
def retire_reply(reply_id: int) -> Response:
    """Takes one away."""
    try:
        with database.transaction() as db:
            canned_replies.retire(db, current_user.staff, reply_id, datetime.now(UTC))
    except Refused as refused:
        forms.say(refused)
    else:
        flash(translated("The reply is no longer offered."), "success")
    return redirect(url_for("console.replies"))


def _find(reply_id: int) -> CannedReply:
    try:
        with database.transaction() as db:
            known = canned_replies.find(db, reply_id)
            db.expunge(known)
            return known
    except Refused:
        abort(404)


def _is_kept(form: ReplyForm, reply_id: int | None) -> bool:
    """Keeps what was written; where that is refused, what was typed stays in the form."""
    staff, wording, now = current_user.staff, form.wording(), datetime.now(UTC)
    try:
        with database.transaction() as db:
            if reply_id is None:
                canned_replies.add(db, staff, wording, now)
            else:
                canned_replies.change(db, staff, reply_id, wording, now)
    except Refused as refused:
        forms.say(refused)
        return False
    flash(translated("The reply is kept."), "success")
    return True


def _page(form: ReplyForm, known: CannedReply | None) -> str:
    names, now = [f"{{{name}}}" for name in canned_replies.PLACEHOLDERS], canned_replies.version(known) if known else ""
    is_stale = form.is_submitted() and form.over.data != now
    form.over.data = now  # who has read what stands there now may keep their own over it
    return render_template("console/reply.html", form=form, reply=known, placeholders=names, is_stale=is_stale)
