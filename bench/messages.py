"""Messages by the million beside the tickets, straight in SQL: SMS in and out, their attempts, and the sessions."""

from sqlalchemy import Connection, Engine, text

from bench import tickets

# Half of them came in, half went out; all but a few are long over.
_MESSAGES = """
INSERT INTO message (direction, state, kind, phone, body, ticket_id, created_at, state_at, dedupe_key, lane, priority,
    segments, attempt_no, carrier_id, details)
SELECT CASE WHEN n % 2 = 0 THEN 'out' ELSE 'in' END,
    CASE WHEN n % 2 = 1 THEN 'handled' WHEN n % 50 = 0 THEN 'no_report' ELSE 'delivered' END,
    CASE WHEN n % 2 = 1 THEN 'case' WHEN n % 4 = 0 THEN 'reply' ELSE 'confirmation' END,
    '+25470' || lpad((n % 50000)::text, 7, '0'), 'Hakuna maji hapa tangu Jumatatu, mfano ' || n,
    1 + n % :tickets, at, at + interval '10 seconds',
    CASE WHEN n % 2 = 0 THEN 'sample:' || n END, CASE WHEN n % 2 = 0 THEN 'replies' END, 5, 1, (1 - n % 2)::int,
    CASE WHEN n % 2 = 1 THEN 'sample-' || n END, CASE WHEN n % 2 = 1 THEN jsonb_build_object('to', '1548') END
FROM (SELECT n, now() - (:messages - n) * (CAST(:over AS interval) / :messages) AS at
    FROM generate_series(1, :messages) AS n) AS made
"""
_ATTEMPTS = """
INSERT INTO attempt (message_id, n, started_at, outcome, http_status, carrier_id, cost)
SELECT id, 1, created_at, 'accepted', 201, 'ATXid_' || id, 'KES 0.8000' FROM message WHERE direction = 'out'
"""
_SESSIONS = """
INSERT INTO ussd_session (id, phone, service_code, network_code, outcome, hops, started_at, last_at, finished_at,
    carrier_ended)
SELECT 'sample-' || n, '+25470' || lpad((n % 50000)::text, 7, '0'), '*1548#', '63902', 'success', 8, at, at, at, true
FROM (SELECT n, now() - (:tickets - n) * (CAST(:over AS interval) / :tickets) AS at
    FROM generate_series(1, :tickets) AS n) AS made
"""
# A day's, as more are not kept.
_HOPS = """
INSERT INTO ussd_hop (session_id, digest, answer, is_end, at)
SELECT id, md5(step::text), 'Nandi County 1548. FREE', false, last_at + step * interval '5 seconds'
FROM (SELECT id, last_at FROM ussd_session ORDER BY last_at DESC LIMIT 2000) AS day, generate_series(1, 8) AS step
"""
TABLES = ("message", "attempt", "ussd_session", "ussd_hop")


def fill(engine: Engine, messages: int, of_tickets: int, over: str) -> None:
    """Fills a database that holds its tickets; indexes are made afterwards, as that is quicker."""
    with engine.begin() as made:
        made.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        with tickets.without_indexes(made, *TABLES):
            add(made, messages, of_tickets, over)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as made:
        made.execute(text(f"VACUUM ANALYZE {', '.join(TABLES)}"))


def add(made: Connection, messages: int, of_tickets: int, over: str = "3 years") -> None:
    """Adds the messages, their attempts, and a session for each ticket."""
    made.execute(text("SET LOCAL session_replication_role = replica"))  # no keys are checked, one by one
    for statement in (_MESSAGES, _ATTEMPTS, _SESSIONS, _HOPS):
        made.execute(text(statement), {"messages": messages, "tickets": of_tickets, "over": over})
    made.execute(text("SET LOCAL session_replication_role = origin"))
