"""Read the head of an answer (RFC 9112), forgivingly where browsers forgive: a checker must not raise an alarm over it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST_HEAD = 64 * 1024
"""Bytes. Browsers give up at 256 kB; nothing sensible is longer than this."""

LENGTH = 0
CHUNKED = 1
UNTIL_CLOSE = 2

_FIELD = re.compile(rb"([^:\r\n]+):[ \t]*([^\r\n]*)\r?")
"""A header line. One with a bare CR in it does not fit, nor does what follows the CR."""

_REMEMBERED = 4_096
_SHORT = 256
"""Bytes. Servers send the same lines with every answer: short ones are read once."""


class NotHttpError(ValueError):
    """The bytes are no answer of HTTP/1.x."""


@dataclass(slots=True)
class Head:
    """Status and headers of an answer; names in lower case, the first value of each. ``cookies`` are all of Set-Cookie."""

    status: int
    keep: bool
    headers: dict[bytes, bytes]
    cookies: list[bytes]

    def get(self, name: bytes) -> str:
        """The first value of a header, empty where there is none. Bytes beyond ASCII are read as UTF-8, else Latin-1."""
        value = self.headers.get(name)
        return "" if value is None else text_of(value)


def text_of(value: bytes) -> str:
    """A header's value as text."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def parse_head(block: bytes) -> Head:
    """Read the lines before the blank line.

    Lines that are no header, or hold a bare CR, are left out: they must not become headers of their own.

    Raises:
        NotHttpError: the first line is no status line.
    """
    lines = block.split(b"\n")
    first = lines[0]
    status, modern = _status(first) if len(first) <= _SHORT else _read_status(first)
    headers: dict[bytes, bytes] = {}
    cookies: list[bytes] = []
    for line in lines[1:]:
        field = _field(line) if len(line) <= _SHORT else _read_field(line)
        if field is None:
            continue
        name, value = field
        if name == b"set-cookie":
            cookies.append(value)
        elif name not in headers:
            headers[name] = value
        elif name == b"content-length" and headers[name] != value:
            headers[name] = b"conflict"
    connection = headers.get(b"connection", b"").lower()
    keep = connection != b"close" and (modern or connection == b"keep-alive")
    return Head(status, keep, headers, cookies)


def _read_status(line: bytes) -> tuple[int, bool]:
    """The status, and whether the server speaks HTTP/1.1."""
    line = line.rstrip(b"\r")
    version, _, rest = line.partition(b" ")
    rest = rest.lstrip(b" ")
    digits = rest[:3]
    if not (
        version[:7] == b"HTTP/1." and len(version) == 8 and len(digits) == 3 and digits.isdigit() and rest[3:4] in b" "
    ):
        raise NotHttpError(repr(line[:60]))
    return int(digits), version == b"HTTP/1.1"


def _read_field(line: bytes) -> tuple[bytes, bytes] | None:
    """Name and value of a header line, None for what is none."""
    found = _FIELD.fullmatch(line)
    return (found[1].lower(), found[2].rstrip()) if found is not None else None


_status = lru_cache(256)(_read_status)
_field = lru_cache(_REMEMBERED)(_read_field)


def framing(head: Head, method: str) -> tuple[int, int]:
    """How the end of the body is found, and its length (bytes) where that is said (RFC 9112, 6.3)."""
    if method == "HEAD" or head.status in {204, 304} or head.status < 200:
        return LENGTH, 0
    if b"chunked" in head.headers.get(b"transfer-encoding", b"").lower():
        return CHUNKED, 0
    length = head.headers.get(b"content-length")
    if length is not None and length.isdigit() and len(length) < 16:
        return LENGTH, int(length)
    return UNTIL_CLOSE, 0
