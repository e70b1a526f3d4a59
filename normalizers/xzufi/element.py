"""Read XML elements by their local names, cheaply: a harvest looks at hundreds of millions of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import TypeAlias
from xml.etree import ElementTree as ET

from harvester.model import DocumentError, clean_line, is_placeholder

Element: TypeAlias = ET.Element

NAMESPACE = "http://xoev.de/schemata/xzufi/"
"""What the namespaces of all versions begin with; the version follows (``2_2_0``)."""

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

_MANY = 4096
_DEEPEST = 200


class _Names(dict[str, str]):
    """Tag to local name. Elements of other namespaces keep their full tag and so match nothing.

    ``code`` and ``name`` of code elements are in no namespace at all, by the rules of XÖV.
    """

    def __missing__(self, tag: str) -> str:
        space, _, local = tag.rpartition("}")
        name = local if not space or space[1:].startswith(NAMESPACE) else tag
        if len(self) < _MANY:  # a hostile document may have a million tags
            self[tag] = name
        return name


NAMES = _Names()


def local_name(name: str) -> str:
    """What stands in locators: the name without the namespace that foreign elements carry."""
    return name.rpartition("}")[2]


def children(element: Element) -> Iterator[tuple[str, int, Element]]:
    """Name, number among the siblings of that name (from 1), child."""
    numbers: dict[str, int] = {}
    for child in element:
        name = NAMES[child.tag]
        number = numbers[name] = numbers.get(name, 0) + 1
        yield name, number, child


def child_of(element: Element, name: str) -> Element | None:
    """The first child of a name."""
    for child in element:
        if NAMES[child.tag] == name:
            return child
    return None


def text_of(element: Element | None) -> str:
    """The text of an element without children, trimmed; empty where there is none."""
    return "" if element is None else (element.text or "").strip()


def code_of(element: Element) -> str:
    """The value of a code: that of the child ``code``, or the element's own text."""
    for child in element:
        if NAMES[child.tag] == "code":
            return (child.text or "").strip()
    return (element.text or "").strip()


def name_of(element: Element) -> str:
    """The name that a code element gives for its code, empty if none."""
    return tidy(text_of(child_of(element, "name")))


def markup_of(element: Element) -> str:
    """The text of an element that holds HTML. It ought to be escaped; some editors' systems forget it."""
    if not len(element):
        return element.text or ""
    return "".join(_written(element, 0))


def _written(element: Element, depth: int) -> Iterator[str]:
    """What stands in an element, as markup. Prefixes are left out: they mean nothing outside the document."""
    if depth > _DEEPEST:
        raise DocumentError(f"The document is no well-formed XML for us (nested more than {_DEEPEST} deep).")
    yield escape(element.text or "", quote=False)
    for child in element:
        name = local_name(child.tag)
        attributes = "".join(f' {local_name(key)}="{escape(value)}"' for key, value in child.attrib.items())
        yield f"<{name}{attributes}"
        if child.text or len(child):
            yield ">"
            yield from _written(child, depth + 1)
            yield f"</{name}>"
        else:
            yield "/>"
        yield escape(child.tail or "", quote=False)


def line_of(element: Element | None) -> str:
    """A name or a title, cleaned; empty where it is missing or says that nothing is said."""
    return "" if element is None else tidy(markup_of(element))


@lru_cache(maxsize=8192)
def tidy(raw: str) -> str:
    """Clean a line; empty for a placeholder. Names of categories, offices and links recur all the time."""
    line = clean_line(raw)
    return "" if is_placeholder(line) else line
