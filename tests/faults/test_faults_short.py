"""The short form of every check, and proof that the auditor, the crash points and the line can tell good from bad."""

import pytest

from tests.faults.checks import Check, all_checks
from tests.faults.house import House

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("check", all_checks().values(), ids=lambda check: check.name)
def test_the_house_holds_when_it_is_broken(house: House, check: Check) -> None:
    finding = check.run(house, False)
    if finding.untried:
        pytest.skip(finding.untried)
    assert finding.holds, "\n".join([finding.line(check.name), *finding.wrong])
