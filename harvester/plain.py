"""Text from strangers, made harmless for a line on a terminal, in a mail or in a log."""

from __future__ import annotations

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BLANKS = re.compile(r"\s+")


def plain(text: str, longest: int = 2000) -> str:
    """One line without anything that steers a terminal or turns the direction of writing, cut to ``longest`` characters.

    Control characters (ECMA-48), marks that change the direction (Unicode UAX 9: a file name could be read backwards) and
    characters of no width go; white space becomes a blank.
    """
    if len(text) > 4 * longest:
        text = text[: 4 * longest]
    # what Python calls printable has none of these characters, and no white space but blanks: most texts are so already
    short = text.isprintable() and "  " not in text
    text = text.strip() if short else _cleaned(text)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _cleaned(text: str) -> str:
    return _BLANKS.sub(" ", _STEERING.sub("", text.replace("\n", " ").replace("\t", " "))).strip()
