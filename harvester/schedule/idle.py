"""Idle time: links that are due are checked while no source is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from harvester.log import log_of
from harvester.schedule.child import Child, StartCommand

COMMAND = ("links", "check", "--due")


@dataclass
class Idle:
    """Starts a link check every ``minutes``, one at a time, and stops it when sources want their hosts for themselves.

    A check that was stopped loses nothing: its observations are kept, and the next one goes on behind them.
    """

    start: StartCommand
    minutes: float
    _child: Child | None = field(default=None)
    _ended: datetime | None = field(default=None)

    @property
    def busy(self) -> bool:
        """Whether a check is under way."""
        return self._child is not None

    def check(self, now: datetime) -> None:
        """Begin one if it is time."""
        if (
            self._child is None
            and self.minutes
            and (self._ended is None or now - self._ended >= timedelta(minutes=self.minutes))
        ):
            self._ended = now
            self._child = self.start(COMMAND)

    def reap(self) -> None:
        """Notice that it has ended."""
        if self._child is not None and (code := self._child.poll()) is not None:
            self._child = None
            log_of("scheduler").info("links checked", exit=code)

    def interrupt(self) -> None:
        """Ask it to stop; it is called until it has."""
        if self._child is not None:
            self._child.terminate()

    def kill(self) -> None:
        """End it at once."""
        if self._child is not None:
            self._child.kill()
