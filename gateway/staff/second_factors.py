"""The second factor: a code that changes every half minute, from an app on the member's own phone (TOTP, RFC 6238).

pyotp and segno live here. A code is good once, and one step early or late, since clocks differ.
"""

import hmac
import re
from datetime import datetime

import pyotp
import segno

from gateway.errors import BadAccount
from models import Role, Staff

COMPULSORY = frozenset({Role.ADMIN, Role.APPROVER})
STEP = 30  # seconds
WINDOW = 1  # steps
ISSUER = "1548"
_SECRET = re.compile(r"[A-Z2-7]{16,128}", re.ASCII)


def is_enrolled(staff: Staff) -> bool:
    """Whether this member has a second factor that counts."""
    return staff.totp_confirmed_at is not None


def is_owed(staff: Staff) -> bool:
    """Whether this member has none and can't go on without: by the role, or because it was lost."""
    return not is_enrolled(staff) and (staff.role in COMPULSORY or staff.must_enrol)


def drawn() -> str:
    """Draws a secret."""
    return pyotp.random_base32()


def checked(secret: str) -> str:
    """Gives a secret as it is kept. Raises `BadAccount` where it is none: base32, 16 characters or more."""
    plain = secret.replace(" ", "").rstrip("=").upper()
    if not _SECRET.fullmatch(plain):
        raise BadAccount("The second factor's secret must be base32, at least 16 characters.")
    return plain


def picture(name: str, secret: str) -> str:
    """Gives the QR code that an app reads, as an address that an `<img>` shows."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))


def takes(staff: Staff, code: str, now: datetime) -> bool:
    """Whether a code is this member's, now and for the first time; it is used up by that. The row must be locked."""
    if staff.totp_secret is None or not is_enrolled(staff):
        return False
    step = _step_of(staff.totp_secret, code, now)
    if step is None or step <= (staff.totp_used or 0):
        return False
    staff.totp_used = step
    return True


def enrol(staff: Staff, secret: str, code: str, now: datetime) -> bool:
    """Makes a drawn secret the member's second factor if the code shows that an app holds it."""
    step = _step_of(secret, code, now)
    if step is None:
        return False
    staff.totp_secret, staff.totp_confirmed_at, staff.totp_used = secret, now, step
    staff.must_enrol = False
    return True


def lose(staff: Staff) -> None:
    """Forgets a member's second factor; a new one must be enrolled at the next sign-in."""
    staff.totp_secret = staff.totp_confirmed_at = staff.totp_used = None
    staff.must_enrol = True


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    digits = re.sub(r"\s", "", code)
    step, totp = int(now.timestamp()) // STEP, pyotp.TOTP(secret)
    near = [each for each in range(step - WINDOW, step + WINDOW + 1) if _is_same(totp.generate_otp(each), digits)]
    return max(near, default=None)


def _is_same(right: str, typed: str) -> bool:
    return hmac.compare_digest(right.encode(), typed.encode())
