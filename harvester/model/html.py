"""Clean texts: from a source's HTML to the allowed elements, and to plain text.

The allow-list is the one PVOG asks its suppliers to keep (Sammlerdienst, texts of XZuFi): paragraphs, headings, lists,
emphasis and links. Everything else loses its tag and keeps its words; scripts and styles go with their content. Blocks
that are not on the list (``div``, table rows …) leave a line break behind where their words would run together.

Cleaning is idempotent, ``clean_text(clean_text(x).html) == clean_text(x)``. That is also why it is safe: taking away an
invisible character can make ``javascript:`` out of something harmless, so what was taken apart is cleaned once more
until nothing changes, unless the result is of a plain form of which we know that nothing will (``_SETTLED``). What
comes in that form already, as most texts do, takes no parser at all.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import nh3

from harvester.model.simple_html import take_simple

CLEANING = 2
"""Counts up whenever the same text is cleaned differently; documents cleaned in another way are read again."""

_TAGS = {"p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i", "em", "sup", "sub", "ul", "ol", "li", "a"}
_BLOCKS = _TAGS - {"br", "b", "strong", "i", "em", "sup", "sub", "a"}
_CELLS = {"td", "th", "option"}
_BREAKS = {
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hr",
    "legend",
    "main",
    "nav",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS | _CELLS | _BREAKS,
    clean_content_tags={"script", "style", "title", "iframe", "object", "template", "noscript", "textarea"},
    attributes={"a": {"href"}, "*": set()},  # without the latter, title and lang would stay on every element
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)
_PASSES = 10
_ROUNDS = 50
_MOST_TAGS = 10_000  # the time to parse HTML grows with the square of its depth

# Control characters, soft hyphen, zero-width characters, directional marks and halves of characters carry no words;
# some of them can make a text lie about its direction. Blanks and line separators are not among them: they part words.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_TAG = re.compile(r"<[^<>]*>")  # nh3 escapes both in attributes
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;)#?\w{1,8};")
_SYNTAX = frozenset('<>&"')
_DOUBLE_ENTITY = re.compile(r"&amp;(?:amp;)*(?=#?\w{1,8};)")
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|br|ul|ol|li|b|strong|a|h[1-6]|em|i|sup|sub|span|div)\b", re.IGNORECASE)

_EDGE = r"<(?:/?(?:p|h[1-6]|ul|ol|li)|br)>"
_AFTER_EDGE = re.compile(rf"({_EDGE}) ")
_BEFORE_EDGE = re.compile(r" <(/?(?:p|h[1-6]|ul|ol|li)|br)>")
_EDGES = ("<br>", *(f"<{slash}{tag}>" for tag in sorted(_BLOCKS) for slash in ("", "/")))
_STRANGE = re.compile(r"<(?!/|p>|br>|li>|[uo]l>|a[ >]|strong>|b>|h[1-6]>|em>|i>|su[bp]>)")
_CELL = re.compile(rf"</?(?:{'|'.join(sorted(_CELLS))})>")
_BREAK = re.compile(rf"(?: ?</?(?:{'|'.join(sorted(_BREAKS))})>)+ ?")
_LINE = re.compile(rf"</?(?:p|h[1-6]|ul|ol|li|br|{'|'.join(sorted(_BREAKS))})>")
_BARE_ANCHOR = re.compile(r"<a>(.*?)</a>")
_EMPTY = re.compile(
    r'<(?:(?P<tag>p|li|ul|ol|h[1-6]|b|strong|i|em|sup|sub)|a href="[^"]*")>(?: |<br>)*</(?:(?P=tag)|a)>'
)

_WORDS = r"(?:[^<>&]++|&(?:gt;|amp;(?!#?\w{1,8};)|lt;(?![/a-zA-Z])))"
_EMPHASIS = "|".join(rf"<{tag}>{_WORDS}++</{tag}>" for tag in ("b", "strong", "i", "em", "sup", "sub"))
_PHRASE = rf"(?:{_WORDS}|<br>|{_EMPHASIS})"
_LETTERS = r'(?:[^"<>&\s\\]|&amp;(?!#?\w{1,8};))'
_HOST = r"(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+"  # names that no reader of addresses would refuse
_ADDRESS = rf"(?:https?://{_HOST}(?:[/?#]{_LETTERS}*+)?+|(?:mailto|tel):{_LETTERS}++)"
_ANCHOR = rf'<a href="{_ADDRESS}">{_PHRASE}++</a>'
_FLOW = rf"(?:{_PHRASE}|{_ANCHOR})"
_LIST = rf"(?:<li>{_FLOW}++</li>)++"
_SETTLED = re.compile(
    rf"(?:{_FLOW}|<p>{_FLOW}++</p>|<ul>{_LIST}</ul>|<ol>{_LIST}</ol>|<h(?P<rank>[1-6])>{_FLOW}++</h(?P=rank)>)*+"
)

_AND = "\u204a"
"""Stands for „&amp;“ before a blank while other entities are spelled out: the Tironian sign for „and“, which nobody writes."""

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
_LONGEST = 40  # with room for the punctuation around a placeholder


class Clean(NamedTuple):
    """A text in its two forms: allowed HTML, and plain text with a line per block."""

    html: str
    text: str


_NOTHING = Clean("", "")


def clean_line(value: str) -> str:
    """Read a name or a title: one line, no markup, no invisible characters, entities resolved, NFC."""
    if "<" in value or "&" in value:
        value = _plain(_parse(_resolve(_even(value))))
    value = _even(value)
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def clean_text(value: str) -> Clean:
    """Read a text module. Placeholders such as „nicht angegeben“ come back empty."""
    if not value:
        return _NOTHING
    return _clean(value) if len(value) < 200 else _clean.__wrapped__(value)


def is_placeholder(text: str) -> bool:
    """Tell whether a source fills a field only because it must not be empty."""
    if len(text) > _LONGEST:
        return False
    return text.casefold() in _PLACEHOLDERS or text.strip(" .:!*").casefold() in _PLACEHOLDERS


@lru_cache(maxsize=4096)
def _clean(value: str) -> Clean:
    if "<" not in value and "&" not in value:
        text = unicodedata.normalize("NFC", _even(value))
        value = entities.escape(text, quote=False)
    else:
        if (simple := _clean_simple(value)) is not None:
            return _NOTHING if is_placeholder(simple.text) else simple
        even = _even(_ENTITY.sub(_spell, value) if "&" in value else value)
        spared = _spare(even)
        value = _settle(even) if spared is None else spared
        text = _plain(value)
    return _NOTHING if is_placeholder(text) else Clean(value, text)


def _clean_simple(value: str) -> Clean | None:
    """The shortest way, for what is built of a few well-nested elements; None where only a closer look can tell."""
    even = _even(value)
    if "&" not in even:
        taken = take_simple(even)
        return taken and Clean(*taken)
    if _AND in even or not unicodedata.is_normalized("NFC", even):
        return None
    spelled = even.replace("&nbsp;", " ").replace("&amp; ", f"{_AND} ")
    if "&" in spelled:
        before, spelled = spelled, _even(entities.unescape(spelled))
        if "&" in spelled or any(spelled.count(sign) != before.count(sign) for sign in ("<", _AND)):
            return None
    elif "  " in spelled or "&nbsp;" in (even[:6], even[-6:]):
        spelled = _even(spelled)
    taken = take_simple(spelled)
    if taken is None or _AND not in spelled:
        return taken and Clean(*taken)
    return Clean(taken[0].replace(_AND, "&amp;"), taken[1].replace(_AND, "&"))


def _spare(value: str) -> str | None:
    """The short way: what is clean but for blanks goes through no parser; None where that is not certain."""
    value = _trim(value)
    settled = _SETTLED.fullmatch(value) and not _EMPTY.search(value) and unicodedata.is_normalized("NFC", value)
    return value if settled else None


def _spell(entity: re.Match[str]) -> str:
    """The character an entity stands for, unless it is one of those that markup is made of."""
    character = entities.unescape(entity[0])
    return entity[0] if _SYNTAX & set(character) else character


def _settle(value: str) -> str:
    """Clean until nothing changes."""
    for _ in range(_PASSES):
        before, value = value, _tidy(_parse(_compose(_resolve(value))))
        if value == before or (_SETTLED.fullmatch(value) and unicodedata.is_normalized("NFC", value)):
            return value
    # Markup that never comes to rest is made to mislead: its words stay, and nothing that could be markup.
    return _even(re.sub("[<>&]", " ", _plain(value)))


def _parse(value: str) -> str:
    if value.count("<") > _MOST_TAGS:
        value = _TAG.sub(" ", value).replace("<", " ")
    return _CLEANER.clean(value)


def _resolve(value: str) -> str:
    """Undo double escaping: markup that arrives as text, and entities of entities."""
    if "&amp;" in value:
        value = _DOUBLE_ENTITY.sub("&", value)
    if "&lt;" in value and "<" not in value and _ESCAPED_TAG.search(value):
        value = entities.unescape(value)
    return value


def _compose(value: str) -> str:
    """NFC. A tag must not end in ≯, so a stroke that follows its > goes first."""
    if unicodedata.is_normalized("NFC", value):
        return value
    return unicodedata.normalize("NFC", value.replace(">\u0338", ">"))


def _even(value: str) -> str:
    """One blank between words, none around them, and no invisible characters."""
    if value.isprintable() and "  " not in value:  # the blank is the only separator that counts as printable
        return value.strip()
    value = " ".join(value.split())
    return value if value.isprintable() else " ".join(_INVISIBLE.sub("", value).split())


def _tidy(value: str) -> str:
    """Take away what nh3 had to leave: other blocks, blanks at the edges of blocks, elements without words."""
    value = _even(value.replace("&nbsp;", " "))
    if _STRANGE.search(value):
        value = _BREAK.sub(_part, _even(_CELL.sub(" ", value)))
    if "<a>" in value:
        value = _even(_BARE_ANCHOR.sub(r"\1", value))
    value = _trim(value)
    for _ in range(_ROUNDS):
        if not _EMPTY.search(value):
            return value.strip()
        value = _trim(_even(_EMPTY.sub(_close_gap, value)))
    return _even(_TAG.sub(" ", value))  # nested without end


def _trim(value: str) -> str:
    if "> " in value:
        value = _AFTER_EDGE.sub(r"\1", value)
    if " <" in value:
        value = _BEFORE_EDGE.sub(r"<\1>", value)
    return value


def _part(gap: re.Match[str]) -> str:
    """A line break, unless one side of the gap is the edge of a block already."""
    start, end = gap.span()
    text = gap.string
    edge = not start or end == len(text) or text.endswith(_EDGES, 0, start) or text.startswith(_EDGES, end)
    return "" if edge else "<br>"


def _close_gap(empty: re.Match[str]) -> str:
    """What an element without words leaves between its neighbours."""
    if empty["tag"] in _BLOCKS:
        return _part(empty)
    content = empty[0]
    return "<br>" if "<br>" in content else " " if "> <" in content else ""


def _plain(value: str) -> str:
    """Words of clean HTML, a line per block."""
    if _STRANGE.search(value):
        value = _CELL.sub(" ", value)
    text = _TAG.sub("", _LINE.sub("\n", value))
    if "&" in text:
        text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _lines(text)


def _lines(text: str) -> str:
    """Tidy lines, and no empty one."""
    if "  " in text or " \n" in text or "\n " in text:
        text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, text.strip().split("\n")))
