"""The secrets among the settings: given by the environment or, in development, drawn once and kept under VAR_DIR."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from gateway.errors import BadSetting


def given_or_kept(env: Mapping[str, str], name: str, var_dir: Path, is_production: bool) -> str:
    """Gives the secret that the environment holds under `name`; in development, where it holds none, a kept one.

    Raises `BadSetting` for one that is missing in production, short or easy to guess.
    """
    value = env.get(name)
    if not value:
        if is_production:
            raise BadSetting(f"{name}: production needs one of at least 32 characters")
        return kept(var_dir, name.lower())
    if len(value) < 32:
        raise BadSetting(f"{name}: must have at least 32 characters")
    if is_production and len(set(value)) < 10:
        raise BadSetting(f"{name}: is too easy to guess; `python -c 'import secrets; print(secrets.token_hex(32))'`")
    return value


def of_the_webhooks(env: Mapping[str, str], var_dir: Path, is_production: bool) -> tuple[str, ...]:
    """Gives the one or, while rotating, two secrets that may stand in the webhooks' paths. Raises `BadSetting`."""
    given = [part.strip() for part in (env.get("WEBHOOK_SECRET") or "").split(",") if part.strip()]
    if len(given) > 2:
        raise BadSetting("WEBHOOK_SECRET: at most two, separated by a comma, while rotating")
    if not given:
        return (given_or_kept({}, "WEBHOOK_SECRET", var_dir, is_production),)
    for part in given:
        if not part.replace("-", "").replace("_", "").isalnum() or not part.isascii():
            raise BadSetting("WEBHOOK_SECRET: may hold only letters, digits, - and _, since it stands in a path")
    return tuple(given_or_kept({"WEBHOOK_SECRET": part}, "WEBHOOK_SECRET", var_dir, is_production) for part in given)


def kept(var_dir: Path, name: str) -> str:
    """Gives the secret kept under VAR_DIR, made on first use; two processes that start together agree on one."""
    path = var_dir / "secrets" / name
    try:
        if not path.exists():
            _make(path)
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(f"VAR_DIR: {path} can't be kept: {error.strerror}") from error


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(fresh, path)  # fails where another process was first: its secret holds
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
