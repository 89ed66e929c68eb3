"""The outcome of a campaign as a file: sums that are the audience, no number in it, and who took it and why."""

import csv
import io
from collections import Counter
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.campaigns import campaign_exports, progress
from gateway.campaigns.campaign_exports import HEADER, Wish
from gateway.citizens import consent
from gateway.desk.exports import Exported, Kind
from gateway.errors import Refused
from gateway.staff import audit
from models import Attempt, AuditEntry, Campaign, Direction, Message, Role, State
from tests.gateway.campaigning import Office, office, people
from tests.gateway.desks import hire
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")
WHY = "For the county assembly"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def desk(db: Session) -> Office:
    return office(db)


@pytest.fixture
def campaign(desk: Office) -> Campaign:
    """Sent to five of the seven people of Kabiyet: two have said STOP."""
    phones = people(desk.db, 7)
    for phone in phones[5:]:
        consent.opt_out(desk.db, phone, NOW)
    sent = desk.sends()
    desk.expands(sent)
    return sent


def recipients(db: Session, campaign: Campaign) -> list[Message]:
    return list(db.scalars(select(Message).where(Message.campaign_id == campaign.id).order_by(Message.id)))


def exported(desk: Office, campaign: Campaign, kind: Kind = Kind.CSV, why: str = WHY) -> tuple[Exported, io.BytesIO]:
    file = io.BytesIO()
    made = campaign_exports.write(desk.db, desk.approver, Wish(campaign.id, kind, why), file, NOW)
    file.seek(0)
    return made, file


def read(file: io.BytesIO) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Gives the recipients of a file, and what is to be known of it."""
    lines = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))
    assert tuple(lines[0]) == HEADER
    end = lines.index([""])
    return [dict(zip(HEADER, line, strict=True)) for line in lines[1:end]], dict(lines[end + 1 :])


def test_recipients_and_those_left_out_are_the_audience(desk: Office, campaign: Campaign) -> None:
    rows = recipients(desk.db, campaign)
    for message, state in zip(rows, (State.DELIVERED, State.DELIVERED, State.FAILED, State.UNKNOWN), strict=False):
        message.state = state
    desk.db.flush()
    made, file = exported(desk, campaign)
    told, notes = read(file)
    found, outcomes = progress.of(desk.db, campaign), Counter(row["outcome"] for row in told)
    assert outcomes == found.states == {"delivered": 2, "failed": 1, "unknown": 1, "queued": 1}
    assert (made.rows, len(told), notes["Recipients"]) == (5, 5, "5")
    assert notes["Left out: opted_out"] == "2"
    assert notes["Audience"] == "7" == str(found.audience)


def test_a_reply_is_no_recipient(desk: Office, campaign: Campaign) -> None:
    first = recipients(desk.db, campaign)[0]
    more = {"created_at": NOW, "state_at": NOW, "dedupe_key": "reply"}
    reply = Message(direction=Direction.IN, state=State.HANDLED, kind="sms", phone=first.phone, body="Asante", **more)
    reply.campaign_id = campaign.id
    desk.db.add(reply)
    desk.db.flush()
    told, notes = read(exported(desk, campaign)[1])
    assert (len(told), notes["Recipients"], notes["Audience"]) == (5, "5", "7")


def test_while_recipients_are_still_added_no_sum_is_claimed(desk: Office) -> None:
    people(desk.db, 3)
    notes = read(exported(desk, desk.sends())[1])[1]
    assert notes["Recipients"] == "0"
    assert notes["Audience"].startswith("not known")


def test_each_recipient_is_told_of_with_the_last_attempt_and_without_a_number(desk: Office, campaign: Campaign) -> None:
    message = recipients(desk.db, campaign)[0]
    message.state, message.network_code, message.attempt_no = State.FAILED, "63902", 2
    for n, reason in ((1, "Timed out"), (2, "UserInBlacklist")):
        started = NOW + timedelta(minutes=n)
        desk.db.add(Attempt(message_id=message.id, n=n, started_at=started, reason=reason, campaign_id=campaign.id))
    desk.db.flush()
    _, file = exported(desk, campaign)
    assert all(message.phone[5:] not in file.getvalue().decode() for message in recipients(desk.db, campaign))
    first, *others = read(file)[0]
    assert first == {
        "phone": f"'+2547…{message.phone[-3:]}",
        "ward": "Kabiyet",
        "network": "Safaricom",
        "outcome": "failed",
        "since": "2026-11-23 12:00:00",  # in Nairobi
        "sent": "2026-11-23 12:02:00",
        "segments": "1",
        "carrier's reason": "UserInBlacklist",
    }
    assert {(row["sent"], row["carrier's reason"]) for row in others} == {("", "")}


@pytest.mark.parametrize("kind", list(Kind))
def test_no_cell_is_a_formula_whoever_wrote_it(desk: Office, campaign: Campaign, kind: Kind) -> None:
    campaign.title = FORMULA
    message = recipients(desk.db, campaign)[0]
    message.network_code, message.attempt_no = "@SUM(1)", 1
    desk.db.add(Attempt(message_id=message.id, n=1, started_at=NOW, reason=FORMULA, campaign_id=campaign.id))
    desk.db.flush()
    _, file = exported(desk, campaign, kind, FORMULA)
    if kind is Kind.XLSX:
        book = openpyxl.load_workbook(file)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s"}
        words = [str(cell.value) for cell in cells]
    else:
        words = [cell for line in csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")) for cell in line]
    assert {f"'{FORMULA}", "'@SUM(1)", f"{campaign.id}: {FORMULA}"} <= set(words)
    assert [word for word in words if word.startswith(("=", "+", "-", "@"))] == []


def test_a_workbook_holds_recipients_and_beside_them_what_is_to_be_known(desk: Office, campaign: Campaign) -> None:
    made, file = exported(desk, campaign, Kind.XLSX)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Recipients", "About this file"]
    assert [cell.value for cell in book["Recipients"][1]] == list(HEADER)
    assert book["Recipients"].max_row == 1 + made.rows == 6
    notes = dict(book["About this file"].iter_rows(values_only=True))
    assert (notes["Exported by"], notes["Reason"], notes["Audience"]) == ("rono", WHY, "7")
    assert made.name == f"campaign-{campaign.id}-20261123-1200.xlsx"


def test_it_is_recorded_with_its_reason(desk: Office, campaign: Campaign) -> None:
    exported(desk, campaign)
    entry = desk.db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.actor, entry.action, entry.subject) == ("rono", "exported", f"campaign:{campaign.id}")
    assert entry.details == {"kind": "csv", "rows": 5, "reason": WHY}
    assert audit.verify(desk.db)[1] is None


@pytest.mark.parametrize("role", list(Role))
def test_whoever_sees_campaigns_may_and_nobody_else(desk: Office, campaign: Campaign, role: Role) -> None:
    staff = hire(desk.db, "kip", role, **({"department_code": "health"} if role is Role.OFFICER else {}))
    file, before = io.BytesIO(), audit.count(desk.db)
    if role in (Role.ADMIN, Role.AUDITOR, Role.OFFICIAL, Role.APPROVER):
        assert campaign_exports.write(desk.db, staff, Wish(campaign.id, Kind.CSV, WHY), file, NOW).rows == 5
    else:
        with pytest.raises(Refused, match="no such campaign"):
            campaign_exports.write(desk.db, staff, Wish(campaign.id, Kind.CSV, WHY), file, NOW)
        assert (file.getvalue(), audit.count(desk.db)) == (b"", before)


@pytest.mark.parametrize(("why", "sentence"), [("no", "Say why"), ("Call 0722 000 111", "Leave the phone number out")])
def test_without_a_reason_that_can_be_kept_there_is_no_file(
    desk: Office, campaign: Campaign, why: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        exported(desk, campaign, why=why)


def test_what_has_not_begun_has_no_outcome(desk: Office) -> None:
    people(desk.db)
    with pytest.raises(Refused, match="has not begun"):
        exported(desk, desk.submits())


def test_exports_of_cases_and_of_campaigns_are_counted_together(desk: Office, campaign: Campaign) -> None:
    for n in range(5):
        audit.record(desk.db, "rono", "exported", "tickets", NOW - timedelta(minutes=n))
    with pytest.raises(Refused, match="5 times within the hour"):
        exported(desk, campaign)
    wish, later = Wish(campaign.id, Kind.CSV, WHY), NOW + timedelta(minutes=61)
    assert campaign_exports.write(desk.db, desk.approver, wish, io.BytesIO(), later).rows == 5
