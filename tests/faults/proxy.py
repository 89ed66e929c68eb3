"""A line that can break: passes bytes between a free TCP port and a server; slow when told, or cutting answers off.

Listens on TCP also where the server listens on a Unix socket, so that what a network does can be done to it.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Place = tuple[str, int] | str  # host and port, or the path of a Unix socket
_PIECE = 65_536


@dataclass
class Line:
    """One line; its fields may be changed while it is used."""

    to: Place
    port: int = 0
    delay: float = 0.0  # seconds before each piece of an answer goes on
    cut_after: int | None = None  # bytes of an answer, then the connection ends
    passed: int = 0  # bytes of the newest answer that went on
    _open: list[socket.socket] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        """Takes connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def hang_up(self) -> None:
        """Ends every connection."""
        while self._open:
            _end(self._open.pop())

    def _connect(self, client: socket.socket) -> None:
        try:
            server = _reach(self.to)
        except OSError:
            client.close()
            return
        self._open += [client, server]
        threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
        self._answer(server, client)

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while piece := client.recv(_PIECE):
                server.sendall(piece)
        _end(server)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        passed = 0
        with suppress(OSError):
            while piece := server.recv(_PIECE):
                time.sleep(self.delay)
                if self.cut_after is not None:
                    piece = piece[: max(0, self.cut_after - passed)]
                self.passed = passed = passed + len(piece)  # first: whoever has the answer may ask at once
                client.sendall(piece)
                if self.cut_after is not None and passed >= self.cut_after:
                    break
        _end(server)
        _end(client)


@contextmanager
def line(to: Place) -> Iterator[Line]:
    """Keeps a line to `to` open on a free port while the block runs."""
    made = Line(to)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made.port = listener.getsockname()[1]
        threading.Thread(target=made.serve, args=(listener,), daemon=True).start()
        try:
            yield made
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            made.hang_up()


def _reach(place: Place) -> socket.socket:
    if isinstance(place, tuple):
        return socket.create_connection(place)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
