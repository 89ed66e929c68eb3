"""Delivery reports: what becomes of an accepted SMS, told step by step.

`Sent`, `Submitted`, `Buffered`, then a final status (AT, SMS notifications); fields and their order as captured.
"""

from collections.abc import Sequence
from functools import partial

from .callbacks import Callbacks
from .faults import Faults
from .ledger import Accepted, Ledger
from .timetable import Timetable

_ON_THE_WAY = ("Sent", "Submitted", "Buffered")
_WITH_A_REASON = ("Failed", "Rejected")


class Reporter:
    """Reports on accepted messages as the faults in force say."""

    def __init__(self, callbacks: Callbacks, timetable: Timetable, ledger: Ledger, faults: Faults) -> None:
        self._callbacks = callbacks
        self._timetable = timetable
        self._ledger = ledger
        self._faults = faults

    def follow(self, entry: Accepted) -> None:
        """Reports on the message from now on: in the background, or at once where reports come before the answer."""
        wanted = self._faults.settings.reports
        if not wanted.enabled:
            return
        statuses = [*_ON_THE_WAY, wanted.final]
        if wanted.shuffle:
            statuses = self._faults.shuffled(statuses)
        if wanted.before_answer:
            for status in statuses:
                self._report(entry, status)
        else:
            self._later(entry, statuses)

    def _later(self, entry: Accepted, statuses: Sequence[str]) -> None:
        delay = self._faults.settings.reports.delay_ms / 1000
        self._timetable.after(delay, partial(self._step, entry, statuses))

    def _step(self, entry: Accepted, statuses: Sequence[str]) -> None:
        if self._ledger.find(entry.id) is None:
            return  # a reset forgets the message, and its reports with it
        self._report(entry, statuses[0])
        if statuses[1:]:
            self._later(entry, statuses[1:])

    def _report(self, entry: Accepted, status: str) -> None:
        wanted = self._faults.settings.reports
        form = fields(entry.id, status, entry.phone, wanted.failureReason if status in _WITH_A_REASON else None)
        for _ in range(2 if wanted.duplicate else 1):
            if not self._faults.happens(wanted.lose_share):
                self._callbacks.post_until_taken("delivery", form)


def fields(message_id: str, status: str, phone: str, reason: str | None = None) -> dict[str, str]:
    """Gives the form of one delivery report; `failureReason` is there only with a reason."""
    form = {"phoneNumber": phone, "failureReason": reason or "", "retryCount": "0", "id": message_id, "status": status}
    if not reason:
        del form["failureReason"]
    return {**form, "networkCode": "63902"}
