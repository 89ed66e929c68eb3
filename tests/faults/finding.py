"""What one check measured, beside what was allowed: one line, and whether it holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Finding:
    """Facts about one run, each with its limit; `wrong` explains what does not hold."""

    measured: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    untried: str = ""  # why this machine can't run the check

    def equal(self, what: str, found: object, wanted: object) -> None:
        """Wants `found` to be `wanted`."""
        self._add(what, f"{found}", f"{wanted}", is_good=found == wanted)

    def at_most(self, what: str, found: float, most: float, unit: str = "") -> None:
        """Wants `found` to be no more than `most`."""
        self._add(what, f"{found:.3g}{unit}", f"≤ {most:g}{unit}", is_good=found <= most)

    def at_least(self, what: str, found: float, least: float, unit: str = "") -> None:
        """Wants `found` to be no less than `least`."""
        self._add(what, f"{found:.4g}{unit}", f"≥ {least:g}{unit}", is_good=found >= least)

    def audited(self, broken: Sequence[str]) -> None:
        """Takes the auditor's word: nothing may be broken."""
        self._add("broken invariants", str(len(broken)), "0", is_good=not broken)
        self.wrong += broken

    @property
    def holds(self) -> bool:
        """Whether every fact is within its limit, and there is one."""
        return (bool(self.measured) or bool(self.untried)) and not self.wrong

    def line(self, name: str) -> str:
        """Gives the check's line: PASS or FAIL, id, measured, limit."""
        if self.untried:
            return f"SKIP  {name}  {self.untried}"
        verdict = "PASS" if self.holds else "FAIL"
        return f"{verdict}  {name}  measured: {', '.join(self.measured)}  limit: {', '.join(self.limits)}"

    def _add(self, what: str, found: str, limit: str, *, is_good: bool) -> None:
        self.measured.append(f"{what} {found}")
        self.limits.append(limit)
        if not is_good:
            self.wrong.append(f"{what}: {found}, allowed {limit}")
