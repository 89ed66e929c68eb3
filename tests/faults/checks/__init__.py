"""The checks, by id: each sets up a run, breaks something, and gives a finding.

Each has two sizes: small for every test run, full for `make faults`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from tests.faults.finding import Finding
from tests.faults.house import House

Scenario = Callable[[House, bool], Finding]
MODULES = (
    *("killing", "carriers", "reports", "claims", "dependencies", "disks", "dialling", "texting", "stopping"),
    *("campaigns", "fan_out", "nights", "console", "secrecy"),
)


@dataclass(frozen=True)
class Check:
    """One check: its id, what it is about in a few words, and the scenario, told whether to run in full."""

    name: str
    about: str
    run: Scenario


CHECKS: dict[str, Check] = {}


def check(name: str, about: str) -> Callable[[Scenario], Scenario]:
    """Lists a scenario under its id."""

    def listed(scenario: Scenario) -> Scenario:
        CHECKS[name] = Check(name, about, scenario)
        return scenario

    return listed


def all_checks() -> dict[str, Check]:
    """Gives every check by id, in the order of the ids."""
    for module in MODULES:
        import_module(f"{__name__}.{module}")
    return dict(sorted(CHECKS.items()))
