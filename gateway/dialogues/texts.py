"""One SMS from a citizen while it is handled: who wrote what, and whether and how it may be answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.orm import Session

from gateway.dialogues import conversation
from gateway.errors import ReferenceTaken
from gateway.outbox import outbox
from gateway.tickets import references
from gateway.tickets.tickets import Dialogue
from menus.intents import Intent
from models import Channel

FEW_WORDS = 3  # "ok", "sijui bado", "asante sana": they belong to what was said before them


@dataclass(frozen=True)
class Text:
    """What a citizen wrote. `chosen` is the language they once chose, `language` the one to answer in.

    It was received before `now`, the moment at which it is handled.
    """

    message_id: int
    phone: str
    words: str
    chosen: str | None
    language: str
    service_code: str
    is_answered: bool
    received_at: datetime
    now: datetime


@dataclass(frozen=True)
class Understood:
    """What an SMS was taken for, in one word for staff, and the case it belongs to."""

    kind: str
    ticket_id: int | None = None
    campaign_id: int | None = None  # that it replies to


def answer(db: Session, text: Text, kind: str, body: str, *, ticket_id: int | None = None) -> None:
    """Promises the one answer to an SMS, unless it may not be answered or there is nothing to say."""
    if text.is_answered and body:
        promise = outbox.Promise(f"{kind}:message:{text.message_id}", kind, text.phone, body, ticket_id)
        outbox.promise(db, promise, text.now)


def perform(db: Session, text: Text, intent: Intent, *, confirms: bool) -> Dialogue:
    """Does what an SMS asks for, as one dialogue: the same SMS again does nothing new. Gives the dialogue."""
    while True:
        dialogue = Dialogue(
            phone=text.phone,
            language=text.language,
            channel=Channel.SMS,
            reference=references.draw(),
            submission=uuid5(NAMESPACE_OID, f"message:{text.message_id}"),
            service_code=text.service_code,
            confirms=confirms and text.is_answered,
            message_id=text.message_id,
            said_at=text.received_at,
        )
        try:
            conversation.perform(db, intent, dialogue, text.now)
        except ReferenceTaken:
            continue
        return dialogue
