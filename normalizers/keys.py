"""Read LeiKa keys as sources print them: one or several in a field, with or without blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from harvester.model import LeikaKey

_BETWEEN = re.compile(r"[,;|\n]")
_TOKEN = re.compile(r"[0-9]{14}")


class Keys(NamedTuple):
    """The keys of a field, each once and in its order, and what stood there without being one."""

    good: tuple[LeikaKey, ...]
    broken: tuple[str, ...]


def read_keys(fields: Iterable[str]) -> Keys:
    """Read all keys of some fields; several in one field are parted by comma, semicolon, line or blank."""
    good: dict[LeikaKey, None] = {}
    broken: dict[str, None] = {}
    for field in fields:
        for piece in _pieces(field):
            try:
                good[LeikaKey.read(piece)] = None
            except ValueError:
                broken[piece] = None
    return Keys(tuple(good), tuple(broken))


def _pieces(field: str) -> list[str]:
    """Part a field. Blanks part keys only where each piece is one: ``99 102 013 104 000`` is a single key."""
    found: list[str] = []
    for part in _BETWEEN.split(field):
        words = part.split()
        if len(words) > 1 and all(_TOKEN.fullmatch(word) for word in words):
            found.extend(words)
        elif words:
            found.append(part.strip())
    return found
