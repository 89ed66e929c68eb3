"""Fitting a screen to a phone: 160 GSM septets with the carrier's prefix, numbers that run on over the pages.

Room for the longest line about a mistake is kept free on every page, so that numbers never shift under the thumb.
160 is Safaricom's limit per menu (Africa's Talking, help centre, "character limits in Kenya"); Airtel's is 184.
"""

from collections.abc import Sequence

from menus.shapes import Ask, Menu, Option
from menus.words import N_, Say, gsm7, septets, shorten

ROOM = 160 - len("CON ")
LAST_NUMBER = 90  # above it stands a key: 98
LONGEST_TITLE = 45
LONGEST_QUESTION = 115
LONGEST_OPTION = 52

SAMPLE = N_("SAMPLE")
BACK_KEY = N_("0 Back")
HOME_KEY = N_("00 Home")
MORE_KEY = N_("98 More")
CUT_LIST = N_("Only the first 90.")


def numbered(menu: Menu) -> list[tuple[int, Option]]:
    """Gives a menu's options with their numbers, none above 90."""
    return [(n, option) for n, option in enumerate(menu.options[:LAST_NUMBER], start=1) if option]


def fitted(text: str, room: int) -> str:
    """Gives a text in the GSM alphabet, cut at a word where it is longer than `room` septets."""
    plain = gsm7(text)
    return plain if septets(plain) <= room else shorten(plain, room)


def pages(shape: Menu | Ask, say: Say, *, is_root: bool, mistakes: Sequence[str]) -> list[str]:
    """Lays a screen out.

    Gives its pages, each with its keys. `mistakes` are the lines that may come on top; a root has no way back.
    """
    title = _title(shape, say)
    lines = _lines(shape, say)
    keys = [] if is_root else [say(BACK_KEY), say(HOME_KEY)]
    room = ROOM - max(septets(gsm7(line)) + 1 for line in mistakes) - septets(title)
    whole = _filled(lines, room - _size(keys))
    if len(whole) == 1:
        return ["\n".join([title, *whole[0], *_line(keys)])]
    most = [say(BACK_KEY), *keys[1:], say(MORE_KEY)]
    filled = _filled(lines, room - _size(most))
    first = [*keys, say(MORE_KEY)]
    last = most[:-1]
    return [
        "\n".join([title, *page, *_line(first if n == 0 else last if n == len(filled) - 1 else most)])
        for n, page in enumerate(filled)
    ]


def _title(shape: Menu | Ask, say: Say) -> str:
    if isinstance(shape, Ask):
        return fitted(shape.title, LONGEST_QUESTION)
    return fitted(shape.title, LONGEST_TITLE) + (f" ({say(SAMPLE)})" if shape.is_sample else "")


def _lines(shape: Menu | Ask, say: Say) -> list[tuple[str, bool]]:
    """Gives the lines below the title, and of each whether it must stay whole."""
    if isinstance(shape, Ask):
        return [(fitted(f"1 {shape.skip}", LONGEST_OPTION), True)] if shape.skip else []
    text = [(gsm7(line), False) for line in shape.text.split("\n") if line]
    options = [(fitted(f"{n} {option.label}", LONGEST_OPTION), True) for n, option in numbered(shape)]
    cut = [(gsm7(say(CUT_LIST)), True)] if len(shape.options) > LAST_NUMBER else []
    return [*options, *cut, *text] if shape.text_is_below else [*text, *options, *cut]


def _line(keys: Sequence[str]) -> list[str]:
    return [gsm7(" ".join(keys))] if keys else []


def _size(keys: Sequence[str]) -> int:
    return sum(1 + septets(line) for line in _line(keys))


def _filled(lines: list[tuple[str, bool]], room: int) -> list[list[str]]:
    """Fills pages of `room` septets, each line costing its line break."""
    filled: list[list[str]] = [[]]
    left = room
    for line, is_whole in lines:
        for piece in [line] if is_whole else _pieces(line, room - 1):
            if septets(piece) + 1 > left and filled[-1]:
                filled.append([])
                left = room
            filled[-1].append(piece)
            left -= septets(piece) + 1
    return filled


def _pieces(line: str, room: int) -> list[str]:
    """Breaks a line that is longer than a page at its words."""
    pieces: list[str] = []
    rest = line
    while septets(rest) > room:
        cut = room
        while septets(rest[:cut]) > room:
            cut -= 1
        word = rest.rfind(" ", 1, cut + 1)
        cut = word if word > 0 else cut
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces
