"""Every move of every message, written down by the database itself, so that the auditor sees roads and not only ends.

It lives in a schema of its own: the gateway's tables stay as the migrations made them.
"""

from sqlalchemy import Engine, text

TABLE = "footprints.move"

_TRIGGER = """
CREATE SCHEMA footprints;
CREATE TABLE footprints.move (id bigserial PRIMARY KEY, message_id bigint, was text, became text, attempt_no int,
                      at timestamptz DEFAULT clock_timestamp());
CREATE FUNCTION footprints.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO footprints.move (message_id, was, became, attempt_no)
    VALUES (NEW.id, OLD.state, NEW.state, NEW.attempt_no);
    RETURN NULL;
END $$;
CREATE TRIGGER footprints AFTER UPDATE OF state ON message FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION footprints.note();
"""


def follow(engine: Engine) -> None:
    """Starts writing down, in a database that has just been migrated."""
    with engine.connect() as connection:
        connection.execute(text(_TRIGGER))


def follow_no_more(engine: Engine) -> None:
    """Ends the writing down, where what a message costs is measured; the table stays."""
    with engine.connect() as connection:
        connection.execute(text("DROP TRIGGER footprints ON message"))
