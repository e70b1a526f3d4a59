"""``[schedule]`` of ``harvester.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, HttpUrl, StringConstraints, field_validator

from harvester.model.base import Model
from harvester.schedule.night import Night


class ScheduleSettings(Model):
    """``[schedule]``: how the scheduler and ``harvester run --due`` start what is due.

    ``lanes`` commands run at once, each with at most ``batch`` sources. A slot that was missed by more than ``grace``
    seconds is made up for, once, and only within ``night`` ("21:00-06:00", Europe/Berlin; empty: at any time). When told
    to stop, what is under way gets ``stop`` seconds to finish. Links that are due are checked every ``links`` minutes
    while no source is due (0: never), within ``night`` too. ``heartbeat`` is an address asked every ``heartbeat_minutes``
    while the scheduler lives, for a watch elsewhere.
    """

    lanes: int = Field(default=2, ge=1, le=16)
    batch: int = Field(default=50, ge=1, le=10_000)
    night: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    grace: float = Field(default=3600, ge=0)
    stop: float = Field(default=60, ge=0, le=3600)
    links: float = Field(default=60, ge=0)
    heartbeat: HttpUrl | None = None
    heartbeat_minutes: float = Field(default=5, ge=1)

    @field_validator("night")
    @classmethod
    def _night_is_readable(cls, value: str) -> str:
        Night.read(value)
        return value
