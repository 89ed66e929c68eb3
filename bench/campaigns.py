"""Campaigns for the measurements: many recipients of one text, written in one statement."""

from sqlalchemy import Engine, text

from tests.faults.house import House
from tests.faults.load import doors
from tests.gateway import sendings

BODY = "Water is back in Kapsabet. Thank you for your patience. Reply STOP to end."
_RECIPIENTS = text("""
    INSERT INTO message (direction, state, kind, phone, body, created_at, state_at, dedupe_key, lane, priority,
                         segments, expires_at, attempt_no, campaign_id, ward_code)
    SELECT 'out', 'queued', 'campaign', '+2547' || lpad(n::text, 8, '0'), :body, now(), now(),
           'camp:' || :campaign || ':' || n, 'bulk', 7, 1, now() + interval '1 day', 0, :campaign,
           (ARRAY['750', '761', '772', '773'])[1 + n % 4]
    FROM generate_series(1, :count) AS n
""")


def waiting(house: House, count: int) -> int:
    """Adds a paused campaign with so many recipients and gives its id."""
    with doors(house):
        campaign_id = sendings.launch([], status="paused")
    add(house.engine, campaign_id, count)
    analyze(house.engine)
    return campaign_id


def add(engine: Engine, campaign_id: int, count: int) -> None:
    """Adds so many recipients to a campaign."""
    with engine.begin() as made:
        made.execute(_RECIPIENTS, {"body": BODY, "campaign": campaign_id, "count": count})


def analyze(engine: Engine) -> None:
    """Has the planner know them, as it would a while later."""
    with engine.begin() as made:
        made.execute(text("ANALYZE message"))
