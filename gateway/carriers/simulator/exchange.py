"""The carrier as a whole: one account, its ledger, its sessions, its faults. One of these lives in the process."""

from dataclasses import dataclass

from .callbacks import Callbacks
from .faults import Faults, Settings
from .ledger import Ledger
from .reports import Reporter
from .timetable import Timetable
from .ussd import Switchboard


@dataclass(frozen=True)
class Account:
    """What the gateway and its carrier have agreed on."""

    username: str
    api_key: str
    service_code: str
    sender_id: str
    hooks: str | None  # the address of the gateway's hooks, up to and with the secret


class Exchange:
    """Puts the parts together."""

    def __init__(self, account: Account, time_scale: float = 1.0) -> None:
        """Takes the account, and how many carrier's seconds between two tries of a callback pass in a real one."""
        self.account = account
        self.faults = Faults()
        self.ledger = Ledger()
        self._timetable = Timetable()
        self.callbacks = Callbacks(account.hooks, self._timetable, time_scale)
        self.reporter = Reporter(self.callbacks, self._timetable, self.ledger, self.faults)
        self.switchboard = Switchboard(account.service_code, self.callbacks, self._timetable, self.faults)

    def reset(self) -> None:
        """Forgets the ledger, the sessions, the faults and everything that waits."""
        self._timetable.clear()
        self.faults.put(Settings())
        self.ledger.clear()
        self.switchboard.clear()
