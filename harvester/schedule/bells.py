"""Bells: one cron job per source of the registry, kept as its files say while the service runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from harvester.log import log_of
from harvester.registry import Source, read_registry
from harvester.schedule.clockwork import Clockwork
from harvester.schedule.slots import spread, trigger_of
from harvester.schedule.watch import fingerprint


class Bells:
    """Rings sources. ``sources`` are those that are harvested now; ``rang`` are ids whose bell rang and nobody looked yet."""

    def __init__(self, directory: Path, clock: Callable[[], datetime]) -> None:
        self.sources: dict[str, Source] = {}
        self.rang: set[str] = set()
        self._directory = directory
        self._clockwork = Clockwork(clock)
        self._clockwork.start()
        self._lines: dict[str, str] = {}
        self._seen: object = None

    def ring(self) -> datetime | None:
        """Ring what is due; returns when the next one rings."""
        return self._clockwork.tick()

    def reload(self) -> bool:
        """Take over what was changed in the registry: jobs come, go, and ring at other times. Tells whether something was."""
        seen = fingerprint(self._directory)
        if seen == self._seen:
            return False
        self._seen = seen
        registry = read_registry(self._directory)
        log = log_of("scheduler")
        for problem in registry.problems:
            log.warning("problem", told=str(problem))
        # what is being edited and cannot be read for the moment rests; what it misses is made up for
        self.sources = {source.id: source for source in registry.pick()}
        lines = {source.id: spread(source) for source in self.sources.values()}
        for gone in self._lines.keys() - lines.keys():
            self._clockwork.remove_job(gone)
        for source_id in sorted(i for i, line in lines.items() if self._lines.get(i) != line):
            self._clockwork.put(source_id, trigger_of(self.sources[source_id]), self.rang.add)
        self._lines = lines
        log.info("planned", sources=len(lines))
        return True
