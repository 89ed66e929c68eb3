"""Old USSD sessions: closed when the carrier never said how they ended, and emptied of what was typed."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from models import Outcome, UssdHop, UssdSession

LONGEST = timedelta(minutes=10)  # a session lasts 180 s on Safaricom; its end notification may come a little later
WORDS_KEPT = timedelta(days=1)


def sweep(db: Session, now: datetime) -> None:
    """Closes sessions that are over without a word from the carrier, and forgets what was typed and shown a day ago."""
    over = UssdSession.finished_at.is_(None), UssdSession.last_at < now - LONGEST
    silent = update(UssdSession).where(*over, UssdSession.outcome == Outcome.OPEN)
    db.execute(silent.values(outcome=Outcome.INCOMPLETE))
    db.execute(update(UssdSession).where(*over).values(finished_at=now))
    forgotten = UssdSession.last_at < now - WORDS_KEPT, UssdSession.text.is_not(None)
    db.execute(update(UssdSession).where(*forgotten).values(state=None, text=None))
    db.execute(delete(UssdHop).where(UssdHop.at < now - WORDS_KEPT))
