"""A clock that goes like the real one, but stands elsewhere: for trying out what a schedule would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from harvester.errors import UsageError
from harvester.registry.schedule import ZONE


@dataclass(frozen=True, slots=True)
class Shifted:
    """The time of day, ``by`` later. A class and no function: worker processes are handed it."""

    by: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC) + self.by

    @classmethod
    def to(cls, text: str | None) -> Shifted:
        """The clock that stands at a time now (ISO 8601; Europe/Berlin unless it says otherwise); the real one for None.

        Raises:
            UsageError: not a time.
        """
        if text is None:
            return cls()
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise UsageError(f"--at: {text} is not a time such as 2026-11-23T04:00") from error
        return cls((at if at.tzinfo else at.replace(tzinfo=ZONE)) - datetime.now(UTC))
