"""What a host of the nation is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: path and query as they were sent, header names in lower case."""

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply. ``body`` is sent part by part where it comes in parts; an entity tag lets unchanged answers be short.

    ``silent`` closes the connection instead.
    """

    body: bytes | Iterable[bytes] = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    etag: str = ""
    silent: bool = False


MISSING = Answer(b"<h1>Nicht gefunden</h1>", status=404)
SILENT = Answer(silent=True)
BROKEN = Answer(b"<h1>Interner Fehler</h1>", status=500)
