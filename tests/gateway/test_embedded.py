"""The PostgreSQL and the Redis that come along, started for real in folders of the test's own."""

import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis as Client

from gateway import embedded_servers
from gateway.embedded import lock, postgres, processes
from gateway.embedded.postgres import Postgres
from gateway.embedded.redis import Redis
from gateway.errors import EmbeddedServerFailed
from gateway.settings import Settings, from_environment

_ROOT = Path(__file__).parents[2]
_KEEPER = """
import sys, time
from gateway import embedded_servers
from gateway.settings import from_environment

with embedded_servers.running(from_environment({"VAR_DIR": sys.argv[1]})):
    print("running", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def house(folder: Path) -> Settings:
    """The settings of a machine that has neither PostgreSQL nor Redis."""
    return from_environment({"VAR_DIR": str(folder / "var")})


def _rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def _at_work_below(folder: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if processes.is_alive(process) and process.cwd().startswith(str(folder)):
                found.append(process.name())
    return found


def _postgres(folder: Path) -> Postgres:
    return Postgres(folder / "postgres", log=folder / "log" / "postgres.log", is_throwaway=True)


def _redis(folder: Path) -> Redis:
    return Redis(folder / "redis", "a password", log=folder / "log" / "redis.log")


def test_what_is_remembered_outlives_the_servers_and_nothing_else_does(house: Settings) -> None:
    with embedded_servers.running(house):
        with psycopg.connect(house.database_url) as connection:
            connection.execute("CREATE TABLE promise AS SELECT 1 AS kept")
        with Client.from_url(house.redis_url) as client:
            client.set("promise", "kept")
    assert _at_work_below(house.var_dir) == []
    with embedded_servers.running(house), Client.from_url(house.redis_url) as client:
        assert _rows(house.database_url, "SELECT kept FROM promise") == [(1,)]
        assert client.get("promise") == b"kept"


def test_a_command_uses_the_servers_that_make_run_keeps_and_leaves_them_running(house: Settings) -> None:
    servers = embedded_servers.servers(house)
    with lock.hold(house.var_dir, embedded_servers.KEEPER):
        for server in servers:
            embedded_servers.start(server)
        with embedded_servers.running(house):
            assert _rows(house.database_url, "SELECT 1") == [(1,)]
        assert _rows(house.database_url, "SELECT 1") == [(1,)]
        for server in servers:
            server.stop()


def test_a_folder_has_one_keeper_and_the_second_is_told_which(folder: Path) -> None:
    with (
        lock.hold(folder, "make run"),
        pytest.raises(lock.VarDirTaken, match=rf"in use by make run \(process {os.getpid()}\)"),
        lock.hold(folder, "make run"),
    ):
        pass
    with lock.hold(folder, "make run"):
        pass


def test_a_server_left_running_is_replaced_by_the_next_start(folder: Path) -> None:
    left: list[Postgres | Redis] = [_postgres(folder), _redis(folder)]
    for server in left:
        server.start()
    fresh: list[Postgres | Redis] = [_postgres(folder), _redis(folder)]
    for server in fresh:
        server.start()
    assert [server.process.poll() is None for server in left if server.process] == [False, False]
    assert [server.process.poll() is None for server in fresh if server.process] == [True, True]
    for server in fresh:
        server.stop()
    assert _at_work_below(folder) == []


def test_a_pid_file_that_names_another_program_does_not_stop_the_start(folder: Path) -> None:
    server = _postgres(folder)
    server.start()
    assert server.process
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    pid_file = folder / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    server.start()
    assert _rows(postgres.url(folder / "postgres", "postgres"), "SELECT 1") == [(1,)]
    server.stop()


def test_a_first_start_that_broke_off_is_begun_anew(folder: Path) -> None:
    half_made = folder / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    server = _postgres(folder)
    server.start()
    server.stop()
    assert not half_made.exists()


def test_data_of_something_else_are_refused_and_left_alone(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "thesis.txt").write_text("precious")
    with pytest.raises(EmbeddedServerFailed, match="holds something else"):
        _postgres(folder).start()
    assert (folder / "postgres" / "thesis.txt").read_text() == "precious"


def test_a_server_that_cannot_start_says_why_in_one_line(folder: Path) -> None:
    server = _postgres(folder)
    server.start()
    server.stop()
    (folder / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedServerFailed, match=r"^PostgreSQL did not start: [^\n]+$"):
        server.start()


def test_a_folder_too_deep_for_a_socket_still_gets_its_servers(folder: Path) -> None:
    deep = from_environment({"VAR_DIR": str(folder / ("deep " * 20) / "100%")})
    with embedded_servers.running(deep), Client.from_url(deep.redis_url) as client:
        assert client.ping()
        assert _rows(deep.database_url, "SELECT current_database()") == [("gateway",)]


def test_nobody_else_may_look_into_what_the_servers_keep(house: Settings) -> None:
    with embedded_servers.running(house):
        kept = [house.var_dir / name for name in ("postgres", "redis", "log", "secrets")]
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in kept} == {0o700}
        private = [house.var_dir / "redis" / "redis.conf", *(house.var_dir / "secrets").iterdir()]
        assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
        assert not house.var_dir.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP)


def test_no_password_stands_on_a_command_line(house: Settings) -> None:
    password = house.redis_url.split(":")[2].partition("@")[0]
    with embedded_servers.running(house):
        lines = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
        assert not [line for line in lines if password in line]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_servers_end_with_the_process_that_started_them_however_it_dies(house: Settings) -> None:
    command = [sys.executable, "-c", _KEEPER, str(house.var_dir)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE) as keeper:
        assert keeper.stdout
        assert keeper.stdout.readline() == b"running\n"
        servers = psutil.Process(keeper.pid).children()
        assert {server.name() for server in servers} == {"postgres", "redis-server"}
        keeper.kill()
    give_up = time.monotonic() + 30
    while any(processes.is_alive(server) for server in servers):
        assert time.monotonic() < give_up, "a server outlived its keeper"
        time.sleep(0.05)
