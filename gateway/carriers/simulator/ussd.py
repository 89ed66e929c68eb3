"""USSD as the carrier runs it: a dial opens a session, every input is one POST, and the answer must come in time.

Documented by AT: the whole input of a session comes joined by `*`; the answer begins with exactly `CON ` or `END `
and comes within 10 s; the session's end is told to a hook of its own. Lengths, idle times and the 180 s are the help
centre's. What becomes of a long dial's extra digits is disputed, hence a switch (`faults.Ussd.long_dial`).
"""

import re
import threading
from functools import partial
from typing import Any

from . import alphabet
from .callbacks import USSD_AGENT, Callbacks, Heard
from .faults import Faults
from .session import Session
from .timetable import Timetable

NO_SERVICE = "Connection problem or invalid MMI code."
_AIRTEL = "63903"
_HOP_METADATA = "at-ussd-hop-metadata"
_CODE = re.compile(r"\*[0-9*]+#")
_PHONE = re.compile(r"\+[0-9]{9,15}")


class NoSession(LookupError):
    """No such session is open."""


class Switchboard:
    """Holds the sessions of all phones."""

    def __init__(self, service_code: str, callbacks: Callbacks, timetable: Timetable, faults: Faults) -> None:
        self._service_code = service_code
        self._callbacks = callbacks
        self._timetable = timetable
        self._faults = faults
        self._sessions: dict[str, Session] = {}
        self._newest: dict[str, Session] = {}  # by phone
        self._lock = threading.Lock()

    def dial(self, phone: str, code: str, network: str) -> dict[str, Any]:
        """Dials a code, long or short, and gives the first screen. An older session of this phone ends Incomplete.

        Raises `ValueError` for a phone not in E.164 or a code no phone could dial.
        """
        if not _PHONE.fullmatch(phone) or not _CODE.fullmatch(code):
            raise ValueError("phone must be like +254700000001 and code like *1548#")
        extra = self._extra_digits(code)
        session = Session(phone, network, self._service_code, text=extra or "")
        self._replace_older(session)
        if extra is None:
            session.is_open = False
            return _screen(session, NO_SERVICE, error=f"no service answers to {code}")
        self._timetable.after(self._faults.settings.ussd.session_ms / 1000, partial(self._time_out, session, None))
        with session.busy:
            return self._hop(session)

    def answer(self, session_id: str, typed: str) -> dict[str, Any]:
        """Sends what the citizen typed and gives the next screen. Raises `NoSession` where none is open."""
        session = self._open(session_id)
        with session.busy:
            if not session.is_open:
                raise NoSession(session_id)
            session.text = f"{session.text}*{typed}" if session.text else typed
            return self._hop(session)

    def drop(self, session_id: str) -> None:
        """Ends a session as a citizen does who hangs up. Raises `NoSession` where none is open."""
        self._end(self._open(session_id), "Incomplete")

    def find(self, session_id: str) -> Session:
        """Gives a session, open or ended. Raises `NoSession` where there was none."""
        with self._lock:
            if session_id not in self._sessions:
                raise NoSession(session_id)
            return self._sessions[session_id]

    def clear(self) -> None:
        """Forgets all sessions without a notification."""
        with self._lock:
            for session in self._sessions.values():
                session.is_open = False
            self._sessions.clear()
            self._newest.clear()

    def _extra_digits(self, code: str) -> str | None:
        base = self._service_code.removesuffix("#")
        if code == self._service_code:
            return ""
        if not code.startswith(f"{base}*"):
            return None
        is_kept = self._faults.settings.ussd.long_dial == "prefill"
        return code.removeprefix(f"{base}*").removesuffix("#") if is_kept else ""

    def _replace_older(self, session: Session) -> None:
        with self._lock:
            older = self._newest.get(session.phone)
            self._sessions[session.id] = self._newest[session.phone] = session
        if older is not None:
            self._end(older, "Incomplete")

    def _open(self, session_id: str) -> Session:
        session = self.find(session_id)
        if not session.is_open:
            raise NoSession(session_id)
        return session

    def _hop(self, session: Session) -> dict[str, Any]:
        session.hops += 1
        heard = self._ask(session)
        for _ in range(self._faults.settings.ussd.duplicate):
            self._ask(session)
        answer = heard.body.decode("utf-8", "replace")
        session.last_answer = answer
        if not session.is_open:
            return _screen(session, "", heard, error="the session ended while the gateway was thinking")
        error = _fault_in(heard, self._faults.settings.ussd.ceiling_ms)
        if error:
            self._end(session, "Failed", error)
            return _screen(session, NO_SERVICE, heard, error=error)
        session.metadata += [value for name, value in heard.headers.items() if name.lower() == _HOP_METADATA]
        if answer.startswith("END "):
            self._end(session, "Success")
        else:
            self._timetable.after(self._idle_seconds(session), partial(self._time_out, session, session.hops))
        return _screen(session, answer[4:], heard)

    def _ask(self, session: Session) -> Heard:
        form = session.request_form()
        headers = {"User-Agent": USSD_AGENT}
        if session.metadata:
            headers[_HOP_METADATA] = session.metadata[-1]
        seconds = self._faults.settings.ussd.ceiling_ms / 1000
        heard = self._callbacks.post("ussd", form, headers=headers, seconds=seconds)
        answer = heard.body.decode("utf-8", "replace")
        session.exchanges.append(
            {
                "request": form,
                "status": heard.status,
                "answer": answer,
                "error": heard.error,
                "milliseconds": heard.milliseconds,
                "notes": _notes(session, answer),
            }
        )
        return heard

    def _idle_seconds(self, session: Session) -> float:
        asked = self._faults.settings.ussd.idle_ms
        if asked is not None:
            return asked / 1000
        return 60.0 if session.network == _AIRTEL else 30.0

    def _time_out(self, session: Session, hops: int | None) -> None:
        if hops in (None, session.hops):
            self._end(session, "Incomplete")

    def _end(self, session: Session, status: str, error: str = "") -> None:
        with self._lock:
            if not session.is_open:
                return
            session.is_open = False
        form = session.end_form(status, error)
        self._timetable.after(0, partial(self._tell_the_end, session, form))

    def _tell_the_end(self, session: Session, form: dict[str, str]) -> None:
        heard = self._callbacks.post("ussd-ended", form)
        session.ended.append({"fields": form, "status": heard.status})


def _fault_in(heard: Heard, ceiling_ms: int) -> str | None:
    if heard.error:
        return heard.error
    if heard.milliseconds > ceiling_ms:
        return f"the answer took {heard.milliseconds} ms, the carrier waits {ceiling_ms} ms"
    if heard.status is None or not 200 <= heard.status < 300:
        return f"Received unexpected response code: {heard.status} {heard.reason or '<none>'}"
    if not heard.body.startswith((b"CON ", b"END ")):
        return f"the answer begins with {heard.body[:8]!r}, not with CON or END"
    return None


def _notes(session: Session, answer: str) -> list[str]:
    most = 184 if session.network == _AIRTEL else 160
    notes = []
    if alphabet.length(answer) > most:
        notes.append(f"{alphabet.length(answer)} characters, the network carries {most}")
    if not alphabet.is_gsm(answer):
        notes.append("not all characters are in the GSM 7-bit alphabet")
    return notes


def _screen(session: Session, text: str, heard: Heard | None = None, *, error: str | None = None) -> dict[str, Any]:
    return {
        "session": session.id,
        "screen": text,
        "open": session.is_open,
        "length": alphabet.length(text) + len("CON "),
        "answer_ms": heard.milliseconds if heard else 0,
        "error": error,
    }
