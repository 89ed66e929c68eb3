"""R11: the disk runs full, on a small file system of the check's own (Linux, as root)."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.auditor import Promised, audit, states
from tests.faults.callers import readiness, report
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import phone, promise, ringing

MEGABYTE = 1024 * 1024
SIZE, SENDER_NEEDS, SPOOL_NEEDS = 16, 8, 4  # megabytes


@check("R11", "the disk runs full")
def r11(house: House, full: bool) -> Finding:
    """Fills the disk under VAR_DIR: the sender stops first, then callbacks are refused; with room again all goes on."""
    finding = Finding()
    if os.geteuid() != 0 or not Path("/proc/mounts").exists():
        finding.untried = "only root can mount a small file system, on Linux"
        return finding
    with _small_disk(house.folder / "small") as disk:
        _fill_up(house, disk, finding)
    return finding


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=0700", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def _fill_up(house: House, disk: Path, finding: Finding) -> None:
    small = {"VAR_DIR": str(disk), "DISK_MIN_FREE_MB": str(SENDER_NEEDS), "SPOOL_MIN_FREE_MB": str(SPOOL_NEEDS)}
    house.web(**small)
    for queue in ("replies", "housekeeping", "schedule"):
        house.worker(queue, **small)
    promise(house, 3)
    until(lambda: states(house.engine)["accepted"] + states(house.engine)["delivered"] == 3, "three sent")
    _leave(disk, SENDER_NEEDS - 1)
    promise(house, 3)
    until(lambda: "disk" in readiness(house)[1], "the disk named")
    finding.equal("sent on a nearly full disk", len(house.simulator.ledger()["accepted"]) - 3, 0)
    house.postgres.stop()
    kept = report(house, "ATXid_kept", phone(1)).status
    _leave(disk, SPOOL_NEEDS - 1)
    refused = report(house, "ATXid_refused", phone(2)).status
    finding.equal("answers while it fills", (kept, refused, readiness(house)[0]), (200, 503, 503))
    (disk / "filling").unlink()
    house.postgres.start()
    with ringing(house):
        until(lambda: len(house.simulator.ledger()["accepted"]) == 6, "the rest sent")
    until(lambda: readiness(house) == (200, []), "ready again")
    finding.audited(audit(house, Promised(reports={"ATXid_kept"})))
    house.clear()


def _leave(disk: Path, megabytes: int) -> None:
    """Fills the disk until so much is left."""
    filling = disk / "filling"
    filling.unlink(missing_ok=True)
    room = os.statvfs(disk)
    filling.write_bytes(bytes(room.f_bavail * room.f_frsize - megabytes * MEGABYTE))
