"""Pages of PVOG's Bereitstelldienst: a JSON object that holds an XZuFi message as text."""

from __future__ import annotations

from harvester.model import Document, DocumentError
from normalizers.loose_json import kind, load_object

FIELD = "xzufiObjekte"


def read_message(document: Document) -> bytes:
    """Take the message out of a page, as UTF-8; empty for an empty page, which the service sends at the end."""
    envelope = load_object(document)
    if FIELD not in envelope:
        raise DocumentError(f"No page of the Bereitstelldienst: the field {FIELD!r} is missing.")
    message = envelope[FIELD]
    if message is None:
        return b""
    if not isinstance(message, str):
        raise DocumentError(f"The field {FIELD!r} holds {kind(message)} where a text belongs.")
    try:
        return message.strip("\ufeff \t\r\n").encode()
    except UnicodeEncodeError as error:
        raise DocumentError(f"The field {FIELD!r} holds half a character at position {error.start}.") from error
