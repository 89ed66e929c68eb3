"""The load: a program of its own, which tells what it costs itself. `python -m bench.load` reads a `Stream` as JSON.

It speaks to this machine only and ends after its count or its seconds. With a rate, requests are due at fixed moments
and each wait counts from when it was due, however late it was sent; without one, each connection asks as fast as it
is answered.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from urllib.parse import urlencode

MOST_SECONDS = 3600.0
PATIENCE = 10.0  # seconds: as long as the carrier waits for a screen
_CASE = ("1", "1", "1", "3", "1", "Hakuna maji tangu Jumatatu", "1")
_BROWSING = [("1", "2", "0", "3", "2", "0", "0"), ("1", "4", "1", "98", "0", "1", "00"), ("1", "3", "3", "0", "0", "2")]
# Of five sessions two report a problem, the others look around.
CONVERSATIONS: dict[str, Sequence[Sequence[str]]] = {
    "hops": [_CASE, _BROWSING[0], _CASE, _BROWSING[1], _BROWSING[2]],
    "browsing": _BROWSING,
    "cases": [_CASE],
}


@dataclass(frozen=True)
class Stream:
    """What is asked for. `first` numbers its phones and sessions, so that no two streams share any."""

    kind: str  # hops, browsing, cases, texts, junk
    port: int
    secret: str
    first: int
    seconds: float = 5.0
    rate: float | None = None  # requests per second
    connections: int = 8
    most: int = 1_000_000  # requests


@dataclass
class Told:
    """What came of it."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)  # seconds, of every good answer
    bad: int = 0
    cpu: float = 0.0  # seconds that the load itself took of the processors

    @property
    def cpu_each(self) -> float:
        """Gives the milliseconds of the load's own work for each request."""
        return 1000 * self.cpu / max(1, len(self.waits) + self.bad)

    @property
    def rate(self) -> float:
        """Gives the good answers per second."""
        return len(self.waits) / self.seconds if self.seconds else 0.0

    def within(self, share: float) -> float:
        """Gives the milliseconds that this share of the answers stayed within."""
        waits = sorted(self.waits)
        return waits[min(len(waits) - 1, int(len(waits) * share))] * 1000 if waits else float("inf")


def begin(stream: Stream) -> "subprocess.Popen[str]":
    """Starts a stream; `told` waits for it."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-m", "bench.load"], stdin=pipe, stdout=pipe, text=True)
    if process.stdin:
        process.stdin.write(json.dumps(asdict(stream)))
        process.stdin.close()
    return process


def told(process: "subprocess.Popen[str]") -> Told:
    """Waits for a stream's end and gives what came of it."""
    said = process.stdout.read() if process.stdout else ""
    if process.wait(60):
        raise SystemExit("the load broke off")
    return Told(**json.loads(said))


def run(stream: Stream) -> Told:
    """Runs a stream to its end."""
    return told(begin(stream))


@dataclass(frozen=True)
class _Ask:
    line: str
    form: str
    must_begin: tuple[bytes, ...]  # the body, where it matters


def _asks(stream: Stream, caller: int) -> Iterator[_Ask]:
    """Gives the requests of one connection, for ever."""
    numbers = count(stream.first + caller, stream.connections)
    if stream.kind == "junk":
        return _junk(stream)
    return _texts(stream, numbers) if stream.kind == "texts" else _hops(stream, numbers)


def _hops(stream: Stream, numbers: Iterator[int]) -> Iterator[_Ask]:
    line = f"POST /hooks/{stream.secret}/ussd"
    for number, typed in zip(numbers, cycle(CONVERSATIONS[stream.kind])):
        same = {"sessionId": f"ATUid_{number}", "phoneNumber": _phone(number), "serviceCode": "*1548#"}
        for done in range(len(typed) + 1):
            form = urlencode({**same, "text": "*".join(typed[:done]), "networkCode": "63902"})
            is_last = done == len(typed)
            yield _Ask(line, form, (b"CON ", b"END ") if is_last else (b"CON ",))


def _texts(stream: Stream, numbers: Iterator[int]) -> Iterator[_Ask]:
    line = f"POST /hooks/{stream.secret}/sms"
    for number in numbers:
        words = {"text": f"Hakuna maji Kapsabet {number}", "to": "1548", "linkId": "", "date": "2026-11-23T09:00:00Z"}
        yield _Ask(line, urlencode({**words, "id": f"load-{number}", "from": _phone(number)}), ())


def _junk(stream: Stream) -> Iterator[_Ask]:
    """Gives what strangers and broken programs send: no secret, no such page, fields that mean nothing."""
    for number in count():
        yield _Ask(f"POST /hooks/not-the-secret-{number}/ussd", "sessionId=1&phoneNumber=%2B254700000000&text=", ())
        yield _Ask("POST /no/such/page", f"x={number}", ())
        yield _Ask(f"POST /hooks/{stream.secret}/ussd", "text=%00%FF&phoneNumber=nobody&x=" + "y" * 500, ())
        yield _Ask("POST /wp-login.php", "log=admin&pwd=admin", ())


def _phone(number: int) -> str:
    return f"+2547{number % 100_000_000:08d}"


class _Line:
    """One connection, opened anew where the other side ended it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, wanted: _Ask) -> bool:
        """Asks and says whether the answer is good; of junk anything that is not a fault of the server."""
        for _ in range(2):  # an idle connection may just have been ended
            try:
                status, body = await asyncio.wait_for(self._exchange(wanted), PATIENCE)
            except (OSError, asyncio.IncompleteReadError):
                self._ends = None
            else:
                if self._stream.kind == "junk":
                    return status < 500
                return status == 200 and (not wanted.must_begin or body.startswith(wanted.must_begin))
        return False

    async def _exchange(self, wanted: _Ask) -> tuple[int, bytes]:
        if self._ends is None:
            self._ends = await asyncio.open_connection("127.0.0.1", self._stream.port)
        reader, writer = self._ends
        head = f"{wanted.line} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        writer.write(f"{head}Content-Length: {len(wanted.form)}\r\n\r\n{wanted.form}".encode())
        lines = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        told = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
        body = await reader.readexactly(int(told.get(b"content-length", b"0")))
        if told.get(b"connection") == b"close":
            writer.close()
            self._ends = None
        return int(lines[0].split()[1]), body


async def _pour(stream: Stream) -> Told:
    found, began, worked = Told(), time.monotonic(), time.process_time()
    ends = began + min(stream.seconds, MOST_SECONDS)
    turns = iter(range(stream.most))

    async def call(caller: int) -> None:
        line = _Line(stream)
        for wanted in _asks(stream, caller):
            turn = next(turns, None)
            due = time.monotonic() if stream.rate is None or turn is None else began + turn / stream.rate
            if turn is None or due >= ends:
                return
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if await line.ask(wanted):
                found.waits.append(round(time.monotonic() - due, 6))
            else:
                found.bad += 1

    await asyncio.gather(*(call(caller) for caller in range(stream.connections)))
    found.seconds, found.cpu = time.monotonic() - began, time.process_time() - worked
    return found


def main() -> None:
    """Pours one stream and tells what came of it."""
    print(json.dumps(asdict(asyncio.run(_pour(Stream(**json.load(sys.stdin)))))))


if __name__ == "__main__":
    main()
