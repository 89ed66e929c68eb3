"""`python -m tests.faults.sabotage [NUMBER …]`: proves that the fault suite can fail.

Puts one known bug at a time into a copy of the tree and runs the short checks that should notice. The copy must pass
before; afterwards every bug must have turned one red. Prints a table; the exit code is 1 when one went unnoticed, or
its text was not found.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.resident import ROOT
from tests.faults.sabotages import SABOTAGES, Edit, Sabotage

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "node_modules")
_FAILED = re.compile(r"^FAIL  (\w+)  ", re.MULTILINE)
_PASSED = re.compile(r"^PASS  (\w+)  ", re.MULTILINE)
_WHY = re.compile(r"^      (.+)$", re.MULTILINE)
_LONGEST = 600.0  # seconds for the checks of one bug


@dataclass(frozen=True)
class Verdict:
    """What became of one bug."""

    sabotage: Sabotage
    seen_by: str = ""  # the check that turned red
    why: str = ""
    stale: str = ""  # the file in which its text was not found

    def row(self, number: int) -> str:
        """Gives the bug's line of the table."""
        outcome = f"stale: {self.stale}" if self.stale else self.seen_by or "NOBODY"
        return f"| {number} | {self.sabotage.name} | {outcome} | {self.why} |"


def main(wanted: Sequence[str]) -> int:
    """Tries the bugs with these numbers, all by default; gives the exit code."""
    chosen = [(n, each) for n, each in enumerate(SABOTAGES, 1) if not wanted or str(n) in wanted]
    with tempfile.TemporaryDirectory(prefix="gateway-sabotage-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
        red = _run(copy, sorted({check for _, each in chosen for check in each.noticed_by}))[0]
        if red:
            print(f"without any bug these are red already: {', '.join(red)}")
            return 1
        verdicts = []
        print("| | The bug | Noticed by | What it saw |\n|---|---|---|---|", flush=True)
        for number, sabotage in chosen:
            verdicts.append(_try(copy, sabotage))
            print(verdicts[-1].row(number), flush=True)
    caught = sum(bool(verdict.seen_by) for verdict in verdicts)
    print(f"\n{caught} of {len(verdicts)} caught")
    return 0 if caught == len(verdicts) else 1


def _try(copy: Path, sabotage: Sabotage) -> Verdict:
    """Puts a bug in, runs its checks until one is red, and takes the bug out again."""
    kept = {edit.path: (copy / edit.path).read_text() for edit in sabotage.edits}
    try:
        for edit in sabotage.edits:
            if not _apply(copy, edit):
                return Verdict(sabotage, stale=edit.path)
        for check in sabotage.noticed_by:
            red, why = _run(copy, [check])
            if red:
                return Verdict(sabotage, red[0], why)
        return Verdict(sabotage)
    finally:
        for path, words in kept.items():
            (copy / path).write_text(words)


def _apply(copy: Path, edit: Edit) -> bool:
    words = (copy / edit.path).read_text()
    if words.count(edit.old) != 1:
        return False
    (copy / edit.path).write_text(words.replace(edit.old, edit.new))
    return True


def _run(copy: Path, checks: Iterable[str]) -> tuple[list[str], str]:
    """Runs checks in the copy; gives the red ones and the first thing that one saw.

    Raises `RuntimeError` where a check could not run at all: that would look like a bug noticed.
    """
    command = [sys.executable, "-m", "tests.faults", "--short", *checks]
    ended = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=_LONGEST, check=False)
    red = _FAILED.findall(ended.stdout)
    if not red and not _PASSED.findall(ended.stdout):
        raise RuntimeError(f"the checks did not run: {ended.stderr[-500:]}")
    seen = _WHY.findall(ended.stdout)
    return red, seen[0] if seen else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
