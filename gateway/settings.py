"""The settings: read from the environment once, checked at once, and never asked of the environment again.

A wrong one raises `BadSetting`, whose one line names the variable. Development makes its own secrets under VAR_DIR;
production refuses to start without given ones.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gateway import embedded
from gateway.errors import BadSetting


@dataclass(frozen=True)
class Settings:
    """All that differs between a laptop, the tests and the county's machine."""

    database_url: str
    redis_url: str
    embeds_database: bool  # no DATABASE_URL was given: PostgreSQL comes along
    embeds_redis: bool
    var_dir: Path
    host: str
    port: int
    secret_key: str
    webhook_secrets: tuple[str, ...]  # two while rotating
    carrier: str
    at_username: str
    at_api_key: str
    at_base_url: str | None  # None: Africa's Talking's own address
    simulator_port: int
    sender_id: str
    service_code: str
    county: Path
    is_production: bool
    metrics_token: str | None
    trusted_proxies: int
    metrics_dir: Path | None  # where the web's processes put their measurements together

    @property
    def simulator_url(self) -> str:
        """Where the stand-in carrier listens, in development."""
        return f"http://127.0.0.1:{self.simulator_port}"

    @property
    def uses_simulator(self) -> bool:
        """Whether the carrier is the stand-in."""
        return self.carrier == "simulator"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads the settings.

    Gives a frozen `Settings`; makes VAR_DIR (0700) and, in development, the secrets in it (0600).
    Raises `BadSetting` with one line that names the variable at fault.
    """
    env = os.environ if environ is None else environ
    is_production = _choice(env, "GATEWAY_ENV", ("development", "production")) == "production"
    carrier = _choice(env, "CARRIER", ("simulator", "africastalking"))
    if is_production and carrier == "simulator":
        raise BadSetting("CARRIER: production needs africastalking, the simulator reaches nobody")
    var_dir = _var_dir(env)
    port = _whole_number(env, "PORT", 8000, 1, 65_534)
    simulator_port = _whole_number(env, "SIMULATOR_PORT", port + 1, 1, 65_535)
    if simulator_port == port:
        raise BadSetting(f"SIMULATOR_PORT: must differ from PORT, which is {port}")
    return Settings(
        database_url=_database_url(env, var_dir, is_production),
        redis_url=_redis_url(env, var_dir, is_production),
        embeds_database=not env.get("DATABASE_URL"),
        embeds_redis=not env.get("REDIS_URL"),
        var_dir=var_dir,
        host=env.get("HOST") or "127.0.0.1",
        port=port,
        secret_key=_secret(env, "SECRET_KEY", var_dir, is_production),
        webhook_secrets=_webhook_secrets(env, var_dir, is_production),
        carrier=carrier,
        at_username=_account(env, "AT_USERNAME", carrier, "simulator"),
        at_api_key=_account(env, "AT_API_KEY", carrier, "simulator-key"),
        at_base_url=_base_url(env, carrier, simulator_port),
        simulator_port=simulator_port,
        sender_id=env.get("SENDER_ID") or "1548",
        service_code=_service_code(env),
        county=_folder(env, "COUNTY", "county/nandi"),
        is_production=is_production,
        metrics_token=_metrics_token(env, is_production),
        trusted_proxies=_whole_number(env, "TRUSTED_PROXIES", 0, 0, 5),
        metrics_dir=Path(env["PROMETHEUS_MULTIPROC_DIR"]) if env.get("PROMETHEUS_MULTIPROC_DIR") else None,
    )


def for_a_child(settings: Settings, **more: str) -> dict[str, str]:
    """Gives the environment of a child process that must read the same `settings` as we did, with `more` on top."""
    return {**os.environ, "VAR_DIR": str(settings.var_dir), "COUNTY": str(settings.county), **more}


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name) or allowed[0]
    if value not in allowed:
        raise BadSetting(f"{name}: must be {' or '.join(allowed)}, not {value!r}")
    return value


def _whole_number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        raise BadSetting(f"{name}: must be a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _var_dir(env: Mapping[str, str]) -> Path:
    var_dir = Path(env.get("VAR_DIR") or "var").absolute()
    try:
        var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"VAR_DIR: {var_dir} can't be made: {error.strerror}") from error
    return var_dir


def _folder(env: Mapping[str, str], name: str, default: str) -> Path:
    folder = Path(env.get(name) or Path(__file__).parent.parent / default).absolute()
    if not folder.is_dir():
        raise BadSetting(f"{name}: {folder} is not a folder")
    return folder


def _database_url(env: Mapping[str, str], var_dir: Path, is_production: bool) -> str:
    url = env.get("DATABASE_URL")
    if not url:
        if is_production:
            raise BadSetting("DATABASE_URL: production needs one, the embedded PostgreSQL is for development")
        return embedded.postgres_url(var_dir)
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    return _address("DATABASE_URL", url, ("postgresql://", "postgresql+psycopg://"))


def _redis_url(env: Mapping[str, str], var_dir: Path, is_production: bool) -> str:
    url = env.get("REDIS_URL")
    if not url:
        if is_production:
            raise BadSetting("REDIS_URL: production needs one, the embedded Redis is for development")
        return embedded.redis_url(var_dir, _kept_secret(var_dir, "redis_password"))
    return _address("REDIS_URL", url, ("redis://", "rediss://", "unix://"))


def _address(name: str, url: str, beginnings: tuple[str, ...]) -> str:
    if not url.startswith(beginnings):
        raise BadSetting(f"{name}: must begin with {' or '.join(beginnings)}")
    try:
        urlsplit(url).port  # noqa: B018 – raises where it isn't a number
    except ValueError as error:
        raise BadSetting(f"{name}: is not an address ({error})") from error
    return url


def _secret(env: Mapping[str, str], name: str, var_dir: Path, is_production: bool) -> str:
    value = env.get(name)
    if not value:
        if is_production:
            raise BadSetting(f"{name}: production needs one of at least 32 characters")
        return _kept_secret(var_dir, name.lower())
    if len(value) < 32:
        raise BadSetting(f"{name}: must have at least 32 characters")
    if is_production and len(set(value)) < 10:
        raise BadSetting(f"{name}: is too easy to guess; `python -c 'import secrets; print(secrets.token_hex(32))'`")
    return value


def _webhook_secrets(env: Mapping[str, str], var_dir: Path, is_production: bool) -> tuple[str, ...]:
    given = [part.strip() for part in (env.get("WEBHOOK_SECRET") or "").split(",") if part.strip()]
    if len(given) > 2:
        raise BadSetting("WEBHOOK_SECRET: at most two, separated by a comma, while rotating")
    if not given:
        return (_secret({}, "WEBHOOK_SECRET", var_dir, is_production),)
    for part in given:
        if not part.replace("-", "").replace("_", "").isalnum() or not part.isascii():
            raise BadSetting("WEBHOOK_SECRET: may hold only letters, digits, - and _, since it stands in a path")
    return tuple(_secret({"WEBHOOK_SECRET": part}, "WEBHOOK_SECRET", var_dir, is_production) for part in given)


def _kept_secret(var_dir: Path, name: str) -> str:
    """Gives the secret kept under VAR_DIR, made on first use; two processes that start together agree on one."""
    path = var_dir / "secrets" / name
    try:
        if not path.exists():
            _make_secret(path)
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(f"VAR_DIR: {path} can't be kept: {error.strerror}") from error


def _make_secret(path: Path) -> None:
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


def _account(env: Mapping[str, str], name: str, carrier: str, of_simulator: str) -> str:
    value = env.get(name)
    if carrier == "simulator":
        return value or of_simulator
    if not value:
        raise BadSetting(f"{name}: needed with CARRIER=africastalking")
    return value


def _base_url(env: Mapping[str, str], carrier: str, simulator_port: int) -> str | None:
    url = (env.get("AT_BASE_URL") or "").rstrip("/")
    if not url:
        return f"http://127.0.0.1:{simulator_port}" if carrier == "simulator" else None
    return _address("AT_BASE_URL", url, ("http://", "https://"))


def _service_code(env: Mapping[str, str]) -> str:
    code = env.get("SERVICE_CODE") or "*1548#"
    if not re.fullmatch(r"\*[0-9*]+#", code, re.ASCII):
        raise BadSetting(f"SERVICE_CODE: must look like *1548#, not {code!r}")
    return code


def _metrics_token(env: Mapping[str, str], is_production: bool) -> str | None:
    token = env.get("METRICS_TOKEN") or None
    if is_production and (token is None or len(token) < 16):
        raise BadSetting("METRICS_TOKEN: production needs one of at least 16 characters")
    return token
