"""A need: one thing that a person has to look at, and all it takes to deal with it."""

from __future__ import annotations

import hashlib
from enum import IntEnum
from typing import Literal

from pydantic import Field

from harvester.model.base import Model

Kind = Literal[
    "catalogue", "registry", "held", "failed", "partial", "host", "dead_links", "suggestions", "unreadable", "conflicts",
    "merges", "unsorted", "drift", "uncertain_links",
]  # fmt: skip
Trend = Literal["new", "still", "mended", "flapping", "unknown"]


class Urgency(IntEnum):
    """How soon somebody should look; the smaller the sooner."""

    NOW = 1
    TODAY = 2
    WEEK = 3
    SOMETIME = 4


class Fact(Model):
    """A line of evidence. ``url`` is where it can be seen."""

    label: str
    text: str
    url: str = ""


class Mail(Model):
    """A message that can be sent as it stands. ``to`` is empty where no functional address is known."""

    to: str
    subject: str
    body: str


class DeadLink(Model):
    """A link that is named by services of one publisher."""

    url: str
    host: str
    cause: str
    trend: Trend
    since: str = ""
    services: tuple[str, ...] = ()
    count: int = 0
    suggestion: str = ""


class Row(Model):
    """A thing among several that a need is about: a service, a record."""

    id: str
    title: str
    note: str = ""


class Need(Model):
    """One thing that needs a person. ``key`` stays the same as long as its cause does, so that it can be told once."""

    key: str
    kind: Kind
    urgency: Urgency
    title: str
    cause: str
    subject: str = ""
    """What it is about: a source, a host."""
    since: str = ""
    owner: str = ""
    facts: tuple[Fact, ...] = ()
    commands: tuple[str, ...] = ()
    mail: Mail | None = None
    links: tuple[DeadLink, ...] = ()
    rows: tuple[Row, ...] = ()
    count: int = 1
    done_by: str = ""
    """Who has dealt with it, when and why; then it waits for others and needs nobody."""
    weight: int = Field(default=0, exclude=True)
    """Among needs of one urgency the heavier comes first."""


def key_of(kind: str, *parts: str) -> str:
    """A short name for a need, the same for the same parts on every day."""
    return f"{kind.replace('_', '-')}-{hashlib.blake2b(chr(0).join(parts).encode(), digest_size=4).hexdigest()}"
