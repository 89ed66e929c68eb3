"""The pages of reports, exports and the audit log: who sees them, what they show, and what leaves through them."""

import csv
import io

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import database
from gateway.staff import audit, audit_log
from handlers.console import exports
from models import AuditEntry, Role, Status
from tests.grounds import NOW, OTHER
from tests.handlers.cases import filed
from tests.handlers.counting import statements
from tests.handlers.staff import enter, hire, post, token

WHY = "For the county assembly"
HOSTILE = "<script>alert(1)</script>=HYPERLINK(1)"

SEEN_BY = {
    "/console/reports": {Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR, Role.OFFICIAL, Role.APPROVER},
    "/console/exports": {Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR},
    "/console/audit": {Role.ADMIN, Role.AUDITOR},
}


def come(client: FlaskClient, role: Role = Role.SUPERVISOR) -> None:
    hire(role=role)
    enter(client)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", SEEN_BY)
def test_each_page_is_for_its_roles_and_no_other(client: FlaskClient, path: str, role: Role) -> None:
    come(client, role)
    assert client.get(path).status_code == (200 if role in SEEN_BY[path] else 403)


def test_both_rates_stand_side_by_side_and_silence_on_its_own(client: FlaskClient) -> None:
    filed(days=1)
    filed(days=1, status=Status.RESOLVED, resolved_by="kip", resolved_at=NOW, verdict="fixed")
    filed(days=1, status=Status.RESOLVED, resolved_by="kip", resolved_at=NOW)
    come(client, Role.OFFICIAL)
    page = client.get("/console/reports").text
    assert "67 %" in page
    assert "2 of 3 tickets" in page
    assert "50 %" in page
    assert "1 of 2 resolved" in page
    assert "silence, not counted as satisfied: 1" in page.replace("</i>", "")
    assert "sample clocks" in page


@pytest.mark.parametrize("by", ["category", "ward", "department", "month"])
@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.APPROVER, Role.SUPERVISOR])
def test_no_table_gives_a_single_sensitive_case_away(client: FlaskClient, role: Role, by: str) -> None:
    for category in (*["water"] * 6, "corruption"):
        filed(category)
    come(client, role)
    page = client.get(f"/console/reports?by={by}").text
    is_open = role is Role.SUPERVISOR
    assert ("fewer than 5" in page) is (by != "month" and not is_open)
    assert ("A number below 5 is not told" in page) is (by != "month" and not is_open)
    assert ("Corruption" in page) is (by == "category" and is_open)
    assert ("Sensitive matters" in page) is (by == "category" and not is_open)
    assert "of 7 tickets" in page


def test_a_period_is_written_in_the_address_and_one_without_tickets_says_so(client: FlaskClient) -> None:
    filed(days=1)
    come(client)
    page = client.get("/console/reports?from=2020-01-01&to=2020-01-31&by=ward").text
    assert "No ticket was opened in this period" in page
    assert 'value="2020-01-31"' in page


@pytest.mark.parametrize("query", ["by=unicorns&from=yesterday&to=%00", "from=9999-12-31&to=0001-01-01", "by=%27--"])
def test_an_address_of_nonsense_is_answered_with_what_is_usual(client: FlaskClient, query: str) -> None:
    come(client)
    assert client.get(f"/console/reports?{query}").status_code == 200


def test_figures_of_few_tickets_by_ward_and_category_are_not_shown(client: FlaskClient) -> None:
    for _ in range(4):
        filed()
    come(client)
    assert "fewer are not shown" in client.get("/console/reports").text
    filed()
    assert "Fewer than five" in client.get("/console/reports").text


@pytest.mark.parametrize("path", ["/console/reports?by=category", "/console/reports?by=month", "/console/audit"])
def test_more_rows_cost_no_more_statements(client: FlaskClient, path: str) -> None:
    come(client, Role.ADMIN)
    filed()
    with statements() as few:
        client.get(path)
    for category in ("water", "roads", "health"):
        filed(category, phone=OTHER)
    with database.transaction() as db:
        for _ in range(20):
            audit.record(db, "asha", "phone_shown", "ticket:x", NOW)
    client.get(path)
    with statements() as many:
        client.get(path)
    assert len(many) <= len(few)


def test_an_export_needs_a_reason_and_the_forms_token(client: FlaskClient, kept: Session) -> None:
    filed()
    come(client)
    assert client.post("/console/exports", data={"kind": "csv", "reason": WHY}).status_code == 400
    page = post(client, "/console/exports", kind="csv", reason="")
    assert "Say why" in page.text
    page = post(client, "/console/exports", kind="csv", reason="no")
    assert "Say why" in page.text
    assert kept.scalars(select(AuditEntry).where(AuditEntry.action == "exported")).all() == []


def test_a_csv_of_what_the_filters_choose_is_handed_out_and_recorded(client: FlaskClient, kept: Session) -> None:
    filed("roads")
    filed(words=HOSTILE)
    come(client)
    assert "1 case<" in client.get("/console/exports?category=water").text
    form = {"kind": "csv", "reason": WHY, "csrf_token": token(client.get("/console/exports"))}
    answer = client.post("/console/exports?category=water", data=form, buffered=True)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=cases-")
    assert answer.headers["Cache-Control"] == "no-store"
    header, row, *_ = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert row[header.index("category")] == "Water/sanitation"
    assert row[header.index("phone")] == "'+2547…001"
    entry = kept.scalars(select(AuditEntry).where(AuditEntry.action == "exported")).one()
    assert (entry.actor, entry.details["rows"], entry.details["filters"]["category"]) == ("asha", 1, "water")


def test_a_workbook_opens_and_holds_no_formula(client: FlaskClient) -> None:
    filed(words="=1+1")
    come(client)
    form = {"kind": "xlsx", "reason": WHY, "csrf_token": token(client.get("/console/exports"))}
    book = openpyxl.load_workbook(io.BytesIO(client.post("/console/exports", data=form, buffered=True).data))
    assert "'=1+1" in [cell.value for cell in book["Cases"][2]]
    assert "f" not in {cell.data_type for row in book["Cases"].iter_rows() for cell in row}


def test_before_a_large_file_the_page_says_that_it_takes_a_while(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed()
    come(client)
    assert "take up to a minute" not in client.get("/console/exports").text
    monkeypatch.setattr(exports, "MANY", 1)
    assert "take up to a minute" in client.get("/console/exports").text


def test_where_nothing_fits_there_is_nothing_to_export(client: FlaskClient) -> None:
    come(client)
    page = client.get("/console/exports?q=unicorns").text
    assert "Nothing to export" in page
    assert "Export and record it" not in page


def test_the_log_is_read_newest_first_and_narrowed_by_the_address(client: FlaskClient) -> None:
    come(client, Role.AUDITOR)
    with database.transaction() as db:
        audit.record(db, "kip", "phone_shown", "ticket:K7QM2P4XD", NOW, reason=HOSTILE)
        audit.record(db, "<b>odd</b>", "exported", "tickets", NOW, rows=3, filters={"ward": "756"})
    page = client.get("/console/audit").text
    assert page.index("ward 756") < page.index("K7QM2P4XD")
    assert "<script>alert" not in page
    assert "<b>odd</b>" not in page
    narrowed = client.get("/console/audit?actor=kip&action=phone_shown").text
    assert "K7QM2P4XD" in narrowed
    assert "ward 756" not in narrowed
    assert "Nothing is written here" in client.get("/console/audit?actor=nobody-of-this-name").text


@pytest.mark.parametrize("query", ["below=999999999999999999999", "below=-1", "below=x", "first=x&last=9999-99-99"])
def test_an_address_of_nonsense_narrows_nothing(client: FlaskClient, query: str) -> None:
    come(client, Role.ADMIN)
    assert "staff:asha" in client.get(f"/console/audit?{query}").text


def test_pages_of_the_log_lead_on_with_its_filters(client: FlaskClient) -> None:
    come(client, Role.ADMIN)
    with database.transaction() as db:
        for number in range(audit_log.SHOWN + 1):
            audit.record(db, "kip", "phone_shown", f"ticket:{number}", NOW)
    page = client.get("/console/audit?actor=kip").text
    assert "ticket:0" not in page
    assert "actor=kip" in page.split('rel="next"')[0].rsplit("<a", 1)[1]


def test_the_log_says_whether_its_chain_held_when_it_was_last_verified(client: FlaskClient) -> None:
    come(client, Role.AUDITOR)
    assert "was not verified yet" in client.get("/console/audit").text
    with database.transaction() as db:
        audit_log.verify_if_due(db, NOW)
    assert "The chain held" in client.get("/console/audit").text
    with database.transaction() as db:
        audit.record(db, audit_log.CLOCK, audit_log.VERIFIED, "audit", NOW, entries=1, fault="entry 2 was altered")
    assert "The chain is broken" in client.get("/console/audit").text


def test_a_look_at_the_log_does_not_read_all_of_it(client: FlaskClient) -> None:
    come(client, Role.AUDITOR)
    with statements() as seen:
        client.get("/console/audit")
    assert [each for each in seen if "FROM audit_entry" in each and "LIMIT" not in each] == []
