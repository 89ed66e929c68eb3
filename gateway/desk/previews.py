"""What a citizen will read of what staff are writing, and what it takes to send."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gateway.tickets import informing
from gateway.tickets.moves import MOVES
from menus import answers
from menus.words import dear_characters, segments
from models import Status, Ticket


@dataclass(frozen=True)
class Preview:
    """The SMS as it would go out now. `dear` are the characters that shrink a segment from 160 to 70."""

    body: str
    segments: int
    dear: str
    readers: int  # how many citizens get it; 0 for a caller without a Kenyan mobile
    holds_words: bool  # whether what is being written stands in it: else it becomes a note for staff


def preview(db: Session, ticket: Ticket, words: str, to: Status | None) -> Preview | None:
    """Gives the SMS for an answer, or for a move to `to`; None for a move of which the citizen is not told."""
    move = MOVES.get((ticket.status, to)) if to else None
    tells = move.tells if move else (None if to else answers.answered)
    if tells is None:
        return None
    body = tells(ticket.language, informing.about(db, ticket, ticket, words))
    readers = len(list(informing.told(db, ticket)))
    return Preview(body, segments(body), dear_characters(body), readers, holds_words=move is None or move.needs_words)
