"""Clean texts: from a source's HTML to the allowed elements, and to plain text.

The allow-list is the one PVOG asks its suppliers to keep (Sammlerdienst, texts of XZuFi): paragraphs, headings, lists,
emphasis and links. Everything else loses its tag and keeps its words; scripts and styles go with their content.
Cleaning is idempotent: ``clean(clean(x).html) == clean(x)``.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import nh3

_TAGS = {"p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i", "em", "sup", "sub", "ul", "ol", "li", "a"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "style", "title", "iframe", "object", "template", "noscript", "textarea"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)
# Zero-width characters, soft hyphen, directional marks, BOM and control characters carry no words; some of them can
# make a text lie about its direction.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BLANKS = re.compile(r"[ \t\r\n\u00a0\u2000-\u200a\u202f\u3000]+")
_BLOCK = re.compile(r"<(?:/?(?:p|h[1-6]|ul|ol|li)|br)>")
_TAG = re.compile(r"<[^>]*>")
_MARKUP = re.compile(r"[<&]")
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|br|ul|ol|li|b|strong|a|h[1-6]|em|i|sup|sub|span|div)\b", re.IGNORECASE)
_DOUBLE_ENTITY = re.compile(r"&amp;(?=#?\w{1,8};)")
_EMPTY_BLOCK = re.compile(r"<(p|li|ul|ol|b|strong|i|em|h[1-6])>(?:\s|<br>)*</\1>")
_EDGE = re.compile(r" ?(</?(?:p|h[1-6]|ul|ol|li)>|<br>) ?")

_PLACEHOLDERS = frozenset(
    {
        "",
        "nicht angegeben",
        "keine angabe",
        "keine angaben",
        "k.a.",
        "k. a.",
        "n/a",
        "not specified",
        "none specified",
        "-",
        "--",
        "—",
        "–",
        "...",
        "…",
        "x",
        "xxx",
        "tbd",
        "null",
        "none",
        "platzhalter",
        "placeholder",
    }
)


class Clean(NamedTuple):
    """A text in its two forms: allowed HTML, and plain text with a line per block."""

    html: str
    text: str


_NOTHING = Clean("", "")


def clean_line(value: str) -> str:
    """Read a name or a title: one line, no markup, no invisible characters, entities resolved, NFC."""
    if _MARKUP.search(value):
        value = _plain(_CLEANER.clean(_resolve(value)))
    value = _BLANKS.sub(" ", _INVISIBLE.sub("", value)).strip()
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def clean_text(value: str) -> Clean:
    """Read a text module. Placeholders such as „nicht angegeben“ come back empty."""
    if not value:
        return _NOTHING
    return _clean(value) if len(value) < 200 else _clean.__wrapped__(value)


def is_placeholder(text: str) -> bool:
    """Tell whether a source fills a field only because it must not be empty."""
    return text.strip(" .:!*").casefold() in _PLACEHOLDERS or text.casefold() in _PLACEHOLDERS


@lru_cache(maxsize=4096)
def _clean(value: str) -> Clean:
    value = _INVISIBLE.sub("", value)
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    if not _MARKUP.search(value):
        text = _BLANKS.sub(" ", value).strip()
        return _NOTHING if is_placeholder(text) else Clean(entities.escape(text, quote=False), text)
    value = _BLANKS.sub(" ", _INVISIBLE.sub("", _CLEANER.clean(_resolve(value)).replace("&nbsp;", " ")))
    value = _EDGE.sub(r"\1", value)
    while (shorter := _EMPTY_BLOCK.sub("", value)) != value:
        value = shorter
    value = value.strip()
    text = _plain(value)
    return _NOTHING if is_placeholder(text) else Clean(value, text)


def _resolve(value: str) -> str:
    """Undo double escaping: markup that arrives as text, and entities of entities."""
    value = _DOUBLE_ENTITY.sub("&", value)
    if _ESCAPED_TAG.search(value) and "<" not in value:
        value = entities.unescape(value)
    return value


def _plain(value: str) -> str:
    """Words of clean HTML, a line per block."""
    text = entities.unescape(_TAG.sub("", _BLOCK.sub("\n", value)))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
