"""The carrier repeats itself, overtakes itself and forgets: one submission stays one case, nothing acts by itself."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from gateway import database
from gateway.settings import Settings
from models import Citizen, Message, Ticket, UssdHop, UssdSession
from tests.grounds import NOW, OTHER, PHONE
from tests.handlers.phones import EMERGENCY, SUBMIT, TO_THE_CHECK, WORDS, Phone

REFERENCE = re.compile(r"\w{3}-\w{3}-\w{3}")


def counted(kept: Session, model: type[Ticket] | type[Message] | type[UssdSession] | type[UssdHop]) -> int:
    return kept.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def known(phone: Phone, kept: Session) -> Phone:
    """The phone of a caller who has chosen English in an earlier call."""
    kept.add(Citizen(phone=PHONE, language="en", first_seen_at=NOW))
    kept.commit()
    return phone


def test_a_submission_repeated_is_one_case_one_sms_and_the_same_screen(phone: Phone, kept: Session) -> None:
    farewell = phone.reports(*TO_THE_CHECK, SUBMIT)
    assert {phone.ask(phone.text) for _ in range(5)} == {farewell}
    assert (counted(kept, Ticket), counted(kept, Message)) == (1, 1)
    assert kept.scalars(select(Ticket.words)).one() == WORDS


def test_twenty_requests_at_once_are_one_case(phone: Phone, kept: Session, settings: Settings) -> None:
    phone.reports(*TO_THE_CHECK)
    patient = database.connect(settings.database_url, statement_ms=60_000, pool_size=20)
    final = f"{phone.text}*{SUBMIT}"

    def repeat(_: int) -> str:
        return replace(phone, client=phone.client.application.test_client()).ask(final)

    with ThreadPoolExecutor(20) as pool:
        shown = set(pool.map(repeat, range(20)))
    patient.dispose()
    assert len(shown) == 1
    assert shown.pop().startswith("END Thank you")
    assert (counted(kept, Ticket), counted(kept, Message)) == (1, 1)


def test_twenty_first_requests_at_once_are_one_session(phone: Phone, kept: Session, settings: Settings) -> None:
    patient = database.connect(settings.database_url, statement_ms=60_000, pool_size=20)

    def dial(_: int) -> str:
        return replace(phone, client=phone.client.application.test_client()).ask("")

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(dial, range(20)))) == 1
    patient.dispose()
    assert (counted(kept, UssdSession), counted(kept, UssdHop)) == (1, 1)


def test_an_older_text_after_a_newer_one_gets_its_old_answer(phone: Phone, kept: Session) -> None:
    shown = [phone.dial(), *(phone.type(typed) for typed in TO_THE_CHECK)]
    texts = ["*".join(TO_THE_CHECK[:count]) for count in range(len(shown))]
    assert [phone.ask(text) for text in reversed(texts)] == shown[::-1]
    assert phone.type(SUBMIT).startswith("END Thank you")
    assert counted(kept, Ticket) == 1


def test_a_text_that_continues_nothing_ends_politely(phone: Phone, kept: Session) -> None:
    phone.reports("1", "1")
    assert phone.ask("2*2").startswith("END ")
    assert phone.ask("1").startswith("CON ")
    assert kept.scalars(select(UssdSession.text)).one() == "1*1"


def test_nothing_goes_on_after_the_end(phone: Phone, kept: Session) -> None:
    phone.reports(*TO_THE_CHECK, SUBMIT)
    assert phone.type("1").startswith("END ")
    assert counted(kept, Ticket) == 1


def test_a_session_taken_up_by_another_phone_ends_politely(phone: Phone, kept: Session) -> None:
    phone.reports(*TO_THE_CHECK)
    stranger = replace(phone, number=OTHER)
    for text_of_session in (phone.text, f"{phone.text}*{SUBMIT}"):
        answer = stranger.ask(text_of_session)
        assert answer.startswith("END ")
        assert "water" not in answer.lower()
    assert counted(kept, Ticket) == 0
    assert phone.type(SUBMIT).startswith("END Thank you")


def test_a_long_dial_leads_where_the_same_inputs_lead(known: Phone) -> None:
    stepwise = known.reports("1", "1", "1")
    assert replace(known, session="ATUid_2").ask("1*1*1") == stepwise


@pytest.mark.parametrize("dialled", [(*TO_THE_CHECK, SUBMIT), EMERGENCY, (*TO_THE_CHECK, SUBMIT, "1", "1")])
def test_a_long_dial_never_submits(phone: Phone, kept: Session, dialled: tuple[str, ...]) -> None:
    assert phone.ask("*".join(dialled)).startswith("CON ")
    assert (counted(kept, Ticket), counted(kept, Message)) == (0, 0)


def test_a_long_dial_is_submitted_by_hand_after_its_last_screen(phone: Phone, kept: Session) -> None:
    phone.text = "*".join((*TO_THE_CHECK, SUBMIT))
    assert "Is this right?" in phone.ask(phone.text)
    assert phone.type(SUBMIT).startswith("END Thank you")
    assert kept.scalars(select(Ticket.words)).all() == [WORDS]


@pytest.mark.parametrize("hop", range(1, 7))
def test_a_lost_session_shows_a_known_caller_the_next_screen(known: Phone, kept: Session, hop: int) -> None:
    inputs = (*TO_THE_CHECK[1:], SUBMIT)
    expected = known.reports(*inputs[:hop])
    known.reports(*inputs[: hop - 1], session="ATUid_2")
    kept.execute(text("DELETE FROM ussd_session"))
    kept.execute(text("DELETE FROM ticket_event"))
    kept.execute(text("DELETE FROM message"))
    kept.execute(text("DELETE FROM ticket"))
    kept.execute(update(Citizen).values(ward_code=None))
    shown = known.type(inputs[hop - 1])
    if expected.startswith("END "):
        assert "Is this right?" in shown
    else:
        assert shown == expected
    assert counted(kept, Ticket) == 0


@pytest.mark.parametrize("hop", range(len(TO_THE_CHECK) + 1))
def test_a_session_lost_at_any_hop_never_submits_by_itself(phone: Phone, kept: Session, hop: int) -> None:
    inputs = (*TO_THE_CHECK, SUBMIT)
    phone.reports(*inputs[:hop])
    kept.execute(text("DELETE FROM ussd_session"))
    assert phone.type(inputs[hop]).startswith("CON ")
    assert counted(kept, Ticket) == 0


def test_a_screen_that_no_longer_exists_starts_again_at_home(phone: Phone, kept: Session) -> None:
    phone.reports(*TO_THE_CHECK)
    kept.execute(text("""UPDATE ussd_session SET state = jsonb_set(state, '{screen}', '"a_screen_renamed"')"""))
    assert "Nandi County 1548" in phone.type("98")
    assert "What is it about?" in phone.type("1")


def test_each_case_has_a_reference_of_its_own(phone: Phone) -> None:
    first, second = phone.reports(*TO_THE_CHECK, SUBMIT), phone.reports("1", "1", "1", WORDS, SUBMIT, session="ATUid_2")
    references = [REFERENCE.search(shown) for shown in (first, second)]
    assert None not in references
    assert len({found[0] for found in references if found}) == 2
