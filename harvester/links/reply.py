"""Read the head of an answer (RFC 9112), forgivingly where browsers forgive: a checker must not raise an alarm over it."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_HEAD = 64 * 1024
"""Bytes. Browsers give up at 256 kB; nothing sensible is longer than this."""

LENGTH = 0
CHUNKED = 1
UNTIL_CLOSE = 2

_HEADER = re.compile(rb"\n([^:\r\n]+):[ \t]*([^\r\n]*)(?=\r?(?:\n|\Z))")
"""A header line. One with a bare CR in it does not fit, nor does what follows the CR."""


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
        if value is None:
            return ""
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
    first = block.partition(b"\n")[0].rstrip(b"\r")
    version, _, rest = first.partition(b" ")
    rest = rest.lstrip(b" ")
    digits = rest[:3]
    if not (
        version[:7] == b"HTTP/1." and len(version) == 8 and len(digits) == 3 and digits.isdigit() and rest[3:4] in b" "
    ):
        raise NotHttpError(repr(first[:60]))
    headers: dict[bytes, bytes] = {}
    cookies: list[bytes] = []
    for raw, padded in _HEADER.findall(block):
        name, value = raw.lower(), padded.rstrip()
        if name == b"set-cookie":
            cookies.append(value)
        elif name not in headers:
            headers[name] = value
        elif name == b"content-length" and headers[name] != value:
            headers[name] = b"conflict"
    connection = headers.get(b"connection", b"").lower()
    keep = connection != b"close" and (version == b"HTTP/1.1" or connection == b"keep-alive")
    return Head(int(digits), keep, headers, cookies)


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
