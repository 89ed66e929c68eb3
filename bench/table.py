"""The table that a measurement prints, and `var/bench.json`, in which the rows of the others stay."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil

KEPT = Path("var/bench.json")
_WIDEST = 66


@dataclass(frozen=True)
class Row:
    """One figure. With a goal it holds or not: the ratio is judged where `judges` says so, else the figure itself."""

    name: str
    unit: str
    ours: float
    baseline: float | None = None
    goal: float | None = None
    judges: str = "ours"  # or "ratio"
    is_floor: bool = False  # the goal is the least there may be, not the most

    @property
    def ratio(self) -> float | None:
        """Gives ours in terms of the baseline."""
        return self.ours / self.baseline if self.baseline else None

    @property
    def holds(self) -> bool:
        """Whether the goal is kept, as whatever has none does."""
        judged = self.ratio if self.judges == "ratio" else self.ours
        if self.goal is None:
            return True
        return judged is not None and (judged >= self.goal if self.is_floor else judged <= self.goal)

    @property
    def sign(self) -> str:
        """Gives the goal as a person reads it."""
        if self.goal is None:
            return ""
        return f"{'ratio ' if self.judges == 'ratio' else ''}{'≥' if self.is_floor else '≤'} {self.goal:g}"


def at_least(row: Row, ratio: float) -> Row:
    """Gives the row with a least ratio for its goal."""
    return replace(row, goal=ratio, judges="ratio", is_floor=True)


def at_most(row: Row, ratio: float) -> Row:
    """Gives the row with a greatest ratio for its goal."""
    return replace(row, goal=ratio, judges="ratio", is_floor=False)


def tell(rows: Sequence[Row]) -> None:
    """Prints the table."""
    print(f"{'what':{_WIDEST}} {'ours':>14} {'baseline':>9} {'ratio':>6}  {'goal':12} holds")
    for row in rows:
        ours = f"{_short(row.ours)} {row.unit}"
        held = "" if row.goal is None else ("yes" if row.holds else "MISSED")
        figures = f"{ours:>14} {_short(row.baseline):>9} {_short(row.ratio):>6}"
        print(f"{row.name:{_WIDEST}} {figures}  {row.sign:12} {held}", flush=True)
    print(f"on {machine()}, at {commit()}; load now {os.getloadavg()[0]:.1f}", flush=True)


def keep(rows: Sequence[Row], of: str) -> None:
    """Writes the rows of one measurement into `var/bench.json` in place of its former ones."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else []
    where = {"of": of, "machine": machine(), "commit": commit()}
    others = [entry for entry in kept if entry["of"] != of]
    entries = [_entry(row) | where for row in rows]
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps([*others, *entries], indent=1, ensure_ascii=False) + "\n", "utf-8")


def machine() -> str:
    """Gives the machine in a few words."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores {platform.machine()}, {memory:.0f} GB, Python {platform.python_version()}"


def commit() -> str:
    """Gives the commit that is measured; `+` says that something differs from it."""
    told = subprocess.run(["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, check=False)
    return told.stdout.strip() or "unknown"


def _entry(row: Row) -> dict[str, object]:
    fields = asdict(row)
    return {name: fields[name] for name in ("name", "unit", "ours", "baseline")} | {
        "ratio": row.ratio,
        "goal": row.sign or None,
        "holds": row.holds,
    }


def _short(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
