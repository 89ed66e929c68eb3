"""PostgreSQL and Redis as children, for a machine that has neither: development and tests, never production.

The addresses follow from VAR_DIR alone, so that every process of the gateway knows them before anything runs.
"""

from pathlib import Path

from gateway.embedded import postgres, redis

DATABASE = "gateway"


def postgres_url(var_dir: Path) -> str:
    """Gives the address of the embedded PostgreSQL's database; starts nothing."""
    return postgres.url(var_dir / "postgres", DATABASE)


def redis_url(var_dir: Path, password: str) -> str:
    """Gives the address of the embedded Redis, password included; starts nothing."""
    return redis.url(var_dir / "redis", password)
