"""The known bugs, as exact replacements of text: each is one that other gateways have shipped.

A bug whose text is not found any more is stale: the code has moved on, and the bug must be written anew.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """One replacement in one file; `old` must stand there exactly once."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Sabotage:
    """One bug, and the checks of which at least one must turn red."""

    name: str
    edits: tuple[Edit, ...]
    noticed_by: tuple[str, ...]


SABOTAGES = (
    Sabotage(
        "blind retry: what may have been sent is sent again",
        (Edit("gateway/outbox/verdicts.py", "Verdict.UNKNOWN: State.UNKNOWN,", "Verdict.UNKNOWN: State.QUEUED,"),),
        ("R03", "R02"),
    ),
    Sabotage(
        "SELECT, then UPDATE: two workers claim the same message",
        (
            Edit(
                "gateway/outbox/outbox.py",
                """        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")  # as a subquery it may be run once per row, and its limit hold for none
    )
""",
                "    )\n    due = select(Message.id).where(Message.id.in_(db.scalars(due).all())).cte()\n",
            ),
            Edit(
                "gateway/outbox/outbox.py",
                "Message.id.in_(select(due.c.id)), Message.state == State.QUEUED",
                "Message.id.in_(select(due.c.id))",
            ),
        ),
        ("R07",),
    ),
    Sabotage(
        "200 before the commit: acknowledged, then lost",
        (
            Edit(
                "handlers/webhooks.py",
                """        work.result(timeout=ANSWER_WITHIN)
    except Exception as error:
        work.cancel()
        log.error("callback spooled\"""",
                """        work.done()
    except Exception as error:
        work.cancel()
        log.error("callback spooled\"""",
            ),
        ),
        ("R09", "R11"),
    ),
    Sabotage(
        "no UNIQUE: every delivery of an SMS is a new one",
        (
            Edit(
                "models/migrations/versions/0001_the_first_tables.py",
                '"uq_message_received", "message", ["carrier_id"], unique=True',
                '"uq_message_received", "message", ["carrier_id"], unique=False',
            ),
            Edit(
                "gateway/dialogues/incoming.py",
                ".on_conflict_do_nothing(index_elements=[_MESSAGE.c.carrier_id], "
                "index_where=text(\"direction = 'in'\"))",
                "",
            ),
        ),
        ("R22",),
    ),
    Sabotage(
        "the last report wins: delivered becomes failed again",
        (Edit("gateway/outbox/delivery_reports.py", "max(ranked)[1] if ranked", "ranked[-1][1] if ranked"),),
        ("R05",),
    ),
    Sabotage(
        "sessions in memory: the next hop meets another process, or a new one",
        (
            Edit("gateway/dialogues/sessions.py", "_NOW = func", "_MEMORY = {}\n_NOW = func"),
            Edit(
                "gateway/dialogues/sessions.py",
                '"state": row.state and read(row.state)',
                '"state": _MEMORY.get(hop.session_id)',
            ),
            Edit(
                "gateway/dialogues/sessions.py",
                "    has_ended = ",
                "    _MEMORY[hop.session_id] = None if turn.is_end else turn.state\n    has_ended = ",
            ),
        ),
        ("R17",),
    ),
    Sabotage(
        "the SDK's verdict: what is not a plain success was not sent",
        (
            Edit(
                "gateway/carriers/africastalking_results.py",
                'HTTP_STATUSES.get(answer.status, SendResult(Verdict.UNKNOWN, f"HTTP',
                'HTTP_STATUSES.get(answer.status, SendResult(Verdict.NOT_SENT, f"HTTP',
            ),
            Edit(
                "gateway/carriers/africastalking_results.py",
                "_UNREADABLE = SendResult(Verdict.UNKNOWN,",
                "_UNREADABLE = SendResult(Verdict.NOT_SENT,",
            ),
        ),
        ("R03",),
    ),
    Sabotage(
        "a cap that fails open",
        (
            Edit(
                "gateway/outbox/spending.py",
                "segments_left = int(limits.daily_segments * share) - row.segments",
                "segments_left = 1_000_000",
            ),
        ),
        ("R16",),
    ),
    Sabotage(
        "a pause is a label: workers send on",
        (
            Edit(
                "gateway/outbox/campaign_gates.py",
                "Campaign.status == CampaignStatus.SENDING",
                "Campaign.status != CampaignStatus.DRAFT",
            ),
        ),
        ("R15",),
    ),
    Sabotage(
        "resume from the last row: whoever lies before it is never looked for",
        (
            Edit(
                "workers/campaigning.py",
                "from gateway.crash import crash\n",
                "from gateway.crash import crash\nfrom sqlalchemy import func, select\nfrom models import Message\n",
            ),
            Edit(
                "workers/campaigning.py",
                """    after: str | None = _reached.pop(campaign_id, "")
""",
                """    with database.transaction() as db:
        last = select(func.max(Message.phone)).where(Message.campaign_id == campaign_id)
        after: str | None = db.scalar(last) or ""
""",
            ),
            Edit(
                "gateway/campaigns/expanding.py",
                "    if Reason.SAME_TEXT in numbers:",
                "    if False:",
            ),
        ),
        ("R13",),
    ),
    Sabotage(
        "the secret in the log",
        (
            Edit(
                "handlers/webhooks.py",
                'log.error("callback spooled", hook=hook,',
                'log.error("callback spooled", hook=request.path,',
            ),
        ),
        ("R11", "R09"),
    ),
    Sabotage(
        "|safe: what a citizen wrote is markup",
        (
            Edit(
                "handlers/templates/console/macros.html",
                '<bdi class="said">{{ words }}</bdi>',
                '<bdi class="said">{{ words|safe }}</bdi>',
            ),
        ),
        ("S03",),
    ),
    Sabotage(
        "the unscoped query: whoever sees tickets sees all of them",
        (Edit("gateway/staff/rights.py", "    return tuple(conditions)", "    return ()"),),
        ("S01",),
    ),
)
