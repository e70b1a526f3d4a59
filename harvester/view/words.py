"""What changed in a text, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from rapidfuzz.distance import LCSseq

_TOKEN = re.compile(r"\s+|\d+(?:[.,:]\d+)*|\w+|[^\w\s]")
_MOST = 3_000
"""Tokens of a text that are compared word by word; more would take minutes."""

_READABLE = 10_000
"""Product of the numbers of tokens up to which differences are found as people would; with more that takes a hundred times as long."""


class Piece(NamedTuple):
    """A part of a text that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of which ``same`` and ``gone`` make up the old text, ``same`` and ``new`` the new one."""
    return tuple(piece for piece in _pieces(_TOKEN.findall(old), _TOKEN.findall(new)) if piece.text)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    if max(len(old), len(new)) > _MOST:
        yield Piece("gone", "".join(old))
        yield Piece("new", "".join(new))
        return
    if len(old) * len(new) > _READABLE:
        found = [(o.tag, o.src_start, o.src_end, o.dest_start, o.dest_end) for o in LCSseq.opcodes(old, new)]
    else:
        found = [*SequenceMatcher(None, old, new, autojunk=False).get_opcodes()]
    for kind, a, b, c, d in found:
        if kind == "equal":
            yield Piece("same", "".join(old[a:b]))
        else:
            yield Piece("gone", "".join(old[a:b]))
            yield Piece("new", "".join(new[c:d]))
