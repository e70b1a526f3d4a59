"""What is asked of the road, and what comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from harvester.fetch.budget import Pace
from harvester.fetch.errors import BadStatus

if TYPE_CHECKING:
    from harvester.model import Document

Headers: TypeAlias = Sequence[tuple[str, str]]
Gate: TypeAlias = Callable[[str], Awaitable[None]]

IN_MEMORY = 8 * 1024 * 1024
"""Bodies up to this size (bytes) are handed over in memory; larger ones only as a document."""

SECRET_LIMIT = 1_000_000
"""Largest body (bytes) of an answer that is not stored."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to fetch.

    ``store=False`` keeps secrets out of the snapshot store: the body comes back in memory only, at most 1 MB.
    ``conditional`` lets the server say that nothing has changed. ``pace`` replaces the workspace's politeness for this
    host. ``gate`` is asked before every hop and refuses an address by raising a FetchError (robots.txt does so).
    ``retries`` replaces the workspace's number; ``max_bytes`` narrows its limit for a body.
    """

    url: str
    method: str = "GET"
    headers: Headers = ()
    body: bytes = b""
    store: bool = True
    conditional: bool = True
    pace: Pace | None = None
    gate: Gate | None = None
    retries: int | None = None
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed: where, with which status, to where."""

    url: str
    status: int
    target: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status.

    ``document`` is there for a success (2xx, or 304 whose body is known) that was stored; its ``url`` is the address
    asked for, ``final_url`` the one that answered. ``body`` is the decoded body where it is at most 8 MiB; of an error
    page it is at most the first megabyte. ``headers`` keep their order and repetition, names in lower case.
    """

    url: str
    final_url: str
    status: int
    headers: Headers
    hops: tuple[Hop, ...]
    document: Document | None
    body: bytes | None
    not_modified: bool
    fetched_at: datetime

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    @property
    def ok(self) -> bool:
        """Whether the server delivered what was asked for, now or (unchanged) before."""
        return 200 <= self.status < 300 or self.not_modified

    def require(self) -> Fetched:
        """Return the answer if it is a success, else raise BadStatus."""
        if not self.ok:
            raise BadStatus(self.url, f"the server answered {self.status}")
        return self
