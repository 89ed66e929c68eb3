"""Points at which a test may have this process killed, to see what is left behind. Outside tests they do nothing.

`FAULT=S5:3` with `GATEWAY_ENV=test` kills the process the third time it passes point S5; the settings refuse it
anywhere else. U and I are the web's points, D the delivery reports', S the sender's, C the campaigns', in the order
they are passed.
"""

import os
import signal

from gateway.settings import Settings

_left: dict[str, int] = {}


def arm(settings: Settings) -> None:
    """Takes the point that `settings` name, if any, and forgets an earlier one."""
    _left.clear()
    if settings.fault:
        point, _, times = settings.fault.partition(":")
        _left[point] = int(times)


def crash(point: str) -> None:
    """Dies here, as by a power cut, when this point is armed and was passed often enough."""
    if point not in _left:
        return
    _left[point] -= 1
    if _left[point] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
