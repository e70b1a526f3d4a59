"""Parameters that several questions have."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

TEXT = r"^[^\x00-\x1f\x7f]+$"
"""What people type: anything but control characters."""
SITUATION = r"^[a-z0-9]+:[A-Za-z0-9.-]+$"
MOMENT = (
    r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?(Z|[+]00:00)?)?"
)
"""A day or a time in UTC, by ISO 8601."""

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
        pattern=SITUATION,
        description="A situation, with all below it.",
        examples=["pvlagen:1050000"],
    ),
]
Limit = Annotated[int, Field(ge=1, le=100, description="Entries on a page, at most.")]
Cursor = Annotated[
    str | None, Field(max_length=1000, pattern=r"^[A-Za-z0-9_-]+$", description="From the page before: `next`.")
]


def bare(moment: str) -> str:
    """A moment as times in the catalogue begin, so that both can be compared as texts."""
    return moment.removesuffix("Z").removesuffix("+00:00")
