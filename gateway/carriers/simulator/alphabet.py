"""What a text weighs on a phone: characters of the GSM 7-bit alphabet, and the parts an SMS is cut into.

Sizes from GSM 03.38 and 03.40: a part holds 160 characters of the 7-bit alphabet or 70 of UCS-2; in a text of several
parts each holds 153 or 67. A character of the extension table weighs two, and no character is cut in half.
"""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")


def is_gsm(text: str) -> bool:
    """Tells whether every character is in the 7-bit alphabet or its extension table."""
    return all(character in _BASIC or character in _EXTENSION for character in text)


def length(text: str) -> int:
    """Gives the number of 7-bit characters; one outside the alphabet counts once."""
    return sum(2 if character in _EXTENSION else 1 for character in text)


def segments(text: str) -> int:
    """Gives the number of SMS parts the text is sent and billed in, at least 1."""
    if is_gsm(text):
        return _parts([length(character) for character in text], whole=160, part=153)
    return _parts([len(character.encode("utf-16-le")) // 2 for character in text], whole=70, part=67)


def _parts(weights: list[int], *, whole: int, part: int) -> int:
    if sum(weights) <= whole:
        return 1
    count, room = 1, part
    for weight in weights:
        if weight > room:
            count, room = count + 1, part
        room -= weight
    return count
