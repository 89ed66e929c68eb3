"""The auditor sees what is wrong: a house that is in order passes, and each thing put wrong is named."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from gateway import database
from gateway.carriers.africastalking import AfricasTalking
from gateway.staff import audit as audit_trail
from models import CampaignStatus, LaneName
from tests.faults.auditor import Promised, audit
from tests.faults.house import House, until
from tests.faults.load import doors, write
from tests.gateway import sendings
from workers.sender import Sender

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

MINE = "id = (SELECT min(id) FROM message)"


def carrier(house: House) -> AfricasTalking:
    return AfricasTalking("simulator", house.settings.at_api_key, "1548", base_url=house.simulator.url)


@pytest.fixture
def in_order(house: House) -> House:
    """A house that has sent two SMS in bulk, as it should."""
    with doors(house):
        sendings.launch(["Water is back", "The road is closed"])
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


def alter_the_log(house: House) -> None:
    with doors(house), database.transaction() as db:
        audit_trail.record(db, audit_trail.OPERATOR, "signed_in", "sample", datetime.now(UTC))
    write(house, "ALTER TABLE audit_entry DISABLE TRIGGER USER")
    write(house, "UPDATE audit_entry SET actor = 'somebody'")
    write(house, "ALTER TABLE audit_entry ENABLE TRIGGER USER")


def end_too_early(house: House) -> None:
    with doors(house):
        sendings.launch(["Water is back"], status=CampaignStatus.DONE)


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
        (alter_the_log, "I9"),
        (end_too_early, "I4"),
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


@pytest.mark.parametrize(("meant", "words"), [(3, "lacks 1"), (1, "has 1 that")])
def test_a_campaign_to_others_than_it_was_meant_for_is_named(house: House, meant: int, words: str) -> None:
    with doors(house):
        campaign_id = sendings.launch(["Water is back"] * 2)
    assert audit(house) == []
    (line,) = audit(house, Promised(recipients={campaign_id: {sendings.number(n) for n in range(1, meant + 1)}}))
    assert line.startswith("I4: ")
    assert words in line
