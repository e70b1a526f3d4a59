"""What a spider brings: documents, and what it can say about their completeness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO

from harvester.model.ars import Ars, Level


@dataclass(frozen=True, slots=True)
class Document:
    """One body as it was received, kept in the snapshot store under its hash.

    ``role`` is the interface's own word for what the document is (``index``, ``csv``, ``detail``, ``message``).
    ``note`` is what the spider knows of it from another document (a name, a position), for the normalizer.
    ``open`` gives the raw bytes again, as a stream from the beginning; the caller closes it.
    """

    url: str
    role: str
    sha256: str
    size: int
    media_type: str
    charset: str | None
    fetched_at: datetime
    open: Callable[[], BinaryIO] = field(compare=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A document that the source has and that did not arrive whole."""

    url: str
    reason: str


class Proof(StrEnum):
    """How an interface proves that it has seen everything."""

    DECLARED_TOTAL = "declared_total"
    INDEX = "index"
    CURSOR_EXHAUSTED = "cursor_exhausted"
    SITEMAP = "sitemap"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a run ought to have seen.

    ``expected`` counts ``unit`` (``records`` or ``documents``); None where the source does not tell.
    ``delta`` marks an event log: what it does not mention is unchanged, so absence means nothing.
    """

    how: Proof
    expected: int | None = None
    unit: str = "records"
    delta: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next run of an event log begins; kept only when the run is accepted."""

    value: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a normalizer knows besides the bytes: the source it reads for. ``options`` is the interface's own model."""

    source_id: str
    level: Level
    region: Ars
    endpoint: str
    options: Any
