"""What a ticket's page tells of where the case came from, to each as far as they may follow it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models import Role
from tests.gateway.sendings import make_campaign
from tests.grounds import NOW
from tests.handlers import desks
from tests.handlers.desk_pages import TicketPage, at_work
from tests.handlers.queries import counted
from tests.handlers.staff import enter, hire


@pytest.mark.parametrize(
    ("role", "is_link"), [(Role.AGENT, False), (Role.OFFICER, False), (Role.AUDITOR, True), (Role.ADMIN, True)]
)
def test_a_reply_to_a_campaign_names_it_and_leads_to_it_whoever_may_open_it(
    client: FlaskClient, kept: Session, role: Role, is_link: bool
) -> None:
    campaign = make_campaign(kept, title="Water <back>", submitted_at=NOW, approved_at=NOW)
    number = campaign.id
    hire("reader", role, **({"department_code": "lands"} if role is Role.OFFICER else {}))
    enter(client, "reader")
    shown = TicketPage(client, desks.ticket(campaign_id=number)).seen.text
    assert "Reply to campaign" in shown
    assert "Water &lt;back&gt;" in shown
    assert (f'href="/console/campaigns/{number}"' in shown) is is_link
    assert client.get(f"/console/campaigns/{number}").status_code == (200 if is_link else 403)
    assert "Reply to campaign" not in TicketPage(client, desks.ticket()).seen.text


def test_a_reply_to_a_campaign_costs_no_statement_more(client: FlaskClient, kept: Session) -> None:
    plain, reply = desks.ticket(), desks.ticket(campaign_id=make_campaign(kept).id)
    page = at_work(client, plain)
    costs = []
    for page.reference in (plain, reply):
        page.load()
        with counted() as asked:
            page.load()
        costs.append(len(asked))
    assert costs[0] == costs[1]
