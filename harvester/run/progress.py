"""How far a harvest is, for whoever looks on. Nothing depends on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from harvester.run.outcome import Busy, Outcome

Result: TypeAlias = Outcome | Busy
"""What a source came to."""

_PAUSE = 0.2
"""Seconds between two reports of a source; a crawl counts faster than anybody reads."""


class Stage(StrEnum):
    """What a source is at."""

    HOST_BUSY = "host busy"
    """It has not begun: another command is at its host."""
    FETCHING = "fetching"
    READING = "reading"
    JUDGING = "judging"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source is: what it is at, documents that arrived, records that were read."""

    source_id: str
    stage: Stage = Stage.FETCHING
    documents: int = 0
    records: int = 0


class Watcher(Protocol):
    """Somebody who looks on while sources are harvested."""

    def progress(self, progress: Progress) -> None:
        """A source has begun or has come further, or it waits for its host."""

    def result(self, result: Result) -> None:
        """A source was judged, or left to another run."""

    def building(self) -> None:
        """All sources are through; the catalogue is being built."""

    def link(self) -> None:
        """One more link was looked at."""


class Nobody:
    """Nobody looks on."""

    def progress(self, progress: Progress) -> None:
        """Say nothing."""

    def result(self, result: Result) -> None:
        """Say nothing."""

    def building(self) -> None:
        """Say nothing."""

    def link(self) -> None:
        """Say nothing."""


class Meter:
    """Counts what one source has brought, and tells it now and then; a new stage is told at once."""

    def __init__(
        self, source_id: str, tell: Callable[[Progress], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``clock`` counts seconds."""
        self._source_id = source_id
        self._tell = tell
        self._clock = clock
        self._told_at = clock()
        self._stage = Stage.FETCHING
        self._documents = self._records = 0

    def enter(self, stage: Stage) -> None:
        """Go on to the next stage."""
        self._stage = stage
        self._say()

    def count_document(self) -> None:
        """One more document has arrived."""
        self._documents += 1
        self._say_now_and_then()

    def count_records(self, count: int) -> None:
        """So many more records have been read."""
        self._records += count
        self._say_now_and_then()

    def _say_now_and_then(self) -> None:
        if self._clock() - self._told_at >= _PAUSE:
            self._say()

    def _say(self) -> None:
        self._told_at = self._clock()
        self._tell(Progress(self._source_id, self._stage, self._documents, self._records))
