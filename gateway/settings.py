"""The settings: read from the environment once, checked at once, and never asked of the environment again.

A wrong one raises `BadSetting`, whose one line names the variable. Development makes its own secrets under VAR_DIR;
production refuses to start without given ones.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gateway import embedded, setting_secrets
from gateway.errors import BadSetting

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How much may be sent, and how full a disk may get."""

    send_rate: int  # segments per second, over all workers
    bulk_batch: int  # recipients of one text in one request
    daily_segments: int
    daily_shillings: int
    spool_min_free: int  # bytes; with less, nothing is spooled
    disk_min_free: int  # bytes; with less, nothing is sent


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
    limits: Limits
    fault: str | None  # where a test wants this process to kill itself: gateway/crash.py

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
    is_production = _choice(env, "GATEWAY_ENV", ("development", "production", "test")) == "production"
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
        secret_key=setting_secrets.given_or_kept(env, "SECRET_KEY", var_dir, is_production),
        webhook_secrets=setting_secrets.of_the_webhooks(env, var_dir, is_production),
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
        limits=_limits(env),
        fault=_fault(env),
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
        return embedded.redis_url(var_dir, setting_secrets.kept(var_dir, "redis_password"))
    return _address("REDIS_URL", url, ("redis://", "rediss://", "unix://"))


def _address(name: str, url: str, beginnings: tuple[str, ...]) -> str:
    if not url.startswith(beginnings):
        raise BadSetting(f"{name}: must begin with {' or '.join(beginnings)}")
    try:
        urlsplit(url).port  # noqa: B018 – raises where it isn't a number
    except ValueError:  # it quotes what it read, a password perhaps
        said = "its port is no number; in a password write %2F for /, %40 for @, %23 for #, %3F for ?"
        raise BadSetting(f"{name}: is not an address ({said})") from None
    return url


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


def _limits(env: Mapping[str, str]) -> Limits:
    return Limits(
        send_rate=_whole_number(env, "SEND_RATE", 20, 1, 10_000),
        bulk_batch=_whole_number(env, "BULK_BATCH", 100, 1, 1000),
        daily_segments=_whole_number(env, "DAILY_SEGMENTS", 20000, 0, 10_000_000),
        daily_shillings=_whole_number(env, "DAILY_SHILLINGS", 20000, 0, 10_000_000),
        spool_min_free=_whole_number(env, "SPOOL_MIN_FREE_MB", 100, 0, 1_000_000) * MEGABYTE,
        disk_min_free=_whole_number(env, "DISK_MIN_FREE_MB", 500, 0, 1_000_000) * MEGABYTE,
    )


def _fault(env: Mapping[str, str]) -> str | None:
    fault = env.get("FAULT") or None
    if fault and env.get("GATEWAY_ENV") != "test":
        raise BadSetting("FAULT: is for tests only, with GATEWAY_ENV=test")
    if fault and not re.fullmatch(r"[A-Z][0-9]:[1-9][0-9]*", fault, re.ASCII):
        raise BadSetting(f"FAULT: must look like S5:1, not {fault!r}")
    return fault
