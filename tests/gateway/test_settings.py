"""What the gateway may be told by its environment, and how it refuses to be told nonsense."""

import stat
from pathlib import Path

import pytest

from gateway.errors import BadSetting
from gateway.settings import Settings, from_environment

_SECRET = "f00dfeedcafe0123456789abcdef4567"
_PRODUCTION = {
    "GATEWAY_ENV": "production",
    "CARRIER": "africastalking",
    "AT_USERNAME": "county",
    "AT_API_KEY": "key",
    "DATABASE_URL": "postgresql://gateway@db/gateway",
    "REDIS_URL": "redis://:word@queue/0",
    "SECRET_KEY": _SECRET,
    "WEBHOOK_SECRET": _SECRET[::-1],
    "METRICS_TOKEN": "a-token-of-enough-length",
}


def _read(tmp_path: Path, **environment: str) -> Settings:
    return from_environment({"VAR_DIR": str(tmp_path / "var"), **environment})


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_ENV", "staging"),
        ("CARRIER", "pigeon"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "８０００"),
        ("SIMULATOR_PORT", "65536"),
        ("SIMULATOR_PORT", "8000"),
        ("TRUSTED_PROXIES", "many"),
        ("DATABASE_URL", "mysql://root@localhost/gateway"),
        ("DATABASE_URL", "postgresql://gateway@db:fivefour/gateway"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://queue:99999"),
        ("SERVICE_CODE", "1548"),
        ("VAR_DIR", "/dev/null/var"),
        ("VAR_DIR", "/dev/null"),
        ("COUNTY", "/no/such/county"),
        ("SECRET_KEY", "short"),
        ("WEBHOOK_SECRET", "short"),
        ("WEBHOOK_SECRET", f"{_SECRET},{_SECRET},{_SECRET}"),
        ("WEBHOOK_SECRET", "a secret/with characters that no path may hold"),
        ("AT_BASE_URL", "ftp://example.test"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_line_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        _read(tmp_path, **{name: value})
    assert str(refusal.value).startswith(f"{name}: ")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", sorted(_PRODUCTION.keys() - {"GATEWAY_ENV"}))
def test_production_makes_up_nothing_by_itself(tmp_path: Path, name: str) -> None:
    given = {key: value for key, value in _PRODUCTION.items() if key != name}
    with pytest.raises(BadSetting, match=f"^{name}: [^\n]+$"):
        _read(tmp_path, **given)


@pytest.mark.parametrize("name", ["SECRET_KEY", "WEBHOOK_SECRET"])
def test_production_refuses_a_secret_of_few_characters_however_long(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name}: "):
        _read(tmp_path, **{**_PRODUCTION, name: "abab" * 16})


def test_production_with_everything_given_starts_and_keeps_no_secret_on_disk(tmp_path: Path) -> None:
    settings = _read(tmp_path, **_PRODUCTION)
    assert settings.is_production
    assert not settings.uses_simulator
    assert not settings.embeds_database
    assert not settings.embeds_redis
    assert settings.at_base_url is None
    assert list((tmp_path / "var").iterdir()) == []


def test_an_empty_environment_is_a_whole_development_machine(tmp_path: Path) -> None:
    settings = _read(tmp_path)
    assert (settings.host, settings.port, settings.simulator_port) == ("127.0.0.1", 8000, 8001)
    assert (settings.sender_id, settings.service_code) == ("1548", "*1548#")
    assert settings.embeds_database
    assert settings.embeds_redis
    assert settings.at_base_url == settings.simulator_url == "http://127.0.0.1:8001"
    assert settings.county.joinpath("county.toml").is_file()


def test_secrets_made_for_development_are_ours_alone(tmp_path: Path) -> None:
    _read(tmp_path)
    secrets = tmp_path / "var" / "secrets"
    assert _mode(tmp_path / "var") == _mode(secrets) == 0o700
    assert {path.name for path in secrets.iterdir()} == {"secret_key", "webhook_secret", "redis_password"}
    assert {_mode(path) for path in secrets.iterdir()} == {0o600}


def test_secrets_made_for_development_stay_the_same_and_differ_from_each_other(tmp_path: Path) -> None:
    first, second = _read(tmp_path), _read(tmp_path)
    assert first == second
    assert len({first.secret_key, *first.webhook_secrets, first.redis_url}) == 3
    assert _read(tmp_path / "elsewhere").secret_key != first.secret_key


def test_a_folder_where_nothing_can_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secrets").write_text("in the way")
    with pytest.raises(BadSetting, match=r"^VAR_DIR: [^\n]+$"):
        _read(tmp_path)


def test_two_webhook_secrets_hold_while_rotating(tmp_path: Path) -> None:
    settings = _read(tmp_path, WEBHOOK_SECRET=f"{_SECRET}, {_SECRET[::-1]}")
    assert settings.webhook_secrets == (_SECRET, _SECRET[::-1])


def test_an_address_that_begins_as_some_hosts_write_it_is_understood(tmp_path: Path) -> None:
    settings = _read(tmp_path, DATABASE_URL="postgres://gateway@db/gateway")
    assert settings.database_url == "postgresql://gateway@db/gateway"


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_an_address_that_can_not_be_read_is_refused_without_a_piece_of_its_password(tmp_path: Path, name: str) -> None:
    scheme = "postgresql" if name == "DATABASE_URL" else "redis"
    with pytest.raises(BadSetting) as refused:
        from_environment({"VAR_DIR": str(tmp_path), name: f"{scheme}://gateway:dull/sparrow@db:5432/gateway"})
    assert str(refused.value).startswith(f"{name}: is not an address")
    assert "dull" not in str(refused.value)
    assert "sparrow" not in str(refused.value)


def test_the_addresses_of_embedded_servers_follow_from_the_folder_alone(tmp_path: Path) -> None:
    first, second = _read(tmp_path), _read(tmp_path / "elsewhere")
    assert _read(tmp_path).database_url == first.database_url != second.database_url
    assert _read(tmp_path).redis_url == first.redis_url != second.redis_url
