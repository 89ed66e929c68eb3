"""The auditor sees what is wrong: a house that is in order passes, and each thing put wrong is named."""

from collections.abc import Callable

import pytest

from gateway.carriers.africastalking import AfricasTalking
from models import LaneName
from tests.faults.auditor import Promised, audit
from tests.faults.house import House, until
from tests.faults.load import doors, promise, write
from workers.sender import Sender

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

MINE = "id = (SELECT min(id) FROM message)"


def carrier(house: House) -> AfricasTalking:
    return AfricasTalking("simulator", house.settings.at_api_key, "1548", base_url=house.simulator.url)


@pytest.fixture
def in_order(house: House) -> House:
    """A house that has sent two SMS in bulk, as it should."""
    promise(house, 2, lane=LaneName.BULK)
    with doors(house):
        until(lambda: sent(house), "two SMS sent")
    return house


def sent(house: House) -> bool:
    Sender(LaneName.BULK, carrier(house), house.settings).send_due()
    return len(house.simulator.ledger()["accepted"]) == 2


def test_a_house_in_order_passes(in_order: House) -> None:
    assert audit(in_order) == []


def send_again(house: House) -> None:
    entry = house.simulator.ledger()["accepted"][0]
    carrier(house).send(entry["text"], [entry["phone"]])


def deny(house: House) -> None:
    write(house, f"UPDATE message SET state = 'queued' WHERE {MINE}")  # noqa: S608 - our own words


def invent(house: House) -> None:
    write(house, f"UPDATE message SET body = 'never sent' WHERE {MINE}")  # noqa: S608


def get_stuck(house: House) -> None:
    write(house, f"UPDATE message SET state = 'sending', lease_until = now() - interval '1 hour' WHERE {MINE}")  # noqa: S608


def go_back(house: House) -> None:
    write(house, f"UPDATE message SET state = 'delivered' WHERE {MINE}")  # noqa: S608
    write(house, f"UPDATE message SET state = 'failed' WHERE {MINE}")  # noqa: S608


def tell_a_number(house: House) -> None:
    with (house.logs / "web.log").open("a") as log:
        log.write("no answer for +254700000001\n")


def tell_a_secret(house: House) -> None:
    with (house.logs / "web.log").open("a") as log:
        log.write(f"POST /hooks/{house.settings.webhook_secrets[0]}/sms\n")


def opt_out_before(house: House) -> None:
    everybody = "SELECT phone, now() - interval '1 hour', now() - interval '1 hour', false FROM message"
    write(house, f"INSERT INTO citizen (phone, first_seen_at, opted_out_at, is_sample) {everybody}")


@pytest.mark.parametrize(
    ("put_wrong", "invariant"),
    [
        (send_again, "I1"),
        (deny, "I2"),
        (invent, "I2"),
        (get_stuck, "I3"),
        (go_back, "I7"),
        (tell_a_number, "I8"),
        (tell_a_secret, "I8"),
        (opt_out_before, "I10"),
    ],
)
def test_what_is_wrong_is_named(in_order: House, put_wrong: Callable[[House], None], invariant: str) -> None:
    put_wrong(in_order)
    assert invariant in {line.partition(":")[0] for line in audit(in_order)}


@pytest.mark.parametrize(
    "told", [Promised(reports={"ATXid_lost"}), Promised(texts={"ATsms_lost"}), Promised(references={"K7QM2P4XT"})]
)
def test_what_was_acknowledged_and_is_not_there_is_named(in_order: House, told: Promised) -> None:
    (line,) = audit(in_order, told)
    assert line.startswith("I5: ")
