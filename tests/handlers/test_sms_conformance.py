"""What Africa's Talking is known to send to the SMS hook, and what we promise it: 200 once the words are kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from gateway import database
from gateway.carriers import callbacks
from gateway.dialogues import incoming
from gateway.settings import Settings
from models import Citizen, Direction, Message, State, Ticket
from tests.grounds import PHONE
from tests.handlers.phones import Phone

MESSAGE = {
    "linkId": "",
    "text": "Hakuna maji Kapsabet",
    "to": "1548",
    "id": "ec9adc86-0000-4000-8000-000000000001",
    "date": "2026-11-23 09:00:00",
    "from": PHONE,
}


@pytest.fixture
def hook(phone: Phone, settings: Settings) -> str:
    return f"{phone.hooks}/sms"


def texts(client: FlaskClient, hook: str, **fields: str | None) -> TestResponse:
    """Posts an SMS as the carrier does; a field that is None is left out."""
    form = {**MESSAGE, **{name.rstrip("_"): value for name, value in fields.items()}}
    return client.post(hook, data={name: value for name, value in form.items() if value is not None})


def received(kept: Session) -> list[Message]:
    return list(kept.scalars(select(Message).where(Message.direction == Direction.IN).order_by(Message.id)))


def promised(kept: Session) -> list[Message]:
    return list(kept.scalars(select(Message).where(Message.direction == Direction.OUT).order_by(Message.id)))


def handles(settings: Settings) -> None:
    """Does what a worker does when the bell rings."""
    more = True
    while more:
        with database.transaction() as db:
            more = incoming.handle_next(db, settings, datetime.now(UTC))


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ("2017-05-03T06:04:45Z", datetime(2017, 5, 3, 6, 4, 45, tzinfo=UTC)),
        ("2020-07-24 15:39:15", datetime(2020, 7, 24, 15, 39, 15, tzinfo=UTC)),
        ("2020-07-24T15:39:15.445Z", datetime(2020, 7, 24, 15, 39, 15, 445000, tzinfo=UTC)),
        ("yesterday, 3 o'clock", None),
        ("", None),
        ("9999-99-99 99:99:99", None),
        (None, None),
    ],
)
def test_s1_the_date_is_read_in_both_forms_and_garbage_is_no_fault(
    client: FlaskClient, kept: Session, hook: str, date: str | None, read: datetime | None
) -> None:
    assert callbacks.read_incoming({"date": date} if date is not None else {}).sent_at == read
    assert texts(client, hook, date=date).status_code == 200
    assert len(received(kept)) == 1


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("+254700000001", PHONE),
        ("254700000001", PHONE),
        (" 254700000001", PHONE),
        ("0700000001", PHONE),
        ("700000001", PHONE),
        ("22345678901", "+22345678901"),
        ("+256700000001", "+256700000001"),
    ],
)
def test_a_number_is_the_same_phone_whether_it_calls_or_writes(written: str, phone: str) -> None:
    assert callbacks.read_incoming({"from": written}).phone == phone
    assert callbacks.read_hop({"phoneNumber": written, "sessionId": "ATUid_1"}).phone == phone
    assert callbacks.read_opt_out({"phoneNumber": written}).phone == phone


def test_s2_eight_deliveries_at_once_are_one_row_one_case_one_answer(
    client: FlaskClient, kept: Session, hook: str, settings: Settings
) -> None:
    with ThreadPoolExecutor(8) as carrier:
        statuses = list(carrier.map(lambda _: texts(client.application.test_client(), hook).status_code, range(8)))
    assert statuses == [200] * 8
    with ThreadPoolExecutor(3) as workers:
        list(workers.map(lambda _: handles(settings), range(3)))
    assert len(received(kept)) == len(kept.scalars(select(Ticket)).all()) == len(promised(kept)) == 1


def test_s2_a_human_who_sends_the_same_words_twice_is_heard_twice(
    client: FlaskClient, kept: Session, hook: str, settings: Settings
) -> None:
    for identity in ("a", "b"):
        texts(client, hook, id=identity)
    handles(settings)
    assert [message.state for message in received(kept)] == [State.HANDLED, State.HANDLED]
    assert len(kept.scalars(select(Ticket)).all()) == 1


@pytest.mark.parametrize(
    "words", ["", " ", "😀", "Ж" * 2000, "a&b=c%20+d", "Maji hakuna – “leo” ni’ngoje", "\u202e\u200b"]
)
def test_s3_s7_any_words_are_kept_as_they_came(client: FlaskClient, kept: Session, hook: str, words: str) -> None:
    assert texts(client, hook, text=words).status_code == 200
    assert [message.body for message in received(kept)] == [words]


def test_t20_what_no_database_can_hold_is_left_out(client: FlaskClient, kept: Session, hook: str) -> None:
    assert texts(client, hook, text="ma\0ji").status_code == 200
    half = "text=%ED%A0%80x&id=half&from=%2B254700000001"
    assert client.post(hook, data=half, content_type="application/x-www-form-urlencoded").status_code == 200
    assert received(kept)[0].body == "maji"
    assert received(kept)[1].body.endswith("x")


@pytest.mark.parametrize("sender", ["MTN", "21512", "1548", "", None])
def test_s4_what_no_phone_sent_is_kept_and_not_answered(
    client: FlaskClient, kept: Session, hook: str, settings: Settings, sender: str | None
) -> None:
    assert texts(client, hook, from_=sender).status_code == 200
    handles(settings)
    assert [(message.state, message.kind) for message in received(kept)] == [(State.HANDLED, "ignored")]
    assert promised(kept) == []


@pytest.mark.parametrize("sender", ["+254700000001", " 254700000001", "254700000001", "0700000001"])
def test_a_number_is_known_however_it_is_written(client: FlaskClient, kept: Session, hook: str, sender: str) -> None:
    texts(client, hook, from_=sender)
    assert received(kept)[0].phone == PHONE


@pytest.mark.parametrize("missing", ["linkId", "text", "to", "id", "date", "from"])
def test_s6_whatever_is_missing_the_rest_is_kept(client: FlaskClient, kept: Session, hook: str, missing: str) -> None:
    form = {name: value for name, value in MESSAGE.items() if name != missing}
    assert client.post(hook, data=form).status_code == 200
    assert client.post(hook, data=form).status_code == 200
    assert len(received(kept)) == 1


def test_an_empty_request_is_no_fault(client: FlaskClient, kept: Session, hook: str) -> None:
    assert client.post(hook).status_code == 200
    assert len(received(kept)) == 1


def test_s8_stop_by_sms_and_by_the_carriers_own_callback_are_one_thing(
    client: FlaskClient, kept: Session, phone: Phone, hook: str, settings: Settings
) -> None:
    assert phone.post("opt-out", senderId="1548", phoneNumber="+254700000002").status_code == 200
    texts(client, hook, text="ACHA")
    handles(settings)
    opted_out = kept.scalars(select(Citizen.phone).where(Citizen.opted_out_at.is_not(None)).order_by(Citizen.phone))
    assert opted_out.all() == [PHONE, "+254700000002"]


def test_an_opt_out_without_a_phone_is_refused(client: FlaskClient, phone: Phone) -> None:
    assert phone.post("opt-out", senderId="1548").status_code == 400


def test_s9_the_answer_to_the_carrier_is_exactly_200_and_no_work_is_done_before_it(
    client: FlaskClient, kept: Session, hook: str
) -> None:
    assert texts(client, hook).status == "200 OK"
    assert [message.state for message in received(kept)] == [State.RECEIVED]
    assert kept.scalars(select(Ticket)).all() == []


def test_s10_an_answering_machine_is_answered_ten_times_an_hour(
    client: FlaskClient, kept: Session, hook: str, settings: Settings
) -> None:
    for n in range(25):
        texts(client, hook, id=f"loop-{n}", text="I am out of the office")
    handles(settings)
    assert len(received(kept)) == 25
    assert len(promised(kept)) <= 10


def test_an_id_longer_than_any_is_still_one(client: FlaskClient, kept: Session, hook: str) -> None:
    for _ in range(2):
        assert texts(client, hook, id="x" * 400).status_code == 200
    assert len(received(kept)) == 1


def test_what_was_sent_to_another_short_code_is_kept_and_not_answered(
    client: FlaskClient, kept: Session, hook: str, settings: Settings
) -> None:
    texts(client, hook, to="20880")
    handles(settings)
    assert received(kept)[0].kind == "misdirected"
    assert promised(kept) == []


@given(words=st.text())
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_a_fault_or_left_unhandled(
    client: FlaskClient, kept: Session, hook: str, settings: Settings, words: str
) -> None:
    identity = f"fuzz-{len(received(kept))}"
    form = {**MESSAGE, "id": identity, "text": words.encode("utf-8", "surrogatepass")}
    assert client.post(hook, data=form).status_code == 200
    handles(settings)
    assert {message.state for message in received(kept)} == {State.HANDLED}
