"""Read the host of an address: names by IDNA 2008, addresses in every spelling browsers take."""

from __future__ import annotations

import re
import socket
import unicodedata
from ipaddress import IPv6Address
from urllib.parse import unquote_to_bytes

import idna

_PLAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
_NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]*|\d+)(?:\.(?:0[xX][0-9a-fA-F]*|\d+)){0,3}\.?")
_LAST_IS_NUMBER = re.compile(r"(?:^|\.)(?:0[xX][0-9a-fA-F]*|\d+)\.?$")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^`{|}\"]")


class BadHostError(ValueError):
    """No browser can make a host of this; the message says why."""


def read_host(text: str) -> str:
    """The one spelling of a host: a name in ASCII, or an address without brackets.

    Raises:
        BadHostError: it is neither.
    """
    if text.startswith("["):
        return _read_ipv6(text)
    if "%" in text:
        text = unquote_to_bytes(text).decode("utf-8", errors="replace")
    lower = text.lower()
    if not _PLAIN.fullmatch(lower) or "xn--" in lower:
        lower = _to_ascii(text)
    if len(lower.rstrip(".")) > 253:
        raise BadHostError("the name is longer than 253 characters")
    if _LAST_IS_NUMBER.search(lower):
        return _read_ipv4(lower)
    return lower


def _to_ascii(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if bad := _FORBIDDEN.search(text):
        raise BadHostError(f"the name holds {bad[0]!r}")
    for dot in "。．｡":
        text = text.replace(dot, ".")
    labels = text.split(".")
    if labels and labels[-1] == "":
        labels.pop()
    if not all(labels):
        raise BadHostError("the name has an empty part")
    ascii_labels = [_label(label) for label in labels]
    return ".".join(ascii_labels)


def _label(label: str) -> str:
    lower = label.lower()
    if _PLAIN.fullmatch(lower) and not lower.startswith("xn--"):
        return lower
    if lower.isascii() and len(lower) > 63:
        raise BadHostError("a part of the name is longer than 63 characters")
    try:
        return idna.encode(label, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise BadHostError(f"{label!r} is no part of a name ({error})") from error


def _read_ipv4(text: str) -> str:
    """Decimal, octal, hexadecimal and short spellings, as browsers read them."""
    if not _NUMBER.fullmatch(text):
        raise BadHostError("the name ends in a number but is no IP address")
    try:
        return socket.inet_ntoa(socket.inet_aton(text.rstrip(".")))
    except OSError as error:
        raise BadHostError("this is no IP address") from error


def _read_ipv6(text: str) -> str:
    if not text.endswith("]") or "%" in text:
        raise BadHostError("this is no IP address")
    try:
        return IPv6Address(text[1:-1]).compressed
    except ValueError as error:
        raise BadHostError("this is no IP address") from error
