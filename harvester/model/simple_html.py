"""Recognise markup that is clean already, so that it need not go through a browser's parser.

A harvest cleans a million texts, and most are a few paragraphs, lists and links. What this module accepts, the long way
through the sanitizer would give back letter by letter (a property test holds them against each other); everything it is
not sure of goes the long way.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain
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
    """How a text is built: what to write after each part for the tag behind it, and which parts stand at an edge.

    ``edges`` lists the parts (by number) that have the edge of a block on their left, and those that have one on their right.
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
    texts, tags = pieces[0::2], pieces[1::2]
    if html.count("<") != len(tags) or html.count(">") != len(tags) or not unicodedata.is_normalized("NFC", html):
        return None
    shape = _shape_of(tuple(map(_NAMES.get, tags)), tuple(map(bool, map(str.strip, texts))))
    if shape is None:
        return None
    if "> " in html or " <" in html:
        for number in shape.after:
            texts[number] = texts[number].lstrip()
        for number in shape.before:
            texts[number] = texts[number].rstrip()
        html = "".join(chain.from_iterable(zip(texts, (*tags, ""), strict=True)))
    words = "".join(chain.from_iterable(zip(texts, shape.breaks, strict=True)))
    if "  " in words or "\n " in words or " \n" in words:
        words = "\n".join(" ".join(line.split()) for line in words.split("\n"))
    return html, "\n".join(filter(None, words.strip().split("\n")))


@lru_cache(maxsize=16_384)
def _shape_of(names: tuple[str | None, ...], words: tuple[bool, ...]) -> Shape | None:
    """The shape of a text, None if a browser's parser would change its tags. Few shapes make up all texts.

    A name that is None opens a link. ``words`` tells for the text before each tag, and the last one, whether it has any:
    elements without words are taken away.
    """
    inside, filled = [_TOP], [True]
    breaks: list[str] = []
    for name, has_words in zip((*names, "/"), words, strict=True):
        if has_words:
            if inside[-1] in _LISTS:
                return None
            filled[-1] = True
        tag = name or "a"
        if tag == "/":
            breaks.append("")
        elif tag[0] == "/":
            if inside.pop() != tag[1:] or not filled.pop():
                return None
            filled[-1] = True
            breaks.append("\n" if tag[1:] in _EDGES else "")
        elif tag not in _INSIDE[inside[-1]]:
            return None
        else:
            breaks.append("\n" if tag in _EDGES else "")
            if tag != "br":
                inside.append(tag)
                filled.append(False)
    if len(inside) > 1:
        return None
    edges = [number for number, written in enumerate(breaks) if written]
    return Shape(tuple(breaks), tuple(number + 1 for number in edges), tuple(edges))
