"""Keep officials out: names, direct numbers and personal addresses of staff are no part of a service.

What is about a person goes with everything in it; a text that only mentions a number or an address loses that. Offices have
functional contacts of their own, which come from other sources.
"""

from __future__ import annotations

import re

from normalizers.website.page import Element, Page, blank, words

_SELECTORS = (
    '[itemtype*="schema.org/Person"]',
    '[typeof~="Person"]',
    '[typeof~="schema:Person"]',
    '[typeof~="foaf:Person"]',
    "[itemprop=employee]",
    "[property=ansprechpartner]",
    "[class*=kontaktperson]",
    "[class*=contact-person]",
    "[class*=contactperson]",
    "[class*=ansprechpartner]",
    "[class*=mitarbeiter]",
    "[class*=sachbearbeit]",
    "[class*=employee]",
    ".vcard",
    ".h-card",
    "address",
    'a[href^="mailto:"]',
    'a[href^="MAILTO:"]',
    'a[href^="tel:"]',
    'a[href*="/mitarbeiter/"]',
    'a[href*="/mitarbeiterin/"]',
    'a[href*="/ansprechpartner/"]',
    'a[href*="/personen/"]',
)
_FRAMES = frozenset({"html", "head", "body", "main"})
_BLOCKS = ("p", "li", "tr", "dd", "dt", "td", "th", "div", "span", "section", "article", "h2", "h3", "h4", "h5", "h6")
_SHORT = 200
"""Characters. A block this short that holds a number or an address is a line of contact; a longer one is a text."""

_NAMED = re.compile(
    r"\b(?:Frau|Herrn?|Hr\.|Fr\.)\s+(?:(?:Dr|Prof)\.\s+)*[A-ZÄÖÜ][a-zäöüß-]+(?<!Bürgermeister)(?<!Minister)"
)
_MAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?:\b(?:Tel(?:efon)?|Fon|Durchwahl|Fax|Telefax|Mobil|Handy)\b[.:\s]*)?"
    r"(?<![\d,.])(?<!\d )(?:\+49[\s()/\d-]{6,18}\d|0\d{2,5}\s?[/ )–-]{1,3}\d{2,}(?:[ -]?\d+){0,4})"
)


def remove_people(page: Page) -> None:
    """Empty everything on a page that is about a person."""
    for selector in _SELECTORS:
        for element in page.all(selector):
            if element.tag not in _FRAMES and not _holds_heading(element):
                blank(element)
    for element in list(page.root.iter(*_BLOCKS)):
        if any(child.tag in _BLOCKS for child in element):
            continue
        told = words(element)
        if _NAMED.search(told) or (len(told) <= _SHORT and is_contact(told)):
            blank(_line_of(element))
    for element in page.root.iter():
        if isinstance(element.tag, str):
            element.text = without_contact(element.text)
            element.tail = without_contact(element.tail)


def is_contact(text: str) -> bool:
    """Whether a text holds a mail address or a telephone number."""
    return bool(_MAIL.search(text) or _PHONE.search(text))


def without_contact(text: str | None) -> str | None:
    """A text without mail addresses and telephone numbers."""
    if not text or ("@" not in text and "at" not in text and "0" not in text and "+" not in text):
        return text
    return _PHONE.sub("", _MAIL.sub("", text))


def names_person(text: str) -> bool:
    """Whether a text speaks of somebody by name."""
    return bool(_NAMED.search(text))


def _line_of(element: Element) -> Element:
    """The row of a table a cell belongs to: the name stands beside the number."""
    while element.tag in {"td", "th", "span"} and (parent := element.getparent()) is not None:
        if parent.tag == "tr":
            return parent
        if element.tag == "span" and parent.tag not in {"td", "th", "span", "p", "li", "dd"}:
            return element
        element = parent
    return element


def _holds_heading(element: Element) -> bool:
    return next(element.iter("h1"), None) is not None
