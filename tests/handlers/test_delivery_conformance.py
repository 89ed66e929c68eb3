"""The delivery webhook against what Africa's Talking is known to send: always 200, never twice, never backwards."""

from itertools import permutations

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models import DeliveryReport, Message, State
from tests.gateway.promises import ACCEPTED, promise, try_once
from tests.grounds import PHONE
from tests.handlers.phones import Phone

ALL = ["Sent", "Submitted", "Buffered", "Rejected", "Success", "Failed", "AbsentSubscriber", "Expired"]
REASONS = ["UserInBlackList", "UserInBlacklist", "userinblacklist", "NotNetworkSubcriber", "NotNetworkSubscriber", ""]


def report(phone: Phone, status: str = "Success", **changes: str) -> int:
    """Posts a report as it was captured, and gives the status of our answer."""
    fields = {
        "phoneNumber": PHONE,
        "failureReason": "",
        "retryCount": "0",
        "id": "ATXid_1",
        "status": status,
        "networkCode": "63902",
    }
    return phone.post("delivery", **{**fields, **changes}).status_code


@pytest.fixture
def sent(phone: Phone) -> int:
    """The id of a message that the carrier accepted as ATXid_1."""
    message = promise()
    try_once(ACCEPTED)
    return message


def state(kept: Session, message: int) -> State:
    return kept.scalars(select(Message.state).where(Message.id == message)).one()


@pytest.mark.parametrize(
    ("status", "to"),
    [
        ("Sent", State.ACCEPTED),
        ("Submitted", State.ACCEPTED),
        ("Buffered", State.ACCEPTED),
        ("Rejected", State.REJECTED),
        ("Success", State.DELIVERED),
        ("Failed", State.FAILED),
        ("AbsentSubscriber", State.FAILED),
        ("Expired", State.FAILED),
        ("SomethingNew", State.ACCEPTED),
        ("", State.ACCEPTED),
    ],
)
def test_each_status_moves_the_message_where_it_belongs(
    phone: Phone, sent: int, kept: Session, status: str, to: State
) -> None:
    assert report(phone, status) == 200
    assert state(kept, sent) is to
    assert kept.scalar(select(func.count()).select_from(DeliveryReport)) == 1


@pytest.mark.parametrize("order", list(permutations(["Buffered", "Failed", "Success"])))
def test_a_delivery_report_may_come_first_last_or_twice(
    phone: Phone, sent: int, kept: Session, order: tuple[str, ...]
) -> None:
    assert {report(phone, status) for status in (*order, *order)} == {200}
    assert state(kept, sent) is State.DELIVERED
    assert kept.scalar(select(func.count()).select_from(DeliveryReport)) == 3


def test_every_status_in_reverse_ends_delivered(phone: Phone, sent: int, kept: Session) -> None:
    assert {report(phone, status) for status in reversed(ALL)} == {200}
    assert state(kept, sent) is State.DELIVERED


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_in_any_spelling_is_kept(phone: Phone, sent: int, kept: Session, reason: str) -> None:
    assert report(phone, "Rejected", failureReason=reason) == 200
    assert kept.scalars(select(DeliveryReport.reason)).one() == reason


def test_a_report_for_a_message_nobody_sent_is_kept(phone: Phone, kept: Session) -> None:
    assert report(phone, id="ATXid_of_nobody") == 200
    assert kept.scalars(select(DeliveryReport.carrier_id)).one() == "ATXid_of_nobody"


@pytest.mark.parametrize("missing", ["failureReason", "networkCode", "retryCount", "phoneNumber", "status"])
def test_a_report_that_lacks_a_field_is_kept(phone: Phone, sent: int, kept: Session, missing: str) -> None:
    fields = {"id": "ATXid_1", "status": "Success", "phoneNumber": PHONE, "failureReason": "", "networkCode": "63902"}
    fields = {name: value for name, value in fields.items() if name != missing}
    assert phone.post("delivery", **fields).status_code == 200
    assert kept.scalar(select(func.count()).select_from(DeliveryReport)) == 1


@pytest.mark.parametrize("identifier", ["", " ", "x" * 129])
def test_a_report_without_an_id_is_refused(phone: Phone, engine: Engine, identifier: str) -> None:
    assert report(phone, id=identifier) == 400
