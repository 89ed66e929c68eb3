"""Whether a signal asked this process to end. What it is sending it finishes, what it only claimed it gives back."""

from types import FrameType

_asked = False


def ask(_signal: int = 0, _frame: FrameType | None = None) -> None:
    """Takes SIGTERM and SIGINT."""
    global _asked
    _asked = True


def is_asked() -> bool:
    """Gives whether one came."""
    return _asked
