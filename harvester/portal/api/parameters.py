"""Parameters that several questions have."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

ArsFilter = Annotated[
    str | None,
    Field(
        pattern=r"^[0-9]{12}$",
        description="Regional key (ARS): what holds there, the region's own and from above.",
        examples=["055130000000"],
    ),
]
SituationFilter = Annotated[
    str | None,
    Field(
        max_length=60,
        pattern=r"^[a-z0-9]+:[A-Za-z0-9.-]+$",
        description="A situation, with all below it.",
        examples=["pvlagen:1050000"],
    ),
]
Limit = Annotated[int, Field(ge=1, le=100, description="Entries on a page, at most.")]
Cursor = Annotated[
    str | None, Field(max_length=1000, pattern=r"^[A-Za-z0-9_-]+$", description="From the page before: `next`.")
]
