"""Read link addresses as editors type them: one rule for all interfaces."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit


class Address(NamedTuple):
    """What became of an address.

    ``url`` is empty where there is none; ``problem`` says why, and is empty where the source gave nothing at all.
    ``template`` marks an address that lacks something the portal has to fill in before a person can use it.
    """

    url: str
    template: bool
    problem: str


NOWHERE = Address("", template=False, problem="")

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile(r"[\s\u00a0]+")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_HOST_AND_PORT = re.compile(r"[\w-]+(?:\.[\w-]+)+:\d+(?:[/?#]|$)")
_BROKEN_LINE = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_SECOND = re.compile(r"\s(?:https?://|www\.)", re.IGNORECASE)

# {serviceId}, ${plz}, %7Bid%7D, <ort>. Quotes never stand in a placeholder, they mean JSON inside an address.
_BRACES = re.compile(r"(?:\{|%7B)([^{}\"'%]{0,80})(?:\}|%7D)", re.IGNORECASE)
_ANGLES = re.compile(r"(?:<|%3C)[\w .-]{1,80}(?:>|%3E)", re.IGNORECASE)
# [plz] only where a whole segment or value is one; TYPO3 and PHP name their parameters tx_news[uid]=5, anliegen[]=7.
_BRACKETS = re.compile(r"(?<=[/=])(?:\[|%5B)[a-z_][\w .-]{0,79}(?:\]|%5D)(?=$|[/&?#])", re.IGNORECASE)
_EMPTY_PARAMETER = re.compile(r"[?&;](?:gebiets_id|oeId|plz)=(?=$|[&;#])", re.IGNORECASE)
# SharePoint and Domino address their lists by a GUID in braces: that is an address, nothing is missing.
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def clean_address(raw: str) -> Address:
    """Read one address: trimmed, without invisible characters, with its scheme.

    ``www.`` without a scheme and ``//host`` become https. Line breaks inside are removed and blanks percent-encoded,
    as browsers do (WHATWG URL).
    Anything but http and https with a host is a problem, told in a sentence; nothing is guessed.
    """
    if _SECOND.search(raw.strip()):
        return _problem(raw, "holds more than one address")
    text = _BLANKS.sub(" ", _INVISIBLE.sub("", _BROKEN_LINE.sub("", raw.strip()))).strip().replace("&amp;", "&")
    if not text:
        return NOWHERE
    text = _with_scheme(text.replace(" ", "%20"))
    scheme = _SCHEME.match(text)
    if scheme is None or _HOST_AND_PORT.match(text):
        return _problem(raw, "is relative: it has no scheme and no host")
    if scheme[1].lower() not in {"http", "https"}:
        return _problem(raw, f"is no web address: its scheme is {scheme[1].lower()!r}")
    template = is_template(text)
    complaint = _complaint(text)
    if complaint and not template:
        return _problem(raw, complaint)
    return Address(scheme[1].lower() + text[scheme.end(1) :], template, "")


def is_template(url: str) -> bool:
    """Tell whether an address still has gaps: placeholders, or an empty parameter for the region or the office."""
    if any(not _GUID.fullmatch(found[1]) for found in _BRACES.finditer(url)):
        return True
    return any(pattern.search(url) for pattern in (_ANGLES, _BRACKETS, _EMPTY_PARAMETER))


def _with_scheme(text: str) -> str:
    if text.startswith("//"):
        return "https:" + text
    return "https://" + text if text[:4].lower() == "www." else text


def _complaint(url: str) -> str:
    """What is wrong with an http address, empty if nothing is."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"cannot be read: {error}"
    if not host or not url[len(parts.scheme) :].startswith("://"):
        return "has no host"
    if host in {"http", "https"}:
        return "names its scheme twice"
    if parts.username is not None:
        return "carries a user name"
    return ""


def _problem(raw: str, what: str) -> Address:
    shown = raw.strip().encode("utf-8", "replace").decode()
    shown = shown if len(shown) <= 120 else shown[:119] + "…"
    return Address("", template=False, problem=f"The address {shown!r} {what}.")
