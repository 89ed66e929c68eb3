"""The queue: who finds which tickets where, in which order, and what the address of the page says."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from time_machine import travel

from gateway.desk import desk
from models import EventKind, Priority, Role, Status
from tests.grounds import NOW
from tests.handlers.desks import LINE, happens, lines, ticket
from tests.handlers.queries import counted
from tests.handlers.staff import hire, sign_in

NEXT = re.compile(r'href="([^"]+)" rel="next"')
COUNT = re.compile(r'id="count-(\w+)"[^>]*>([^<]+)<')


def test_urgent_ones_stand_first_then_by_priority_then_by_what_is_due_next(desk_client: FlaskClient) -> None:
    later = ticket(next_due_at=NOW + timedelta(hours=5))
    sooner = ticket(next_due_at=NOW + timedelta(hours=2))
    waits = ticket(next_due_at=None, status=Status.WAITING_CITIZEN, paused_at=NOW)
    low = ticket(priority=Priority.LOW, next_due_at=NOW - timedelta(hours=9))
    high = ticket(priority=Priority.HIGH, next_due_at=NOW + timedelta(days=9))
    urgent = ticket(is_urgent=True, priority=Priority.LOW)
    assert lines(desk_client) == [urgent, high, sooner, later, waits, low]


def test_each_folder_holds_its_own_and_says_how_many(client: FlaskClient) -> None:
    hire("juma")
    hire(department_code="lands")
    with travel(NOW, tick=False):
        sign_in(client)
        placed = {
            "mine": [ticket(assignee="asha", department_code="works")],
            "unassigned": [ticket()],
            "overdue": [ticket(assignee="juma", department_code="works", next_due_at=NOW - timedelta(minutes=1))],
            "emergency": [ticket(assignee="juma", department_code="works", is_urgent=True)],
            "waiting": [ticket(assignee="juma", department_code="works", status=Status.WAITING_DEPARTMENT)],
            "contested": [ticket(assignee="juma", department_code="works", status=Status.REOPENED)],
            "done": [ticket(assignee="asha", status=Status.RESOLVED, next_due_at=None)],
        }
        for folder, expected in placed.items():
            assert lines(client, folder=folder) == expected, folder
        assert lines(client, folder="department") == placed["unassigned"]
        assert len(lines(client, folder="all")) == 6
        counts = dict(COUNT.findall(client.get("/console/").text))
    assert counts == {
        "mine": "1",
        "unassigned": "1",
        "department": "1",
        "overdue": "1",
        "emergency": "1",
        "waiting": "1",
        "contested": "1",
        "all": "6",
    }


def test_a_folder_of_more_than_can_be_counted_cheaply_says_so(desk_client: FlaskClient) -> None:
    for _ in range(101):
        ticket()
    counts = dict(COUNT.findall(desk_client.get("/console/").text))
    assert (counts["all"], counts["mine"]) == ("99+", "0")


CHOSEN = {
    "ward": "751",
    "category": "roads",
    "department": "works",
    "status": "open",
    "priority": "high",
    "opened_from": "2026-11-24",
    "assignee": "asha",
}


def test_each_filter_narrows_and_stays_in_the_address_of_the_next_page(desk_client: FlaskClient) -> None:
    ticket()
    wanted = {
        "ward_code": "751",
        "category_code": "roads",
        "department_code": "works",
        "status": Status.OPEN,
        "priority": Priority.HIGH,
        "opened_at": NOW + timedelta(days=1),
        "assignee": "asha",
    }
    found = [ticket(**wanted) for _ in range(51)]
    for name, value in CHOSEN.items():
        page = desk_client.get("/console/tickets", query_string={name: value}).text
        assert LINE.findall(page) == found[:50], name
        following = NEXT.findall(page)[0].replace("&amp;", "&")
        assert f"{name}={value}" in following
        assert LINE.findall(desk_client.get(following).text) == found[50:]


def test_a_day_is_the_countys_and_both_ends_belong_to_it(desk_client: FlaskClient) -> None:
    last_minute = NOW.replace(hour=20, minute=59)  # 23:59 in Nairobi
    evening, midnight = ticket(opened_at=last_minute), ticket(opened_at=last_minute + timedelta(minutes=1))
    assert lines(desk_client, opened_to="2026-11-23") == [evening]
    assert lines(desk_client, opened_from="2026-11-24") == [midnight]


UNKNOWN = (
    ("ward", "999", "Ward"),
    ("status", "sleeping", "Status"),
    ("opened_from", "yesterday", "Opened from"),
    ("opened_to", "9999-12-31", "Opened to"),
    ("folder", "attic", "Folder"),
    ("after", "1.2", "Page"),
    ("after", "0.999999999999999999.1", "Page"),
    ("after", "²", "Page"),
)


def test_what_the_address_says_of_nothing_known_is_left_out_and_told(desk_client: FlaskClient) -> None:
    there = ticket()
    for name, value, said in UNKNOWN:
        page = desk_client.get("/console/tickets", query_string={name: value}).text
        assert LINE.findall(page) == [there], (name, value)
        assert re.search(rf"so it was left out:\s+{said}", page), (name, value)


def test_pages_follow_each_other_without_a_gap_while_the_queue_moves(desk_client: FlaskClient) -> None:
    made = [ticket() for _ in range(desk.SHOWN * 2 + 3)]
    first = desk_client.get("/console/tickets").text
    ticket(is_urgent=True)  # stands before everything, and shifts nothing
    second = desk_client.get(NEXT.findall(first)[0].replace("&amp;", "&")).text
    third = desk_client.get(NEXT.findall(second)[0].replace("&amp;", "&")).text
    assert LINE.findall(first) + LINE.findall(second) + LINE.findall(third) == made
    assert NEXT.findall(third) == []


def test_those_without_a_clock_follow_each_other_too(desk_client: FlaskClient) -> None:
    made = [ticket(next_due_at=None) for _ in range(desk.SHOWN + 2)]
    first = desk_client.get("/console/tickets").text
    assert (
        LINE.findall(first) + LINE.findall(desk_client.get(NEXT.findall(first)[0].replace("&amp;", "&")).text) == made
    )


def test_every_folder_keeps_to_the_scope_of_who_looks(client: FlaskClient) -> None:
    ticket("of works", department_code="works", is_urgent=True, next_due_at=NOW - timedelta(days=1))
    own = ticket("of lands", next_due_at=NOW - timedelta(days=1))
    hire("ruth", Role.OFFICER, department_code="lands")
    sign_in(client, "ruth")
    for folder in ("unassigned", "overdue", "all"):
        assert lines(client, folder=folder) == [own], folder
    assert lines(client, folder="emergency") == []
    assert lines(client, folder="everything", q="works") == []
    assert dict(COUNT.findall(client.get("/console/").text))["all"] == "1"


def test_what_the_citizen_wrote_since_the_last_answer_is_counted(desk_client: FlaskClient) -> None:
    there = ticket()
    for kind in (EventKind.WROTE, EventKind.ANSWERED, EventKind.WROTE, EventKind.NOTED, EventKind.CONTESTED):
        happens(there, kind, "some words")
    assert "2 unread" in desk_client.get("/console/").text
    happens(there, EventKind.ANSWERED, "an answer")
    assert "unread" not in desk_client.get("/console/").text


def _poll(client: FlaskClient) -> str:
    page = client.get("/console/tickets").text
    address = re.findall(r'hx-get="([^"]+poll=1[^"]*)"', page)[0].replace("&amp;", "&")
    ticket("the newcomer")
    answer = client.get(address, headers={"HX-Request": "true"})
    assert re.fullmatch(r"\d\d:\d\d", answer.headers["X-As-Of"])
    return answer.text


def test_what_the_page_of_a_case_asks_for_by_itself_says_as_of_when_it_is(desk_client: FlaskClient) -> None:
    answer = desk_client.get(f"/console/tickets/{ticket()}?poll=1&seen=1", headers={"HX-Request": "true"})
    assert re.fullmatch(r"\d\d:\d\d", answer.headers["X-As-Of"])


def test_a_poll_tells_what_came_since_and_the_new_numbers_and_no_more(desk_client: FlaskClient) -> None:
    ticket()
    part = _poll(desk_client)
    assert "1 new ticket" in part
    assert dict(COUNT.findall(part))["all"] == "2"
    assert "<html" not in part
    assert "the newcomer" not in part


def test_a_ticket_that_only_moved_up_from_the_next_page_is_no_news() -> None:
    shown = list(range(50))
    moved_up = [*range(1, 50), 50]
    assert desk._new_among(moved_up, set(shown), is_full=True) == 0
    assert desk._new_among([99, *range(50)][:50], set(shown), is_full=True) == 1


def test_the_statements_of_the_page_do_not_grow_with_the_tickets(desk_client: FlaskClient) -> None:
    def statements() -> tuple[int, int]:
        with counted() as plain:
            assert desk_client.get("/console/tickets?ward=755").status_code == 200
        with counted() as searching:
            assert desk_client.get("/console/tickets?q=water&ward=755").status_code == 200
        return len(plain), len(searching)

    for _ in range(2):
        happens(ticket(), EventKind.WROTE, "still no water")
    statements()
    few = statements()
    for _ in range(58):
        happens(ticket(), EventKind.WROTE, "still no water")
    assert statements() == few
    assert few <= (12, 22)


def test_a_poll_asks_less_than_the_page(desk_client: FlaskClient) -> None:
    with counted() as asked:
        desk_client.get("/console/tickets?poll=1&shown=1,2,x,3")
    assert len(asked) <= 11


EMPTY = {
    "mine": "Nothing is yours to do",
    "unassigned": "Every open ticket has somebody",
    "department": "Nothing waits in your department",
    "overdue": "Nothing is overdue",
    "emergency": "No emergency is open",
    "waiting": "Nothing waits",
    "contested": "No citizen says that it is not fixed",
    "all": "Report a problem on the handset",
    "done": "Nothing is resolved yet",
}


def test_an_empty_folder_says_what_that_means(desk_client: FlaskClient) -> None:
    for folder, told in EMPTY.items():
        assert told in desk_client.get("/console/tickets", query_string={"folder": folder}).text


def test_who_may_export_is_led_to_the_export_of_what_is_shown(client: FlaskClient) -> None:
    hire("chebet", Role.SUPERVISOR)
    sign_in(client, "chebet")
    asked = "folder=everything&amp;category=water"
    page = client.get("/console/tickets?folder=everything&category=water").text
    assert f'href="/console/exports?{asked}"' in page


def test_who_may_not_is_not(desk_client: FlaskClient) -> None:
    assert "/console/exports" not in desk_client.get("/console/tickets").text
