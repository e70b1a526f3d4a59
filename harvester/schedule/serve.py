"""Let a scheduler live in real time: sleep between its ticks, obey signals, end within a given time."""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from harvester.errors import Exit
from harvester.log import log_of
from harvester.schedule.beat import Beat
from harvester.schedule.lease import SCHEDULER
from harvester.state import open_state
from harvester.state.lease import Owner, give_back, renew, take
from harvester.workspace import Workspace

if TYPE_CHECKING:
    from scheduler import Scheduler

_LOOK = 1.0
_LONGEST = 20.0
_HANDING_BACK = 15.0
"""Seconds a command gets to hand back what it holds before it is ended."""


def serve(scheduler: Scheduler, workspace: Workspace, clock: Callable[[], datetime]) -> Exit:
    """Tick until a signal comes, then end."""
    log, beat = log_of("scheduler"), Beat(workspace.settings, workspace.snapshots)
    with _signals() as told, _known(workspace, clock) as renewed:
        while not told.is_set():
            upcoming = None
            try:
                upcoming = scheduler.tick()
                renewed()
                beat.send(clock())
            except (OSError, sqlite3.Error) as error:  # a locked or full disk passes; a service waits for it
                log.warning("cannot look", told=str(error))
            told.wait(_pause(upcoming, clock(), busy=not scheduler.quiet or bool(scheduler.ready())))
        log.info("stopping")
        _end(scheduler, told)
    log.info("stopped")
    return Exit.DONE


def once(scheduler: Scheduler) -> Exit:
    """Harvest what is due now, and end."""
    with _signals() as told:
        scheduler.tick()
        while (scheduler.lanes.busy or scheduler.ready()) and not told.is_set():
            told.wait(0.2)
            scheduler.tick()
        _end(scheduler, told)
    return Exit(max(scheduler.codes, default=Exit.DONE))


def _pause(upcoming: datetime | None, now: datetime, *, busy: bool) -> float:
    longest = _LOOK if busy else _LONGEST
    return longest if upcoming is None else min(max((upcoming - now).total_seconds(), 0.05), longest)


def _end(scheduler: Scheduler, told: threading.Event) -> None:
    """Let what is under way finish; then ask it to stop; then end it. A second signal means: do not wait."""
    scheduler.stop()
    for seconds, then in ((scheduler.settings.stop, scheduler.lanes.interrupt), (_HANDING_BACK, scheduler.lanes.kill)):
        told.clear()
        waited = 0.0
        while not scheduler.quiet and waited < seconds and not told.is_set():
            told.wait(0.1)
            waited += 0.1
            scheduler.tick()
        if scheduler.quiet:
            return
        then()
    scheduler.idle.kill()


@contextmanager
def _signals() -> Iterator[threading.Event]:
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _known(workspace: Workspace, clock: Callable[[], datetime]) -> Iterator[Callable[[], None]]:
    """Hold the lease that says that a scheduler is alive, if no other one does."""
    owner = Owner.this()
    last: list[datetime] = []

    def beat() -> None:
        now = clock()
        if last and timedelta(0) <= now - last[0] < timedelta(seconds=30):
            return
        last[:] = [now]
        with closing(open_state(workspace.state_file)) as state:
            if not renew(state.conn, owner, now):
                take(state.conn, SCHEDULER, owner, now)

    try:
        yield beat
    finally:
        if workspace.state_file.exists():
            with closing(open_state(workspace.state_file)) as state:
                give_back(state.conn, SCHEDULER, owner)
