"""Starts the simulator: `python -m gateway.carriers.simulator --host 127.0.0.1 --port 8001`.

The account comes from the environment, so that the hooks' secret is not in the list of processes: SIMULATOR_HOOKS,
SIMULATOR_USERNAME, SIMULATOR_API_KEY, SIMULATOR_SERVICE_CODE, SIMULATOR_SENDER_ID. Ends on SIGTERM and Ctrl-C.
"""

import argparse
import os
import signal
import sys
from collections.abc import Mapping

from .exchange import Account, Exchange
from .server import Server


def account(environ: Mapping[str, str]) -> Account:
    """Reads the account from SIMULATOR_* variables."""
    return Account(
        username=environ.get("SIMULATOR_USERNAME") or "simulator",
        api_key=environ.get("SIMULATOR_API_KEY") or "simulator-key",
        service_code=environ.get("SIMULATOR_SERVICE_CODE") or "*1548#",
        sender_id=environ.get("SIMULATOR_SENDER_ID") or "1548",
        hooks=environ.get("SIMULATOR_HOOKS") or None,
    )


def main() -> None:
    """Serves until told to end; a port that is taken is one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m gateway.carriers.simulator", description="A stand-in carrier.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 picks a free one")
    parser.add_argument("--time-scale", type=float, default=1.0, help="carrier's seconds between retries per real one")
    options = parser.parse_args()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: sys.exit(0))
    try:
        server = Server((options.host, options.port), Exchange(account(os.environ), options.time_scale))
    except OSError as error:
        sys.exit(f"simulator: can't listen on {options.host}:{options.port}: {error.strerror}")
    with server:
        host, port = server.socket.getsockname()[:2]
        sys.stdout.write(f"listening on http://{host}:{port}\n")
        sys.stdout.flush()
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
