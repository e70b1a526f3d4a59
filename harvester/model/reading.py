"""What a normalizer gives back: records, each with its place, and issues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from harvester.model.service import Record

Severity = Literal["error", "warning", "info"]


class Found(NamedTuple):
    """A record and the place in its document where it stands.

    The locator's form follows the document: an XPath of local names for XML (``/*/schreibe[17]/leistung``),
    a JSON pointer (RFC 6901) for JSON (``/data/17``), ``row[17]`` for tables (the first row after the header is 1),
    a CSS selector for HTML. ``A!B`` means place B inside the text that stands at A.
    A value's place is the record's locator followed by the value's own, joined by ``/``.
    """

    record: Record
    locator: str


@dataclass(frozen=True, slots=True)
class Issue:
    """Something in a document that could not be read as it should.

    ``error``: the record (or value) is missing from the result because of it. ``warning``: it was read with a loss.
    ``info``: worth knowing, such as a field nobody has seen before. ``rule`` is a stable code such as
    ``xzufi.no-title``; the messages are whole sentences with the offending value.
    """

    severity: Severity
    rule: str
    locator: str
    message: str
    remote_id: str = ""


Reading: TypeAlias = Found | Issue


class DocumentError(Exception):
    """A document that cannot be read at all: not the format, cut off, a bomb, the wrong charset.

    The message says what is wrong and where (line, byte); the run adds source and address.
    """
