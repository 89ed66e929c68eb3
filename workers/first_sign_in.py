"""The first account of the console: its password is drawn at the first start and kept where only its owner reads it."""

import os
from datetime import UTC, datetime

from gateway import accounts, database
from gateway.settings import Settings

KEPT = "first-sign-in"


def lines(settings: Settings) -> list[str]:
    """Makes the first account where there is none; gives the lines that tell how to sign in.

    The password is shown once, at the start that drew it; it stays in VAR_DIR/secrets, in a file of its owner's.
    """
    with database.transaction() as db:
        drawn = accounts.add_first(db, datetime.now(UTC))
    path = settings.var_dir / "secrets" / KEPT
    if drawn is None:
        return [f"as {accounts.FIRST_NAME}, with the password in {path}"] if path.exists() else []
    name, password = drawn
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password + "\n")
    return [f"as {name}, with the password {password}", f"(kept in {path})"]
