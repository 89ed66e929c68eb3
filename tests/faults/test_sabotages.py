"""Each known bug can still be put in: the code it changes is there, once."""

import pytest

from tests.faults.resident import ROOT
from tests.faults.sabotages import SABOTAGES, Sabotage


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.name)
def test_the_code_that_a_bug_changes_is_there(sabotage: Sabotage) -> None:
    for edit in sabotage.edits:
        assert (ROOT / edit.path).read_text("utf-8").count(edit.old) == 1, edit.path
