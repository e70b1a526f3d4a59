"""What an operator sets for the HTTP road: the tables ``[fetch]`` and ``[politeness]`` of ``harvester.toml``."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from harvester import __version__
from harvester.model.base import Model

PRODUCT = "egov-harvester"
"""The product token of the user agent, and the name robots.txt knows the program by (RFC 9309, 2.2.1)."""

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s()<>]+$", max_length=300)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Bytes = Annotated[int, Field(gt=0)]


class FetchSettings(Model):
    """Who asks, whom the program may ask, and how much it takes.

    ``contact`` is a page where the owner of a server finds out who we are. ``allow_addresses`` are networks that the
    address guard lets through although they are not public. ``timeout`` (seconds) holds for each step (look-up,
    connection, each wait for bytes), ``total_timeout`` for a whole answer; within it a body must bring at least
    ``min_rate`` bytes per second. ``max_bytes`` bounds a body as received and decoded. A body that is larger than
    ``inflate_floor`` decoded may be at most ``max_inflate_ratio`` times as large as received. ``retries`` counts
    further attempts after the first.
    """

    contact: Address | None = None
    allow_addresses: tuple[IPv4Network | IPv6Network, ...] = ()
    timeout: Seconds = 20
    total_timeout: Seconds = 3_600
    min_rate: Annotated[int, Field(ge=0)] = 1_000
    max_bytes: Bytes = 2_000_000_000
    max_inflate_ratio: Annotated[float, Field(ge=1)] = 200
    inflate_floor: Bytes = 10_000_000
    max_redirects: Annotated[int, Field(ge=0, le=50)] = 10
    retries: Annotated[int, Field(ge=0, le=10)] = 3

    @field_validator("contact")
    @classmethod
    def _contact_passes_filters(cls, value: str | None) -> str | None:
        if value is not None and "link" in value.lower():
            raise ValueError(
                'the contact address stands in the user agent and must not contain "link": '
                "common web-server rules block every user agent with that word"
            )
        return value

    @property
    def user_agent(self) -> str:
        """The user agent of every request: project, version, contact."""
        return f"{PRODUCT}/{__version__} (+{self.contact})" if self.contact else f"{PRODUCT}/{__version__}"


class PolitenessSettings(Model):
    """How gently a host is asked that has no rule of its own.

    ``interval`` is the least number of seconds between the starts of two requests to one registrable domain or one
    resolved address, ``concurrency`` the number of requests under way to it. ``interval = 0`` switches politeness off.
    """

    interval: Annotated[float, Field(ge=0, le=3_600)] = 1.0
    concurrency: Annotated[int, Field(ge=1, le=64)] = 1
