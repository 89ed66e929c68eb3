"""A citizen's phone that texts the county, without the carrier in between: what it sends is kept and handled."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gateway.carriers import Incoming
from gateway.dialogues import incoming
from gateway.settings import Settings
from models import Direction, Message, Ticket
from tests.grounds import NOW, PHONE

_ids = count(1)


@dataclass
class TextingPhone:
    """One phone. Its clock stands still unless a test moves it."""

    db: Session
    settings: Settings
    number: str = PHONE
    now: datetime = NOW
    to: str = "1548"

    def of(self, number: str) -> "TextingPhone":
        """Another phone at the same time."""
        return replace(self, number=number)

    def sends(self, words: str) -> str:
        """Texts the county and gives its answer; an empty one when there is none."""
        before = set(self.answers())
        self.leaves(words)
        self.is_handled()
        fresh = [message for message in self.answers() if message not in before]
        assert len(fresh) <= 1
        return fresh[0].body if fresh else ""

    def leaves(self, words: str, carrier_id: str | None = None) -> None:
        """Texts the county, which has not looked at it yet."""
        identity = f"in-{next(_ids)}" if carrier_id is None else carrier_id
        incoming.keep(self.db, Incoming(identity, self.number, self.to, words, self.now), self.now)

    def is_handled(self) -> None:
        """Lets the county look at all that is due."""
        while incoming.handle_next(self.db, self.settings, self.now):
            pass

    def waits(self, **time: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**time)

    def cases(self) -> list[Ticket]:
        """The cases of this phone, oldest first."""
        return list(self.db.scalars(select(Ticket).where(Ticket.phone == self.number).order_by(Ticket.id)))

    def case(self) -> Ticket:
        """The one case of this phone."""
        (only,) = self.cases()
        return only

    def sent(self) -> list[Message]:
        """What this phone sent, as it is kept, oldest first."""
        return list(self.db.scalars(self._messages(Direction.IN)))

    def answers(self) -> list[Message]:
        """What it was promised, oldest first."""
        return list(self.db.scalars(self._messages(Direction.OUT)))

    def _messages(self, direction: Direction) -> Select[Message]:
        wanted = select(Message).where(Message.phone == self.number, Message.direction == direction)
        return wanted.order_by(Message.id)
