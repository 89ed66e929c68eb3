"""`python -m tests.faults [R01 …] [--short]`: runs the checks in full and prints one line for each.

The exit code is 1 as soon as one does not hold; what exactly is wrong stands below its line.
"""

import argparse
import logging
import signal
import sys
import time
import traceback

import structlog

from tests import servers
from tests.faults.checks import Check, all_checks
from tests.faults.finding import Finding
from tests.faults.house import House, standing

MOST_SHOWN = 10  # explanations per check


def main() -> int:
    """Runs the checks that were asked for, all by default; gives the exit code."""
    checks = all_checks()
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Breaks the house on purpose.")
    parser.add_argument("names", nargs="*", metavar="ID", help=f"of {', '.join(checks)}; none means all")
    parser.add_argument("--short", action="store_true", help="the small form that every test run holds")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(checks)
    if unknown:
        parser.error(f"no such check: {', '.join(sorted(unknown))}")
    servers.forget_the_shell()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the house is cleared away
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL)
    )  # the lines are the report
    wanted = [check for name, check in checks.items() if not asked.names or name in asked.names]
    with standing() as house:
        return 0 if all([_report(house, check, full=not asked.short) for check in wanted]) else 1  # noqa: C419 - runs each


def _report(house: House, check: Check, *, full: bool) -> bool:
    began = time.monotonic()
    finding = _run(house, check, full=full)
    print(f"{finding.line(check.name)}  ({check.about}; {time.monotonic() - began:.0f} s)", flush=True)
    for wrong in finding.wrong[:MOST_SHOWN]:
        print(f"      {wrong}", flush=True)
    return finding.holds


def _run(house: House, check: Check, *, full: bool) -> Finding:
    house.refresh()
    try:
        return check.run(house, full)
    except Exception as error:
        traceback.print_exc()
        return Finding(wrong=[f"{type(error).__name__}: {error}"])


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    status = main()
    sys.exit(status)
