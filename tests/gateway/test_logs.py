"""The log of one process."""

import structlog
from structlog.testing import capture_logs

from gateway import logs


def test_what_is_logged_can_be_captured_however_often_the_log_was_set_up() -> None:
    logs.configure()
    log = structlog.get_logger()
    log.error("used before")
    logs.configure()
    with capture_logs() as told:
        log.error("carrier away")
    assert [line["event"] for line in told] == ["carrier away"]
