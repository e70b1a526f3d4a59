"""Recognise markup that is clean already, so that it need not go through a browser's parser.

A harvest cleans a million texts, and nine of ten are a few paragraphs and lists without any attribute. What this module
accepts, the sanitizer would give back letter by letter (a property test holds them against each other); everything it is not
sure of goes the long way.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

_INLINE = frozenset({"b", "strong", "i", "em", "sup", "sub"})
_LISTS = frozenset({"ul", "ol"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TOP = ""
_TAGS = re.compile(
    r"<(/?(?:p|br|ul|ol|li|b|strong|i|em|sup|sub|h[1-6])|/a)>"
    # names of hosts that no reader of addresses would refuse
    r"|<(a) href=\"https?://(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+(?:[/?#][^\"<>&\s\\]*+)?+\">"
)
# What may stand directly inside what. Nothing here lets a browser's parser close or move an element by itself.
_PHRASES = _INLINE | {"br", "a"}
_FLOW = _PHRASES | _LISTS | {"p"} | _HEADINGS
_INSIDE: dict[str, frozenset[str]] = {
    _TOP: _FLOW,
    "p": _PHRASES,
    "li": _PHRASES | _LISTS | {"p"},
    "a": _INLINE | {"br"},
    **dict.fromkeys(_LISTS, frozenset({"li"})),
    **dict.fromkeys(_HEADINGS, _PHRASES),
    **dict.fromkeys(_INLINE, _PHRASES - {"a"}),
}
_BREAKS = {tag: "\n" for name in ("p", "li", "ul", "ol", *_HEADINGS) for tag in (name, "/" + name)} | {"br": "\n"}


def plain_of_simple(html: str) -> str | None:
    """The words of clean HTML with a line break at each block, or None where the sanitizer has to look.

    ``html`` has no runs of white space. Nothing in it is changed: who gets an answer may keep it as it is.
    """
    if "&" in html:
        return None
    pieces = _TAGS.split(html)
    tags, texts = tuple(pieces[1::3]), pieces[0::3]
    if html.count("<") != len(tags) or html.count(">") != len(tags):
        return None
    breaks = _breaks_of(tags, tuple(map(bool, map(str.strip, texts))))
    return None if breaks is None else "".join(chain.from_iterable(zip(texts, breaks, strict=True)))


@lru_cache(maxsize=16_384)
def _breaks_of(tags: tuple[str | None, ...], words: tuple[bool, ...]) -> tuple[str, ...] | None:
    """What to write after each text for the tag behind it; None if a browser's parser would change the tags.

    A tag that is None opens a link. ``words`` tells for the text before each tag, and the last one, whether it has any:
    elements without words are taken away. Texts are built in few ways, so the answer is mostly known.
    """
    inside, filled = [_TOP], [True]
    breaks: list[str] = []
    for tag, has_words in zip((*tags, "br"), words, strict=True):
        if has_words:
            if inside[-1] in _LISTS:
                return None
            filled[-1] = True
        name = tag or "a"
        if name[0] == "/":
            if inside.pop() != name[1:] or not filled.pop():
                return None
            filled[-1] = True
        elif name not in _INSIDE[inside[-1]] and len(breaks) < len(tags):
            return None
        elif name != "br":
            inside.append(name)
            filled.append(False)
        breaks.append(_BREAKS.get(name, ""))
    return (*breaks[:-1], "") if len(inside) == 1 else None
