"""The one confirmation of a case: its reference, what and where, and by when it is answered."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from gateway.county.county_book import Book, BookCategory
from gateway.outbox import outbox
from gateway.tickets import references
from menus import notices
from menus.county import in_language
from models import Channel, Ticket


def confirm(db: Session, county: Book, ticket: Ticket, service_code: str, now: datetime) -> None:
    """Promises a case's confirmation; asked for again, or to a caller without a number, it promises none.

    `service_code` is what the citizen dials to follow the case.
    """
    if ticket.phone is not None:
        body = _worded(county, ticket, service_code)
        outbox.promise(
            db, outbox.Promise(f"ack:ticket:{ticket.id}", "confirmation", ticket.phone, body, ticket.id), now
        )


def _worded(county: Book, ticket: Ticket, service_code: str) -> str:
    category, ward = county.categories[ticket.category_code], county.wards.get(ticket.ward_code or "")
    named = (in_language(category.shown.label, ticket.language), *((ward.named.name,) if ward else ()))
    call = _whom_to_call(ticket, category)
    worded = (
        partial(notices.confirmation_and_call, call=call) if call else partial(notices.confirmation, code=service_code)
    )
    return worded(
        ticket.language,
        references.printed(ticket.reference),
        ticket.answer_due_at.astimezone(county.hours.zone).date(),
        about=() if ticket.is_sensitive else named,
        is_sample=category.clocks_are_sample,
    )


def _whom_to_call(ticket: Ticket, category: BookCategory) -> str:
    """Gives what the farewell of a call has said already; a sensitive case gives itself away by it."""
    if ticket.channel is Channel.USSD or ticket.is_sensitive:
        return ""
    call = category.shown.call or {}
    return call.get(ticket.language) or call.get("en", "")
