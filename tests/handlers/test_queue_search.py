"""Searching the queue: what is found, by whom, and that no question is an error."""

from flask.testing import FlaskClient

from gateway.desk import queue_search
from models import EventKind, Status
from tests.handlers.desks import happens, lines, many, much_later, ticket
from tests.handlers.staff import hire, sign_in

WAYS = ("daraja", "DARAJA", "dara", "kabwareng dar", "daraja -maji", '"daraja la"', "x or daraja")
NONSENSE = ("'", '"', "\\", "%", "a & b", "!!!", "(:*", "\x00", "<->", "-", "é" * 300, "daraja:*")


def test_a_search_finds_words_and_the_beginning_of_the_last(desk_client: FlaskClient) -> None:
    ticket("Hakuna maji Kapsabet")
    bridge = ticket("Daraja la Kabwareng limevunjika")
    for typed in WAYS:
        assert lines(desk_client, folder="everything", q=typed) == [bridge], typed


def test_no_search_is_an_error(desk_client: FlaskClient) -> None:
    ticket("Hakuna maji Kapsabet")
    for typed in NONSENSE:
        assert desk_client.get("/console/tickets", query_string={"q": typed}).status_code == 200, typed


def test_a_search_reads_the_timeline_too_and_finds_what_is_done(desk_client: FlaskClient) -> None:
    ticket()
    found = ticket(status=Status.CLOSED, next_due_at=None)
    happens(found, EventKind.NOTED, "The plumber was sent")
    assert lines(desk_client, folder="everything", q="plumber") == [found]
    assert lines(desk_client, folder="all", q="plumber") == []


def test_a_reference_in_any_spelling_leads_straight_to_its_ticket(desk_client: FlaskClient) -> None:
    there = ticket()
    bare = there.replace("-", "")
    for typed in (there, bare, f" {there.lower()} ", there.replace("-", " ")):
        answer = desk_client.get("/console/tickets", query_string={"q": typed})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/console/tickets/{bare}"), typed


def test_the_reference_of_a_ticket_out_of_scope_leads_nowhere(client: FlaskClient) -> None:
    there = ticket("He asked for money", is_sensitive=True)
    hire()
    sign_in(client)
    page = client.get("/console/tickets", query_string={"q": there, "folder": "everything"})
    assert page.status_code == 200
    assert "Nothing fits" in page.text
    assert client.get(f"/console/tickets/{there}").status_code == 404


def test_a_search_that_looked_at_the_latest_tickets_only_says_so(desk_client: FlaskClient) -> None:
    cut = f"only the latest {queue_search.LATELY:,} were searched"
    asked = {"folder": "everything", "q": "maji"}
    ticket("Hakuna maji Kapsabet")
    assert cut not in desk_client.get("/console/tickets", query_string=asked).text
    much_later()
    many("Hakuna maji", queue_search.RARE + 1)
    assert cut in desk_client.get("/console/tickets", query_string=asked).text
    assert cut not in desk_client.get("/console/tickets", query_string={**asked, "q": "kapsabet"}).text


def test_a_search_that_found_more_than_it_takes_says_so(desk_client: FlaskClient) -> None:
    more, asked = f"More than {queue_search.LOOKED_AT} tickets", {"folder": "everything", "q": "maji"}
    many("Hakuna maji", queue_search.LOOKED_AT)
    assert more not in desk_client.get("/console/tickets", query_string=asked).text
    ticket("Hakuna maji Kapsabet")
    assert more in desk_client.get("/console/tickets", query_string=asked).text
    assert more not in desk_client.get("/console/tickets", query_string={**asked, "q": "kapsabet"}).text
