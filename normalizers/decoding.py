"""From raw bytes to text, or a clear word that they are none."""

from __future__ import annotations

from harvester.model import Document, DocumentError

# What a server may declare, and what it means by it: the web reads ISO 8859-1 as Windows-1252 (WHATWG Encoding).
_DECLARED = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso8859-15",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}


def read_text(document: Document) -> str:
    """Decode a whole document, without its byte order mark.

    UTF-8 comes first whatever the server declares: text that is valid UTF-8 by chance is next to impossible, while
    ISO 8859-1 fits every file and would turn umlauts into rubbish. Then the declared charset has its say.
    """
    with document.open() as stream:
        raw = stream.read()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        declared = (document.charset or "").strip().lower()
        try:
            return raw.decode(_DECLARED[declared])
        except (KeyError, UnicodeDecodeError):
            said = f"the declared charset {declared!r} does not help" if declared else "no charset is declared"
            raise DocumentError(
                f"The document is not UTF-8 (byte 0x{raw[error.start]:02x} at position {error.start}), and {said}."
            ) from error
