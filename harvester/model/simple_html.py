"""Recognise markup that is clean already, so that it need not go through a browser's parser.

A harvest cleans a million texts, and most are a few paragraphs, lists and links. What this module accepts, the long way
through the sanitizer would give back letter by letter (a property test holds them against each other); everything it is
not sure of goes the long way.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_INLINE = frozenset({"b", "strong", "i", "em", "sup", "sub"})
_LISTS = frozenset({"ul", "ol"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TOP = ""
# Names of hosts that no reader of addresses would refuse; no entity, so that nothing has to be spelled out in an address.
_ADDRESS = r"https?://(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+(?:[/?#][^\"<>&\s\\]*+)?+"
_TAGS = re.compile(rf"(</?(?:p|ul|ol|li|b|strong|i|em|sup|sub|h[1-6])>|<br>|</a>|<a href=\"{_ADDRESS}\">)")
_EXTRAS = re.compile(r'(<a href="[^"<>&]*+")(?: (?:target|rel|title|class)="[^"<>&]*+")++>')
# What may stand directly inside what. Nothing here lets a browser's parser close or move an element by itself.
_PHRASES = _INLINE | {"br", "a"}
_INSIDE: dict[str, frozenset[str]] = {
    _TOP: _PHRASES | _LISTS | _HEADINGS | {"p"},
    "p": _PHRASES,
    "li": _PHRASES | _LISTS | {"p"},
    "a": _INLINE | {"br"},
    **dict.fromkeys(_LISTS, frozenset({"li"})),
    **dict.fromkeys(_HEADINGS, _PHRASES),
    **dict.fromkeys(_INLINE, _PHRASES - {"a"}),
}
_EDGES = _LISTS | _HEADINGS | {"p", "li", "br"}
_NAMES = {f"<{slash}{name}>": slash + name for name in (*_INSIDE, "br") if name for slash in ("", "/")}
del _NAMES["<a>"], _NAMES["</br>"]


class Shape(NamedTuple):
    """How a text is built: what its words have in place of each tag, and which parts stand at an edge.

    ``breaks`` holds a line break for the first edge after words, so that no line is empty. ``after`` lists what has the edge
    of a block on its left, ``before`` what has one on its right, by the place of the part among parts and tags.
    """

    breaks: tuple[str, ...]
    after: tuple[int, ...]
    before: tuple[int, ...]


def take_simple(html: str) -> tuple[str, str] | None:
    """Clean HTML and its words with a line per block; None where the sanitizer has to look.

    ``html`` has no runs of white space and no blank at its ends.
    """
    if "&" in html:
        return None
    if "<br " in html or "<br/" in html:
        html = html.replace("<br />", "<br>").replace("<br/>", "<br>")
    if '" ' in html:
        html = _EXTRAS.sub(r"\1>", html)
    pieces = _TAGS.split(html)
    tags = pieces[1::2]
    if html.count("<") != len(tags) or html.count(">") != len(tags) or not unicodedata.is_normalized("NFC", html):
        return None
    # The only parts without words are the empty one and the blank, and whatever holds words comes behind both.
    shape = _shape_of(tuple(map(_NAMES.get, tags)), tuple([part > " " for part in pieces[0::2]]))
    if shape is None:
        return None
    if "> " in html:
        for number in shape.after:
            pieces[number] = pieces[number].lstrip()
    if " <" in html:
        for number in shape.before:
            pieces[number] = pieces[number].rstrip()
    html = "".join(pieces)
    pieces[1::2] = shape.breaks
    return html, _even_lines("".join(pieces).strip())


def _even_lines(words: str) -> str:
    """Lines without blanks at their ends or more than one in between, and no empty line."""
    if "  " in words or "\n " in words or " \n" in words:
        return "\n".join(filter(None, (" ".join(line.split()) for line in words.split("\n"))))
    return words


@lru_cache(maxsize=16_384)
def _shape_of(names: tuple[str | None, ...], words: tuple[bool, ...]) -> Shape | None:
    """The shape of a text, None if a browser's parser would change its tags. Few shapes make up all texts.

    A name that is None opens a link. ``words`` tells for the text before each tag, and the last one, whether it has any:
    elements without words are taken away.
    """
    inside, filled = [_TOP], [True]
    for name, has_words in zip((*names, "/"), words, strict=True):
        if has_words:
            if inside[-1] in _LISTS:
                return None
            filled[-1] = True
        tag = name or "a"
        if tag == "/":
            break
        if tag[0] == "/":
            if inside.pop() != tag[1:] or not filled.pop():
                return None
            filled[-1] = True
        elif tag not in _INSIDE[inside[-1]]:
            return None
        elif tag != "br":
            inside.append(tag)
            filled.append(False)
    return _lay_out(names, words) if len(inside) == 1 else None


def _lay_out(names: tuple[str | None, ...], words: tuple[bool, ...]) -> Shape:
    """Find the edges, and where a line ends: at the first edge behind words."""
    breaks: list[str] = []
    edges: list[int] = []
    line_is_empty = True
    for number, name in enumerate(names):
        line_is_empty = line_is_empty and not words[number]
        is_edge = (name or "a").removeprefix("/") in _EDGES
        breaks.append("\n" if is_edge and not line_is_empty else "")
        if is_edge:
            edges.append(2 * number + 1)
            line_is_empty = True
    return Shape(tuple(breaks), tuple(place + 1 for place in edges), tuple(place - 1 for place in edges))
