"""The night: the hours in which what was missed is made up for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from harvester.registry.schedule import ZONE

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Night:
    """From ``begins`` to ``ends`` in Europe/Berlin, over midnight where the end is before the beginning."""

    begins: time
    ends: time

    @classmethod
    def read(cls, text: str) -> Night | None:
        """Read ``21:00-06:00``; None for an empty text: no night, so everything at any time.

        Raises:
            ValueError: neither.
        """
        if not text:
            return None
        found = _HOURS.fullmatch(text)
        try:
            if found is None:
                raise ValueError(text)  # noqa: TRY301 - told below, as an hour 25 is
            begins, ends = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        except ValueError:
            raise ValueError("not two times of day such as 21:00-06:00") from None
        return cls(begins, ends)

    def holds(self, at: datetime) -> bool:
        """Whether a moment is in it."""
        clock = at.astimezone(ZONE).time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends
