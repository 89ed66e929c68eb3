"""Phone numbers. phonenumbers lives here, its core only. It reads letters as digits, so shapes go first."""

import re
from functools import lru_cache

import phonenumbers

COUNTRY = "KE"
LONGEST_AT_HOME = 9  # digits of a Kenyan number without its leading 0 (ITU's national numbering plan of Kenya)
_SHAPE = re.compile(r"\+?[0-9 ()\-]{7,20}", re.ASCII)
_NUMBER = re.compile(r"\+[1-9][0-9]{8,14}", re.ASCII)
_MOBILE = re.compile(r"\+254[17][0-9]{8}", re.ASCII)


@lru_cache(maxsize=4096)  # a citizen's hops come one after the other
def e164(typed: str) -> str | None:
    """Gives any spelling of a number in E.164, or None where it is none.

    A number without `+` is Kenyan when it begins with 0 or has nine digits at most; a longer one only lacks its `+`.
    """
    stripped = typed.strip()
    if not _SHAPE.fullmatch(stripped):
        return None
    digits = re.sub(r"[^0-9+]", "", stripped)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif not digits.startswith(("+", "0")) and len(digits) > LONGEST_AT_HOME:
        digits = "+" + digits
    try:
        number = phonenumbers.parse(digits, COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_number(phone: str) -> bool:
    """Whether this is a number in E.164 at all; an operator's name or a short code is none."""
    return _NUMBER.fullmatch(phone) is not None


def is_kenyan_mobile(phone: str) -> bool:
    """Whether a number in E.164 is a Kenyan mobile, 07… or 01…: only those are ever sent to."""
    return _MOBILE.fullmatch(phone) is not None


def masked(phone: str) -> str:
    """Gives a number as logs and screens may show it: `+2547…012`."""
    return f"{phone[:5]}…{phone[-3:]}"


def spoken(phone: str) -> str:
    """Gives a Kenyan number in groups, as people read it aloud: `0712 345 678`; any other as it is."""
    if not is_kenyan_mobile(phone):
        return phone
    at_home = f"0{phone.removeprefix('+254')}"
    return f"{at_home[:4]} {at_home[4:7]} {at_home[7:]}"
