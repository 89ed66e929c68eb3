"""What `make run` runs: the commands, what they are told, and where they can be reached."""

import http.client
import selectors
import socket

from gateway.errors import BadSetting
from gateway.queue import QUEUES
from gateway.settings import Settings, for_a_child
from workers.children import Child

MARK = "GATEWAY_SUPERVISED_IN"  # the variable by which leftovers of a killed run are known
CARRIER = "carrier"
GRACE = 40.0  # seconds for requests and jobs under way: a send may take 35


def children(settings: Settings, outputs: selectors.BaseSelector) -> list[Child]:
    """Gives the commands to keep alive, in the order in which they start."""
    metrics = str(settings.var_dir / "metrics")
    marked = {MARK: str(settings.var_dir), "PYTHONUNBUFFERED": "1"}
    ours = for_a_child(settings, PROMETHEUS_MULTIPROC_DIR=metrics, **marked)
    wanted = {"web": gunicorn(settings), "schedule": ["-m", "workers", "schedule"]}
    wanted |= {queue: ["-m", "workers", queue] for queue in QUEUES}
    kept = [Child(name, command, ours, outputs) for name, command in wanted.items()]
    if settings.uses_simulator:
        command = ["-m", "gateway.carriers.simulator", "--host", "127.0.0.1", "--port", str(settings.simulator_port)]
        account = for_a_child(settings, **marked, **_simulated_account(settings))
        kept.append(Child(CARRIER, command, account, outputs))
    return kept


def gunicorn(settings: Settings, *, processes: int = 2, threads: int = 8) -> list[str]:
    """Gives the command of the web; the measurements give their baseline the same one, and try other sizes."""
    # No access log: paths hold the webhooks' secret.
    # Loaded once for both: one that dies is back at once, also where a start would be refused by now.
    size = ["--worker-class", "gthread", "--workers", str(processes), "--threads", str(threads), "--preload"]
    ends = ["--graceful-timeout", f"{GRACE:.0f}", "--no-control-socket", "--log-level", "warning"]
    return ["-m", "gunicorn", "wsgi:app", "--bind", _address(settings.host, settings.port), *size, *ends]


def _simulated_account(settings: Settings) -> dict[str, str]:
    return {
        "SIMULATOR_HOOKS": f"{web_address(settings)}/hooks/{settings.webhook_secrets[0]}",
        "SIMULATOR_USERNAME": settings.at_username,
        "SIMULATOR_API_KEY": settings.at_api_key,
        "SIMULATOR_SERVICE_CODE": settings.service_code,
        "SIMULATOR_SENDER_ID": settings.sender_id,
    }


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def nearby(settings: Settings) -> str:
    """Gives the host at which this machine reaches its own web."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104


def web_address(settings: Settings) -> str:
    """Gives the web's address as seen from this machine, without a slash at its end."""
    return f"http://{_address(nearby(settings), settings.port)}"


def refuse_taken_ports(settings: Settings) -> None:
    """Raises `BadSetting`, naming the variable, where another program listens on a port that we need."""
    _refuse_taken("PORT", settings.host, settings.port)
    if settings.uses_simulator:
        _refuse_taken("SIMULATOR_PORT", "127.0.0.1", settings.simulator_port)


def _refuse_taken(name: str, host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise BadSetting(f"HOST: {host} is no address of this machine") from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does: closed connections don't count
        try:
            probe.bind(address)
        except OSError as error:
            raise BadSetting(f"{name}: {port} on {host} can't be had ({error.strerror}); choose another") from None


def addresses(settings: Settings) -> dict[str, str]:
    """Gives what a person may open in a browser, by name."""
    web = web_address(settings)
    found = {"console": f"{web}/console/", "metrics": f"{web}/metrics"}
    return {"handset": f"{web}/handset", **found} if settings.uses_simulator else found


def why_not_ready(settings: Settings) -> str | None:
    """Asks the web whether it is ready: None when it is, else the cause in a few words."""
    connection = http.client.HTTPConnection(nearby(settings), settings.port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return None if answer.status == 200 else answer.read(200).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return f"the web does not answer ({error})"
    finally:
        connection.close()
