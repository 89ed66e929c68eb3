"""Tickets by the million, straight in SQL: three years of them, of which some three in a hundred are open."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

RARE, COMMON = "mwanzele", "maji"  # a word of some five tickets, and one of every third
STAFF = 40

# What people write about, and the many words that are in few tickets.
_WORDS = [
    *("hakuna", "barabara", "daraja", "shule", "dawa", "hospitali", "kisima", "mbolea", "mafuriko", "taa", "soko"),
    *("kituo", "chifu", "watoto", "wazee", "mto", "mvua", "bridge", "road", "water", "clinic", "school", "medicine"),
    *("broken", "since", "monday", "please", "help", "market", "river", "nobody", "came", "again", "the", "our"),
    *(f"neno{number}" for number in range(600)),
]

_FILL_TICKETS = f"""
INSERT INTO ticket (reference, submission, kind, channel, status, category_code, department_code, ward_code, phone,
    hides_phone, is_urgent, is_sensitive, language, words, opened_at, priority, assignee, answer_due_at,
    resolve_due_at, next_due_at, paused_at, closed_at)
SELECT lpad(upper(to_hex(n)), 9, 'Z'), gen_random_uuid(), 'complaint', (ARRAY['ussd', 'sms', 'call'])[1 + n % 3],
    status, code, department_code, wards.codes[1 + floor(random() * cardinality(wards.codes))::int],
    '+25470' || lpad((n % 50000)::text, 7, '0'), false, urgent, sensitive, 'sw',
    (SELECT string_agg((:words)[1 + floor(random() * {len(_WORDS)})::int], ' ')
        FROM generate_series(1, 6 + n % 9) WHERE n IS NOT NULL)
    || CASE WHEN n % 3 = 0 THEN ' {COMMON}' ELSE '' END || CASE WHEN n % (:tickets / 5) = 7 THEN ' {RARE}' ELSE '' END,
    opened, CASE WHEN chance < 0.05 THEN 'high' WHEN chance < 0.15 THEN 'low' ELSE 'normal' END,
    CASE WHEN chance > 0.4 THEN 'agent' || (n % {STAFF}) END, opened + wait, opened + wait * 3,
    CASE WHEN status IN ('new', 'open', 'waiting_department', 'reopened') THEN opened + wait END,
    CASE WHEN status = 'waiting_citizen' THEN opened + wait / 2 END,
    CASE WHEN status IN ('closed', 'rejected') THEN opened + wait * 2 END
FROM (SELECT n, random() AS chance, now() - (:tickets - n) * (CAST(:over AS interval) / :tickets) AS opened,
        random() * interval '20 days' AS wait,
        CASE WHEN random() < CASE WHEN n > :tickets * 0.95 THEN 0.5 ELSE 0.005 END
            THEN (ARRAY['new', 'open', 'open', 'waiting_department', 'waiting_citizen', 'reopened'])[1 + n % 6]
            ELSE (ARRAY['resolved', 'closed', 'closed', 'rejected'])[1 + n % 4] END AS status,
        categories.codes[1 + floor(random() * cardinality(categories.codes))::int] AS chosen
    FROM generate_series(1, :tickets) AS n, (SELECT array_agg(code) AS codes FROM category) AS categories) AS made
JOIN category ON code = chosen, (SELECT array_agg(code) AS codes FROM ward) AS wards
ORDER BY n
"""  # noqa: S608 - made of our own words
_FILL_EVENTS = f"""
INSERT INTO ticket_event (ticket_id, kind, at, actor, body)
SELECT ticket.id, (ARRAY['opened', 'wrote', 'answered', 'noted', 'wrote'])[step], opened_at + step * interval '1 hour',
    CASE WHEN step IN (3, 4) THEN 'agent1' END,
    CASE WHEN step > 1 THEN (:words)[1 + (ticket.id + step) % {len(_WORDS)}] || ' {COMMON} '
        || (:words)[1 + (ticket.id * step) % {len(_WORDS)}] END
FROM ticket, generate_series(1, CASE WHEN ticket.id % 5 = 0 THEN 5 ELSE 1 END) AS step
"""  # noqa: S608


def fill(engine: Engine, tickets: int, over: str = "3 years") -> None:
    """Fills an empty database that knows its county; indexes are made afterwards, as that is quicker."""
    with engine.begin() as made:
        made.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        with without_indexes(made, "ticket", "ticket_event"):
            add(made, tickets, over)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as made:
        made.execute(text("VACUUM ANALYZE ticket, ticket_event, citizen"))


def add(made: Connection, tickets: int, over: str = "3 years") -> None:
    """Adds the tickets, their timelines and citizens; the newest is of now, the oldest as old as `over` says."""
    words = {"words": _WORDS, "tickets": tickets, "over": over}
    made.execute(text("SET LOCAL session_replication_role = replica"))  # no keys are checked, one by one
    made.execute(text(f"INSERT INTO citizen (phone, first_seen_at, is_sample) SELECT {_PHONES}"))
    made.execute(text(_FILL_TICKETS.replace("(:words)", "(CAST(:words AS text[]))")), words)
    made.execute(text(_FILL_EVENTS.replace("(:words)", "(CAST(:words AS text[]))")), {"words": _WORDS})
    made.execute(text("SET LOCAL session_replication_role = origin"))


_PHONES = "'+25470' || lpad(n::text, 7, '0'), now(), true FROM generate_series(0, 49999) AS n"


@contextmanager
def without_indexes(made: Connection, *tables: str) -> Iterator[None]:
    """Takes the indexes of these tables away while the block runs, but those that keep something unique."""
    listed = text(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(:tables)"
        " AND starts_with(indexname, 'ix_') ORDER BY indexname"
    )
    found = made.execute(listed, {"tables": list(tables)}).all()
    for name, _ in found:
        made.execute(text(f"DROP INDEX {name}"))
    yield
    for _, definition in found:
        made.execute(text(definition))
