"""Things to do later: delivery reports, repeated callbacks, sessions that time out.

A few threads share one heap, so ten thousand waiting reports cost a list and not ten thousand timers.
"""

import heapq
import itertools
import threading
import time
import traceback
from collections.abc import Callable

_THREADS = 8


class Timetable:
    """Calls functions when their time has come. What one function raises ends neither its thread nor the others."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        for _ in range(_THREADS):
            threading.Thread(target=self._work, daemon=True).start()

    def after(self, seconds: float, call: Callable[[], object]) -> None:
        """Calls `call()` on another thread once `seconds` have passed."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), call))
            self._changed.notify()

    def clear(self) -> None:
        """Forgets what waits; what has begun goes on."""
        with self._changed:
            self._due.clear()

    def _work(self) -> None:
        while True:
            call = self._next()
            try:
                call()
            except Exception:  # one faulty call must not cost the others their thread
                traceback.print_exc()

    def _next(self) -> Callable[[], object]:
        with self._changed:
            while True:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
