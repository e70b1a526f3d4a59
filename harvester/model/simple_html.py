"""Recognise markup that is clean already, so that it need not go through a browser's parser.

A harvest cleans a million texts, and nine of ten are a few paragraphs and lists without any attribute. What this module
accepts, the sanitizer would give back letter by letter (a property test holds them against each other); everything it is not
sure of goes the long way.
"""

from __future__ import annotations

import re

_INLINE = frozenset({"b", "strong", "i", "em", "sup", "sub"})
_LISTS = frozenset({"ul", "ol"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TOP = ""
_TAGS = re.compile(r"<(/?(?:p|br|ul|ol|li|b|strong|i|em|sup|sub|a|h[1-6]))>|<(a) href=\"https?://[^\"<>&\s\\]+\">")
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
    tags = (len(pieces) - 1) // 3
    if html.count("<") != tags or html.count(">") != tags:
        return None
    inside, filled = [_TOP], [True]
    words = [pieces[0]]
    for position in range(1, len(pieces), 3):
        tag = pieces[position] or "a"
        if tag[0] == "/":
            if inside.pop() != tag[1:] or not filled.pop():
                return None
            filled[-1] = True
        elif tag not in _INSIDE[inside[-1]] or (tag == "a" and pieces[position + 1] is None):
            return None
        elif tag != "br":
            inside.append(tag)
            filled.append(False)
        text = pieces[position + 2]
        if tag in _BREAKS:
            words.append("\n")
        words.append(text)
        if text and not text.isspace():
            if inside[-1] in _LISTS:
                return None
            filled[-1] = True
    return "".join(words) if len(inside) == 1 else None
