"""Phone numbers come in forty spellings; two of the same phone must never look like two citizens."""

import pytest

from gateway.phones import e164, is_kenyan_mobile, masked

SEVEN = """0700000001|0700 000 001|0700-000-001|(0700) 000001|(0700)000-001|0700  000  001| 0700000001 |\t0700000001\n
|+254700000001|+254 700 000 001|+254-700-000-001|+254(700)000001|+254 (0) 700 000 001|+2540700000001|2540700000001
|254700000001|254 700 000001|254-700-000001|254 (700) 000-001|00254700000001|00254 700 000 001|00254-700-000-001
|700000001|700 000 001|700-000-001"""
ONE = """0110000003|0110 000 003|0110-000-003|(0110) 000003|+254110000003|+254 110-000-003|+254 (0)110 000003
|254110000003|254 110 000 003|00254110000003|00254 110 000003|110000003|110 000 003| 110-000003 |+2540110000003"""


def spellings(text: str) -> list[str]:
    return [spelling.strip("\n") for spelling in text.split("|")]


@pytest.mark.parametrize("typed", spellings(SEVEN))
def test_a_number_on_07_is_one_number_in_every_spelling(typed: str) -> None:
    assert e164(typed) == "+254700000001"


@pytest.mark.parametrize("typed", spellings(ONE))
def test_a_number_on_01_is_one_number_in_every_spelling(typed: str) -> None:
    assert e164(typed) == "+254110000003"


@pytest.mark.parametrize(
    ("typed", "phone"),
    [("22345678901", "+22345678901"), ("12025550100", "+12025550100"), ("256 700 000001", "+256700000001")],
)
def test_a_number_longer_than_a_kenyan_one_only_lacks_its_plus(typed: str, phone: str) -> None:
    assert e164(typed) == phone


@pytest.mark.parametrize(
    "typed",
    [
        "", "+", "1548", "anonymous", "Safaricom", "07000000O1", "0700\n000001", "٠٧٠٠٠٠٠٠٠١", "tel:+254700000001",
        "++254700000001", "+254+700000001", "0700000001 ext 3", "0700000001;0700000002", "0700000001 OR 1=1",
        "+0700000001", "0" * 8, "7" * 40,
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(typed: str) -> None:
    assert e164(typed) is None


@pytest.mark.parametrize("phone", ["+254700000001", "+254110000003", "+254799999999"])
def test_only_kenyan_mobiles_are_written_to(phone: str) -> None:
    assert is_kenyan_mobile(phone)


@pytest.mark.parametrize(
    "phone",
    [
        "+12025550100", "+255700000001", "+254200000001", "+254800000001", "+254900000001", "+25470000000",
        "+2547000000012", "254700000001", "0700000001", "+254700000001\n", " +254700000001", "+25470000000१",
    ],
)  # fmt: skip
def test_everything_else_is_not(phone: str) -> None:
    assert not is_kenyan_mobile(phone)


def test_a_masked_number_tells_nobody_whose_it_is() -> None:
    assert masked("+254700000001") == "+2547…001"
