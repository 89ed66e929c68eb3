"""The county pack's canned replies: samples, read like the rest of the pack and kept only while there are no others."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import placeholders
from gateway.desk.canned_replies import LANGUAGES, LONGEST_BODY, LONGEST_TITLE, PLACEHOLDERS, SAMPLE
from gateway.imports import pack_files
from gateway.imports.pack_files import Entry
from gateway.imports.pack_shapes import Reply
from models import CannedReply

FILE = "replies.toml"


def read(folder: Path, categories: Collection[str]) -> tuple[Reply, ...]:
    """Reads the sample replies, none where the file is absent. Raises `BadPack` for the first fault in them."""
    if not (folder / FILE).exists():
        return ()
    return tuple(_reply(entry, categories) for entry in pack_files.entries(folder / FILE))


def _reply(entry: Entry, categories: Collection[str]) -> Reply:
    entry.only("title", "category", "is_sample", "body")
    title = entry.get("title", str)
    if not 0 < len(title) <= LONGEST_TITLE:
        raise entry.fault("title", f"must have 1 to {LONGEST_TITLE} characters")
    category = entry.get("category", str, "") or None
    if category is not None and category not in categories:
        raise entry.fault("category", f"names {category!r}, which is not in categories.toml")
    if not entry.get("is_sample", bool, False):
        raise entry.fault("is_sample", "must be true; the county's own replies are written in the console")
    body = entry.labels("body", LANGUAGES, LONGEST_BODY)
    for language, words in body.items():
        if unknown := placeholders.unknown(words, PLACEHOLDERS):
            raise entry.fault(f"body.{language}", f"names {{{unknown}}}; known are {', '.join(PLACEHOLDERS)}")
    return Reply(title, category, body)


def write(db: Session, replies: Sequence[Reply], now: datetime) -> int:
    """Writes the samples where the console knows no reply yet, not even a retired one; gives how many."""
    if not replies or db.scalar(select(CannedReply.id).limit(1)):
        return 0
    db.add_all(CannedReply(**vars(reply), changed_by=SAMPLE, changed_at=now) for reply in replies)
    db.flush()
    return len(replies)
