"""Bring a stream of text to UTF-8, the only encoding the places are searched in."""

from __future__ import annotations

import codecs
import re
from io import BytesIO

from harvester.explain.locator import Form
from harvester.explain.window import Readable

_HEAD = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']")


class Transcoded:
    """A stream of another encoding, read as UTF-8. What cannot be decoded becomes U+FFFD."""

    def __init__(self, stream: Readable, charset: str) -> None:
        """Read ``stream``, which is encoded in ``charset``."""
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(charset)(errors="replace")
        self._left = b""

    def read(self, size: int, /) -> bytes:
        """Give up to ``size`` bytes of UTF-8; none at the end."""
        while len(self._left) < size:
            raw = self._stream.read(size)
            self._left += self._decoder.decode(raw, final=not raw).encode("utf-8", "replace")
            if not raw:
                break
        given, self._left = self._left[:size], self._left[size:]
        return given


class _Rejoined:
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head = BytesIO(head)
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        return self._head.read(size) or self._rest.read(size)


def as_utf8(stream: Readable, form: Form, charset: str | None) -> tuple[Readable, str]:
    """Give the stream as UTF-8, and the encoding it was transcoded from (empty: none was needed).

    A byte order mark decides; then ``charset``, what is known from outside; then the declaration of an XML
    document (XML 1.0, appendix F). A table that tells nothing and whose beginning is not UTF-8 is taken for
    Windows-1252.

    Raises:
        LookupError: no such encoding.
    """
    head = _read_head(stream)
    name = _marked(head) or (_guess_html(head, charset) if form is Form.CSS else charset or _guess(head, form))
    whole = _Rejoined(head, stream)
    "".encode(name)  # codecs that are no encodings of text ("hex") are refused here
    codec = codecs.lookup(name).name
    if codec in {"utf-8", "ascii", "utf-8-sig"}:
        return whole, ""
    return Transcoded(whole, codec), codec


def _read_head(stream: Readable) -> bytes:
    head = b""
    while len(head) < _HEAD and (new := stream.read(_HEAD - len(head))):
        head += new
    return head


def _marked(head: bytes) -> str:
    return next((name for mark, name in _BOMS if head.startswith(mark)), "")


def _guess(head: bytes, form: Form) -> str:
    if form is Form.XML:
        return _guess_xml(head)
    if form is Form.TABLE:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _guess_html(head: bytes, charset: str | None) -> str:
    """As pages are read: UTF-8 whatever is declared, then what is, then Windows-1252."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        found = _META.search(head[:4096])
        name = (charset or (found[1].decode("ascii") if found else "") or "cp1252").lower()
        return {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}.get(name, name)
    return "utf-8"


def _guess_xml(head: bytes) -> str:
    if head.startswith(b"<\0"):
        return "utf-16-le"
    if head.startswith(b"\0<"):
        return "utf-16-be"
    declared = _DECLARED.match(head[:1024].lstrip())
    return declared.group(1).decode("ascii") if declared else "utf-8"
