"""Execute many harvests: one after another in this process, or in a few worker processes with limits.

Both do the same to the state; what differs is what a source can break. ``inline`` is for tests and single sources. With
``processes`` a source that hangs, eats memory or kills its process costs nothing but its own run.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sqlite3
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Protocol

import psutil

from harvester import fetch
from harvester.errors import Exit, HarvesterError
from harvester.log import set_up
from harvester.registry import Source
from harvester.run.harvest import Clock, harvest
from harvester.run.hosts import Hosts, hosts_of
from harvester.run.judge import Judgement, Verdict
from harvester.run.outcome import Busy, Outcome
from harvester.run.progress import Progress, Result, Watcher
from harvester.run.recover import abandon, lease_of
from harvester.schedule.due import due_of
from harvester.state import open_state
from harvester.state.lease import BusyError, holding
from harvester.state.validators import StateValidators
from harvester.workspace import Workspace

_LOOK = 0.5
"""Seconds between two looks at the workers' time and memory."""
_IDLE = 0.02
"""Seconds to wait where nobody works: a host has its rest, or its name is being looked up."""
_START = 60.0
"""Seconds that a process may need on top before its source has begun: a busy machine starts slowly."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one source may cost: ``seconds`` of time, ``megabytes`` of memory (resident, of its worker)."""

    workers: int
    seconds: float
    megabytes: int


class Executor(Protocol):
    """Harvests sources and tells how far each is and what it came to. A cluster's executor would have the same face."""

    def execute(self, sources: Sequence[Source], watcher: Watcher) -> None:
        """Harvest all sources; a fault of one never ends the others."""


@dataclass(frozen=True)
class Inline:
    """One source after another, in this process."""

    workspace: Workspace
    clock: Clock
    dry: bool = False
    due: bool = False

    def execute(self, sources: Sequence[Source], watcher: Watcher) -> None:
        """Harvest them in the given order, but for those at whose hosts another command is."""
        waiting = deque(sources)
        with (
            bench(self.workspace, self.clock, dry=self.dry, due=self.due, tell=watcher.progress) as harvest_one,
            hosts_of(self.workspace, self.clock, watcher.progress) as hosts,
        ):
            while waiting:
                picked = hosts.pick(waiting, 1)
                for source in picked:
                    watcher.result(harvest_one(source))
                    hosts.leave(source)
                if not picked:
                    time.sleep(_IDLE)


@contextmanager
def bench(
    workspace: Workspace,
    clock: Clock,
    *,
    dry: bool,
    due: bool = False,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Iterator[Callable[[Source], Result]]:
    """A function that harvests one source, with a connection, a client and an event loop that serve many.

    With ``due`` a source that is not due any more is left out: whoever was there first has harvested it.
    """
    settings = workspace.settings
    with closing(open_state(workspace.state_file)) as state, asyncio.Runner() as runner:
        store = fetch.SnapshotStore(workspace.snapshots)
        fetcher = fetch.Fetcher(settings.fetch, settings.politeness, store, StateValidators(state, clock))
        runner.run(fetcher.__aenter__())
        try:

            def harvest_one(source: Source) -> Result:
                # a dry run is in nobody's way, but its files are its own: the doctor must see that somebody works
                lease = f"dry-run:{source.id}" if dry else lease_of(source.id)
                try:
                    with holding(state, workspace.state_file, lease, clock):
                        if due and due_of(state, source, clock()) is None:
                            return Busy(source.id, "another run has harvested it meanwhile")
                        runs = workspace.runs
                        return runner.run(
                            harvest(source, state=state, fetcher=fetcher, runs=runs, clock=clock, dry=dry, tell=tell)
                        )
                except BusyError as error:
                    return Busy(source.id, str(error))

            yield harvest_one
        finally:
            runner.run(fetcher.__aexit__(None, None, None))


@dataclass(frozen=True, slots=True)
class _Fault:
    """What a worker could not cope with: the program's fault, or with ``machine`` that of the disk or the memory."""

    told: str
    machine: bool


class MachineError(HarvesterError):
    """This machine is at fault (its disk is full, for instance); nothing more can be judged."""

    exit = Exit.VOID


@dataclass
class _Worker:
    """A process that waits for sources at the other end of a pipe."""

    process: BaseProcess
    pipe: Connection
    source: Source | None = None
    since: float = 0.0
    has_begun: bool = False

    def give(self, source: Source) -> bool:
        """Hand over a source; tells whether there was still somebody to take it."""
        try:
            self.pipe.send(source)
        except OSError:
            return False
        self.source, self.since, self.has_begun = source, time.monotonic(), False
        return True

    def begin(self) -> None:
        """Count the source's time from here: what the process needed to start is not the source's fault."""
        if not self.has_begun:
            self.since, self.has_begun = time.monotonic(), True

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()

    @property
    def megabytes(self) -> float:
        try:
            return float(psutil.Process(self.process.pid).memory_info().rss) / 1e6
        except psutil.Error:
            return 0.0


@dataclass(frozen=True)
class Processes:
    """A few worker processes that harvest many sources one after another, each within limits.

    Sources that are asked at one host are never harvested at once, nor while another command is there: its budget is kept
    by one process.
    """

    workspace: Workspace
    clock: Clock
    limits: Limits
    dry: bool = False
    due: bool = False

    def execute(self, sources: Sequence[Source], watcher: Watcher) -> None:
        """Harvest them; the order is given up where two are on one host."""
        waiting = deque(sources)
        workers: list[_Worker] = []
        with hosts_of(self.workspace, self.clock, watcher.progress) as hosts:
            try:
                while waiting or any(worker.source for worker in workers):
                    self._hand_out(waiting, workers, hosts)
                    at_work = {worker.source.id: worker.source for worker in workers if worker.source}
                    for worker in self._results(workers, watcher):
                        workers.remove(worker)
                    for done in at_work.keys() - {worker.source.id for worker in workers if worker.source}:
                        hosts.leave(at_work[done])
            except sqlite3.OperationalError as error:  # of the claims: what goes wrong in a worker comes as a fault
                raise MachineError(f"the state cannot be written: {error}") from error
            finally:
                for worker in workers:
                    worker.end()

    def _hand_out(self, waiting: deque[Source], workers: list[_Worker], hosts: Hosts) -> None:
        """Give every idle worker a source whose host nobody is at; start workers as long as there is work for them."""
        for source in hosts.pick(waiting, self.limits.workers - sum(worker.source is not None for worker in workers)):
            idle = next((worker for worker in workers if worker.source is None), None)
            if idle is None:
                idle = self._start()
                workers.append(idle)
            if not idle.give(source):  # it died while it had nothing to do
                idle.end()
                workers.remove(idle)
                hosts.leave(source)
                waiting.append(source)

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_work, args=(theirs, self.workspace, self.clock, self.dry, self.due), daemon=True
        )
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _results(self, workers: Sequence[_Worker], watcher: Watcher) -> list[_Worker]:
        """Wait a moment for results; returns the workers that are no more."""
        working = {worker.pipe: worker for worker in workers if worker.source}
        if not working:
            time.sleep(_IDLE)
        gone: list[_Worker] = []
        for pipe in wait(list(working), timeout=_LOOK):
            worker = working[pipe]  # type: ignore[index]  # only our pipes were waited for
            try:
                result: Result | Progress | _Fault = worker.pipe.recv()
            except (EOFError, OSError):  # it is gone; the latter if it was in the middle of a word
                worker.process.join(timeout=10)
                gone.append(self._bury(worker, f"its process ended with {_cause(worker.process.exitcode)}", watcher))
                continue
            if isinstance(result, Progress):
                worker.begin()
                watcher.progress(result)
                continue
            if isinstance(result, _Fault) and result.machine:
                raise MachineError(f"this machine is at fault, nothing of {_id(worker)} was judged: {result.told}")
            if isinstance(result, _Fault):
                gone.append(self._bury(worker, f"a fault in the program ({result.told}); please report it", watcher))
            else:
                worker.source = None
                watcher.result(result)
        for worker in workers:
            if worker.source and worker not in gone and (reason := self._excess(worker)):
                gone.append(self._bury(worker, reason, watcher))
        return gone

    def _excess(self, worker: _Worker) -> str:
        """What the worker has too much of, in words; empty if nothing."""
        if time.monotonic() - worker.since > self.limits.seconds + (0.0 if worker.has_begun else _START):
            return (
                f"it took longer than {self.limits.seconds:g} s and was stopped; raise [run] seconds if it needs more"
            )
        if (used := worker.megabytes) > self.limits.megabytes:
            return (
                f"it took {used:.0f} MB, more than the {self.limits.megabytes} MB of [run] megabytes, and was stopped"
            )
        return ""

    def _bury(self, worker: _Worker, reason: str, watcher: Watcher) -> _Worker:
        """End a worker and fail the run it was at; what it had read is forgotten."""
        worker.end()
        if worker.source:
            watcher.result(self._fail(worker.source, reason))
            worker.source = None
        return worker

    def _fail(self, source: Source, reason: str) -> Outcome:
        if self.dry:
            return Outcome("", source.id, source.level, Judgement(Verdict.FAILED, f"The run was stopped: {reason}."))
        with closing(open_state(self.workspace.state_file)) as state:
            return abandon(state, source, self.workspace.runs, reason, self.clock())


def _work(pipe: Connection, workspace: Workspace, clock: Clock, dry: bool, due: bool) -> None:  # noqa: FBT001 - called by multiprocessing
    """Harvest what comes through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    set_up()

    def tell(progress: Progress) -> None:
        with suppress(OSError):  # a parent that is gone hears nothing; that is no fault of the source
            pipe.send(progress)

    try:
        with bench(workspace, clock, dry=dry, due=due, tell=tell) as harvest_one:
            while True:
                source = pipe.recv()
                pipe.send(_harvest_or_fault(harvest_one, source))
    except EOFError:
        return
    except (OSError, sqlite3.OperationalError) as error:
        with suppress(OSError):  # unless it is the pipe itself
            pipe.send(_Fault(str(error), machine=True))


def _harvest_or_fault(harvest_one: Callable[[Source], Result], source: Source) -> Result | _Fault:
    try:
        return harvest_one(source)
    except (OSError, sqlite3.OperationalError) as error:
        return _Fault(str(error), machine=not isinstance(error, FileNotFoundError))
    except Exception as error:  # noqa: BLE001 - whatever it is, it costs this source only; the parent tells
        place = traceback.extract_tb(error.__traceback__)[-1]
        return _Fault(f"{type(error).__name__}: {error}, {place.filename}:{place.lineno}", machine=False)


def _end_with_parent() -> None:
    """Die with the process that started this one: nobody waits for the result any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _id(worker: _Worker) -> str:
    return worker.source.id if worker.source else "the next source"


def _cause(code: int | None) -> str:
    """An exit code in words: a negative one is a signal, 9 mostly the kernel that had no memory left."""
    if code is not None and code < 0:
        return f"signal {-code}" + (" (killed, perhaps for want of memory)" if code == -9 else "")
    return f"exit code {code}"
