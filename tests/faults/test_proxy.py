"""The line that the fault checks break tells the truth about what went through it."""

import socket

from tests.faults.proxy import line


def test_who_has_the_answer_reads_at_once_how_long_it_was() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, line(server.getsockname()[:2]) as wire:
        for _ in range(200):
            wire.passed = 0
            with socket.create_connection(("127.0.0.1", wire.port)) as caller:
                answering, _ = server.accept()
                with answering:
                    answering.sendall(b"whole")
                    assert caller.recv(5, socket.MSG_WAITALL) == b"whole"
                    assert wire.passed == 5
