"""The first accounts of the console: passwords are drawn at the first start and kept where only their owner reads.

Production gets an admin. Development gets an agent and a supervisor, too, so that a newcomer can look around at once:
the admin must enrol a second factor first.
"""

import os
from datetime import UTC, datetime

from gateway import database
from gateway.settings import Settings
from gateway.staff import accounts

KEPT = "first-sign-in"


def lines(settings: Settings) -> list[str]:
    """Makes the first accounts where there are none; gives the lines that tell how to sign in.

    The passwords are shown once, at the start that drew them; they stay in VAR_DIR/secrets, in a file of its owner's.
    """
    first = accounts.FIRST if settings.is_production else accounts.FIRST_IN_DEVELOPMENT
    with database.transaction() as db:
        drawn = accounts.add_first(db, first.items(), datetime.now(UTC))
    path = settings.var_dir / "secrets" / KEPT
    if not drawn:
        return [f"as before; the first passwords are in {path}"] if path.exists() else []
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name} {password}\n" for name, password in drawn.items())
    shown = [f"as {name}, with the password {password}" for name, password in drawn.items()]
    return [*shown, f"(kept in {path})"]
