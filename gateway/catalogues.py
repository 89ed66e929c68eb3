"""The translations, of the menus and of the console: compiled at start, a catalogue only when it is complete.

So a language appears on the phone when its last sentence is there, and nobody switches it on.
"""

import os
from pathlib import Path

import structlog
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from menus import words

log = structlog.get_logger()


def compile_complete(folder: Path = words.LOCALE) -> list[str]:
    """Compiles each complete catalogue that changed and drops the others' compiled form; gives the complete ones."""
    complete = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file)
        compiled = source.with_suffix(".mo")
        if not is_complete(catalogue):
            if compiled.exists():  # to remove what isn't there is refused, too, where nothing may be written
                compiled.unlink(missing_ok=True)
            continue
        complete.append(source.parent.parent.name)
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _renew(compiled, catalogue)
    words.forget_catalogues()
    return complete


def is_complete(catalogue: Catalog) -> bool:
    """Whether every sentence is translated and none is marked fuzzy."""
    sentences = [message for message in catalogue if message.id]
    return bool(sentences) and all(is_translated(message) and not message.fuzzy for message in sentences)


def is_translated(message: Message) -> bool:
    """Whether a sentence has its translation, one that a number decides on every form of it."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def _renew(compiled: Path, catalogue: Catalog) -> None:
    """Writes a catalogue; where nothing may be written, the one that is there goes on. Raises `OSError` without any."""
    try:
        _write(compiled, catalogue)
    except OSError as error:
        if not compiled.exists():
            raise
        log.warning("catalogue is older than its words: run `make install`", file=compiled.name, error=error)


def _write(compiled: Path, catalogue: Catalog) -> None:
    fresh = compiled.with_suffix(f".{os.getpid()}.tmp")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(compiled)  # several processes may start at once
