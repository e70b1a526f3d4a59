"""What an operator sets for the link checker: the table ``[links]`` of ``harvester.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from harvester.links.address import Address, read_address
from harvester.links.state import Damping
from harvester.model.base import Model

CANARIES = ("https://www.bund.de/", "https://www.destatis.de/", "https://www.govdata.de/")
"""Addresses that are always there; asked before, during and after a run, a handful of requests in all."""


class LinkSettings(Model):
    """When a link is dead, and how much is checked.

    A link is dead after ``dead_after_failures`` failures over at least ``dead_after_hours``; after ``gone_after_failures``
    over ``gone_after_hours`` where the server says that the page is gone or the host does not exist. ``budget`` bounds
    the links of one run (0: a harvest checks none), ``seconds`` its time: after that no new link is begun. If most
    ``canaries`` are silent, the run is void; an empty list switches that off.
    """

    dead_after_failures: Annotated[int, Field(ge=2, le=50)] = 3
    dead_after_hours: Annotated[float, Field(ge=1, le=2_400)] = 48
    gone_after_failures: Annotated[int, Field(ge=2, le=50)] = 2
    gone_after_hours: Annotated[float, Field(ge=1, le=2_400)] = 24
    budget: Annotated[int, Field(ge=0)] = 20_000
    seconds: Annotated[float, Field(gt=0)] = 3_600
    canaries: tuple[str, ...] = CANARIES

    @field_validator("canaries")
    @classmethod
    def _canaries_are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if not isinstance(read_address(text), Address):
                raise ValueError(f"{text!r} is no address that can be checked")  # noqa: TRY004 -- pydantic takes a ValueError
        return value

    @property
    def damping(self) -> Damping:
        """How much evidence makes a link dead."""
        return Damping(self.dead_after_failures, self.dead_after_hours, self.gone_after_failures, self.gone_after_hours)

    @property
    def canary_addresses(self) -> tuple[Address, ...]:
        """The canaries, read."""
        return tuple(read for text in self.canaries if isinstance(read := read_address(text), Address))
