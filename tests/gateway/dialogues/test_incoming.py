"""SMS from citizens: each is kept, understood, filed once, and answered by a message that names the case."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway.county import places
from gateway.dialogues import incoming
from gateway.tickets import references
from models import Category, Citizen, EventKind, Follow, Message, OpenQuestion, State, Status, Ticket, TicketEvent
from tests.gateway.texting import TextingPhone
from tests.grounds import OTHER

ALL_IT_NEEDS = "No water in Kapsabet since Monday"


def timeline(citizen: TextingPhone, ticket: Ticket) -> list[tuple[str, str | None]]:
    events = citizen.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id))
    return [(event.kind.value, event.body) for event in events]


def test_plain_words_are_a_complaint_confirmed_with_its_reference(citizen: TextingPhone) -> None:
    answer = citizen.sends(ALL_IT_NEEDS)
    case = citizen.case()
    assert references.printed(case.reference) in answer
    assert (case.words, case.ward_code, case.category_code) == (ALL_IT_NEEDS, "772", "water")
    assert (citizen.sent()[0].state, citizen.sent()[0].ticket_id) == (State.HANDLED, case.id)


def test_the_same_message_twice_is_one_case_and_one_answer(citizen: TextingPhone) -> None:
    for _ in range(3):
        citizen.leaves(ALL_IT_NEEDS, "same-id")
    citizen.is_handled()
    assert len(citizen.sent()) == len(citizen.cases()) == len(citizen.answers()) == 1


def test_without_an_id_phone_words_and_minute_tell_messages_apart(citizen: TextingPhone) -> None:
    citizen.leaves("No water", "")
    citizen.leaves("No water", "")
    citizen.of(OTHER).leaves("No water", "")
    citizen.leaves("No light", "")
    citizen.waits(minutes=1)
    citizen.leaves("No water", "")
    assert [message.body for message in citizen.sent()] == ["No water", "No light", "No water"]
    assert len(citizen.of(OTHER).sent()) == 1


@pytest.mark.parametrize("words", ["", "   ", "😀😀", "x" * 2000, "Maji\n\nhakuna\tkabisa"])
def test_odd_words_are_kept_unchanged(citizen: TextingPhone, words: str) -> None:
    citizen.sends(words)
    assert (citizen.sent()[0].body, citizen.sent()[0].state) == (words, State.HANDLED)


def test_a_robbery_that_burns_stands_at_the_top_and_gives_nothing_away(citizen: TextingPhone) -> None:
    answer = citizen.sends("Fire at Kapsabet market, robbers set it")
    assert (citizen.case().category_code, citizen.case().is_sensitive, citizen.case().is_urgent) == (
        "police",
        True,
        True,
    )
    assert "police" not in answer.lower()


def test_with_nothing_understood_it_still_is_a_case(citizen: TextingPhone) -> None:
    answer = citizen.sends("Hello, please look at this thing of ours")
    assert (citizen.case().category_code, citizen.case().department_code) == ("other", "administration")
    assert references.printed(citizen.case().reference) in answer


@pytest.mark.parametrize(
    "words",
    [
        "Hali barabara",
        "hali hospitali",
        "Status hospital",
        "Mradi umekwama",
        "Project abandoned",
        "Mradi umeibiwa pesa",
        "Mradi Kapsabet umekwama",
        "Bajeti imeibiwa",
        "Budget stolen",
        "Budget roads stolen",
        "Bajeti rushwa",
        "Lugha chafu",
    ],
)
def test_a_complaint_in_two_or_three_words_is_a_case_though_it_begins_with_a_keyword(
    citizen: TextingPhone, words: str
) -> None:
    citizen.sends(words)
    assert (citizen.case().words, citizen.sent()[0].kind) == (words, "case")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("HALI K7Q-M2P-4XD", "status_missed"),
        ("PROJECT S999", "project"),
        ("MRADI kapsabt mjini", "project"),
        ("PROJECT Chemundu Kapngetuny", "project"),
        ("FUATA kap sabet", "follow"),
        ("Bajeti ya barabara", "budget"),
        ("BUDGET health department", "budget"),
        ("LUGHA English", "language"),
    ],
)
def test_a_keyword_with_what_it_knows_is_a_command(citizen: TextingPhone, words: str, kind: str) -> None:
    assert citizen.sends(words)
    assert (citizen.sent()[0].kind, citizen.cases()) == (kind, [])


def test_a_reference_without_digit_or_hyphen_is_looked_up_where_it_is_ones_own(citizen: TextingPhone) -> None:
    citizen.sends(ALL_IT_NEEDS)
    citizen.case().reference = "ABCDEFGHR"
    citizen.sends("HALI abcdefghr")
    assert citizen.sent()[-1].kind == "status"


def test_the_category_chosen_brings_its_department_and_its_clocks(citizen: TextingPhone) -> None:
    citizen.sends("The school at Kobujoi has no water")
    before = citizen.case()
    opened_at, due = before.opened_at, before.answer_due_at
    citizen.waits(hours=2)
    citizen.sends("2")
    after = citizen.case()
    citizen.db.refresh(after)
    assert (after.category_code, after.department_code) == ("education", "education")
    assert after.opened_at == opened_at
    assert after.answer_due_at != due
    assert EventKind.MOVED in [kind for kind, _ in timeline(citizen, after)]


def test_a_reply_after_a_day_is_no_reply_to_the_question(citizen: TextingPhone) -> None:
    citizen.sends("The road is very bad")
    citizen.waits(hours=24, seconds=1)
    citizen.sends("7")
    assert citizen.case().ward_code is None
    assert ("wrote", "7") in timeline(citizen, citizen.case())


def test_no_case_is_asked_about_more_than_twice(citizen: TextingPhone) -> None:
    citizen.sends("Hello, please look at this thing of ours")
    citizen.sends("1")
    assert "which ward" in citizen.answers()[-1].body
    citizen.sends("Mosoriot")
    assert citizen.case().ward_code is None
    assert [message.kind for message in citizen.answers()] == ["question", "question", "confirmation"]


def test_only_the_newest_question_is_open(citizen: TextingPhone) -> None:
    citizen.sends("The road is very bad")
    citizen.sends("Our clinic has no medicine")
    citizen.sends("7")
    road, clinic = citizen.cases()
    assert (road.ward_code, clinic.ward_code) == (None, "777")
    still_open = select(OpenQuestion).where(OpenQuestion.closed_at.is_(None))
    assert citizen.db.scalars(still_open).all() == []


def test_a_ward_named_where_the_category_was_asked_is_taken_too(citizen: TextingPhone) -> None:
    citizen.sends("Hello, please look at this thing of ours")
    again = citizen.sends("We are in Kobujoi")
    assert "what is it about" in again
    citizen.sends("2")
    case = citizen.case()
    citizen.db.refresh(case)
    assert (case.category_code, case.ward_code) == ("roads", "758")


def test_another_matter_is_no_reply_but_a_case_of_its_own(citizen: TextingPhone) -> None:
    citizen.sends("The road is very bad")
    citizen.sends("No medicine at Kobujoi dispensary")
    assert [(case.category_code, case.ward_code) for case in citizen.cases()] == [("roads", None), ("health", "758")]


def test_words_of_the_same_matter_and_place_go_to_the_open_case(citizen: TextingPhone) -> None:
    citizen.sends(ALL_IT_NEEDS)
    answer = citizen.sends("Still no water in Kapsabet")
    assert references.printed(citizen.case().reference) in answer
    assert timeline(citizen, citizen.case()) == [("opened", None), ("wrote", "Still no water in Kapsabet")]


@pytest.mark.parametrize(
    "words", ["No water in Kobujoi", "The road in Kapsabet is bad", "No water in Lessos, Trans Nzoia"]
)
def test_words_of_another_matter_or_place_do_not(citizen: TextingPhone, words: str) -> None:
    citizen.sends(ALL_IT_NEEDS)
    citizen.sends(words)
    assert len(citizen.cases()) == 2


def test_a_case_that_waits_for_the_citizen_takes_whatever_comes_and_goes_on(citizen: TextingPhone) -> None:
    citizen.sends(ALL_IT_NEEDS)
    citizen.case().status = Status.WAITING_CITIZEN
    citizen.sends("The one behind the church, near the old road")
    assert citizen.case().status is Status.OPEN
    assert len(citizen.cases()) == 1


@pytest.mark.parametrize("status", [Status.CLOSED, Status.REJECTED])
def test_a_case_that_is_over_takes_no_more_words_and_is_linked_when_quoted(
    citizen: TextingPhone, status: Status
) -> None:
    citizen.sends(ALL_IT_NEEDS)
    first = citizen.case()
    first.status = status
    citizen.sends(f"{references.printed(first.reference)} no water in Kapsabet again")
    _, second = citizen.cases()
    assert second.linked_id == first.id


def test_a_case_of_ninety_days_ago_is_over(citizen: TextingPhone) -> None:
    citizen.sends(ALL_IT_NEEDS)
    citizen.waits(days=90, seconds=1)
    citizen.sends("Still no water in Kapsabet")
    assert len(citizen.cases()) == 2


def test_somebody_elses_reference_is_a_case_of_ones_own_and_tells_nothing(citizen: TextingPhone) -> None:
    citizen.sends("The doctor at Kapsabet hospital wants a bribe")
    theirs = citizen.case()
    stranger = citizen.of(OTHER)
    answer = stranger.sends(f"{references.printed(theirs.reference)} No water in Kobujoi")
    own = stranger.case()
    assert own.linked_id == theirs.id
    assert timeline(citizen, theirs) == [("opened", None)]
    assert references.printed(theirs.reference) not in answer
    other_answer = citizen.of("+254700000009").sends("No water in Kobujoi")
    printed = references.printed(own.reference)
    assert answer.replace(printed, "") == other_answer.replace(
        references.printed(citizen.of("+254700000009").case().reference), ""
    )


def test_a_reference_of_somebody_else_reads_like_one_that_does_not_exist(citizen: TextingPhone) -> None:
    citizen.sends(ALL_IT_NEEDS)
    theirs = references.printed(citizen.case().reference)
    stranger = citizen.of(OTHER)
    assert stranger.sends(f"STATUS {theirs}") == stranger.sends(f"STATUS {references.printed(references.draw())}")


def test_stop_is_confirmed_once_and_answers_to_ones_own_case_still_come(citizen: TextingPhone) -> None:
    assert citizen.sends("STOP")
    assert citizen.sends("STOP") == ""
    assert citizen.db.get_one(Citizen, citizen.number).opted_out_at == citizen.now
    assert citizen.sends(ALL_IT_NEEDS)
    assert citizen.sends("START")
    assert citizen.db.get_one(Citizen, citizen.number).opted_out_at is None


def test_to_follow_a_ward_is_one_wish_however_often_it_is_said(citizen: TextingPhone) -> None:
    for words in ("FOLLOW Kapsabet", "fuata kapsabt", "FOLLOW 772"):
        citizen.sends(words)
    followed = select(Follow.ward_code).where(Follow.phone == citizen.number, Follow.ended_at.is_(None))
    assert citizen.db.scalars(followed).all() == ["772"]
    citizen.sends("UNFOLLOW Kapsabet")
    assert citizen.db.scalars(followed).all() == []


def test_the_wish_to_be_erased_is_a_case_with_its_own_clock(citizen: TextingPhone) -> None:
    citizen.sends("FUTA")
    case = citizen.case()
    assert (case.category_code, case.is_sensitive) == ("erasure", True)
    assert case.resolve_due_at <= citizen.now + timedelta(days=14)


@pytest.mark.parametrize("words", ["Delete my DATA, please!", "futa Taarifa Zangu", "ＥＲＡＳＥ"])
def test_the_wish_to_be_erased_keeps_the_citizens_own_words(citizen: TextingPhone, words: str) -> None:
    citizen.sends(words)
    assert (citizen.case().category_code, citizen.case().words) == ("erasure", words)


def test_what_is_said_back_is_spelt_as_it_was(citizen: TextingPhone) -> None:
    assert "S999: we don't know it" in citizen.sends("PROJECT S999")


def test_a_fault_in_a_rule_loses_no_word_and_holds_up_nobody(
    citizen: TextingPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(places, "wards_in", lambda *_: 1 / 0)
        assert citizen.sends(ALL_IT_NEEDS) == ""
        assert citizen.of(OTHER).sends("HELP")
    message = citizen.sent()[0]
    assert (message.state, message.body, citizen.cases()) == (State.RECEIVED, ALL_IT_NEEDS, [])
    citizen.waits(minutes=1)
    citizen.is_handled()
    assert message.state is State.HANDLED
    assert citizen.case().words == ALL_IT_NEEDS


def test_the_pauses_between_tries_grow(citizen: TextingPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "understand", lambda *_: 1 / 0)
    citizen.leaves(ALL_IT_NEEDS)
    pauses = []
    for _ in range(12):
        citizen.is_handled()
        due = citizen.sent()[0].not_before
        assert due is not None
        pauses.append(due - citizen.now)
        citizen.now = due
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)


@pytest.mark.parametrize("sender", ["MTN", "21512", "1548", ""])
def test_what_no_phone_sent_is_kept_and_never_answered(citizen: TextingPhone, sender: str) -> None:
    assert citizen.of(sender).sends(ALL_IT_NEEDS) == ""
    (message,) = citizen.of(sender).sent()
    assert (message.state, message.kind, message.ticket_id) == (State.HANDLED, "ignored", None)


def test_a_foreign_phone_is_heard_but_not_written_to(citizen: TextingPhone) -> None:
    abroad = citizen.of("+256700000001")
    assert abroad.sends(ALL_IT_NEEDS) == ""
    assert abroad.case().category_code == "water"


def test_what_was_sent_to_another_short_code_is_kept_and_no_more(citizen: TextingPhone) -> None:
    citizen.to = "20880"
    assert citizen.sends(ALL_IT_NEEDS) == ""
    assert (citizen.sent()[0].kind, citizen.cases()) == ("misdirected", [])


def test_a_citizen_who_chose_a_language_is_answered_in_it(citizen: TextingPhone) -> None:
    citizen.sends("LUGHA Kiswahili")
    assert citizen.sends(ALL_IT_NEEDS).startswith("Kesi yako")
    assert citizen.case().language == "sw"


@pytest.mark.parametrize(("words", "language"), [("FUTA", "sw"), ("Mradi umekwama", "sw"), ("ERASE", "en")])
def test_a_keyword_tells_the_language_of_one_who_chose_none(citizen: TextingPhone, words: str, language: str) -> None:
    citizen.sends(words)
    assert citizen.case().language == language


def test_a_sentence_tells_the_language_better_than_the_keyword_it_begins_with(citizen: TextingPhone) -> None:
    citizen.sends("Project ya barabara imekwama hapa Kobujoi")
    assert citizen.case().language == "sw"


def test_no_sensitive_case_gives_itself_away(citizen: TextingPhone) -> None:
    labels = {
        label
        for category in citizen.db.scalars(select(Category).where(Category.sensitive))
        for label in category.label.values()
    }
    for words in ("Doctor at Kapsabet wants a bribe", "Mtoto amebakwa Kapsabet", "Thieves in Kapsabet"):
        answer = citizen.of(f"+2547000000{len(words)}").sends(words)
        assert "Kapsabet" not in answer
        assert not [label for label in labels if label in answer]


def test_an_answer_belongs_to_one_message(citizen: TextingPhone) -> None:
    citizen.sends("HELP")
    citizen.sends("HELP")
    keys = citizen.db.scalars(select(Message.dedupe_key).where(Message.dedupe_key.is_not(None))).all()
    assert len(keys) == len(set(keys)) == 2


def test_a_reply_sent_twice_is_no_answer_to_the_question_after_it(citizen: TextingPhone) -> None:
    citizen.sends("Hello, please look at this thing of ours")
    citizen.waits(seconds=30)
    citizen.leaves("1")
    citizen.leaves("1")
    citizen.waits(seconds=1)
    citizen.is_handled()
    case = citizen.case()
    citizen.db.refresh(case)
    assert (case.category_code, case.ward_code) == ("water", None)


def test_more_words_about_the_matter_leave_the_question_open(citizen: TextingPhone) -> None:
    citizen.sends("There is no water")
    citizen.sends("still no water, please hurry")
    citizen.sends("7")
    case = citizen.case()
    citizen.db.refresh(case)
    assert case.ward_code == "777"
