"""The writer's part: hand sources to the workers of a cluster, and fold in what they gathered.

The state stays here, with the leases: a worker never sees it. What a worker or the scheduler was at when it died is handed out
again; nothing counts twice, because nothing counts before it was judged here.
"""

from __future__ import annotations

import asyncio
import queue
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any, Self

from distributed import Client, Future, KilledWorker
from sqlite_utils import Database

from harvester import __version__
from harvester.cluster.depot import Depot, SharedSnapshots
from harvester.cluster.job import Delivery, Job, known_of, validators_of
from harvester.cluster.work import TOPIC, shard_name, work
from harvester.fetch import SnapshotStore
from harvester.log import log_of
from harvester.registry import Source
from harvester.run.execute import MachineError
from harvester.run.harvest import Clock, begin, cursor_of, settle
from harvester.run.held import drop_stale_shards, shard_of
from harvester.run.hosts import Hosts, hosts_of
from harvester.run.judge import Judgement, Verdict
from harvester.run.outcome import Busy, Outcome
from harvester.run.progress import Progress, Stage, Watcher
from harvester.run.recover import abandon, lease_of
from harvester.schedule.due import due_of
from harvester.state import open_state
from harvester.state.lease import BusyError, holding
from harvester.state.validators import StateValidators
from harvester.workspace import Workspace

_LOOK = 0.1
"""Seconds between two looks at what is done."""
_LATE = 60.0
"""Seconds on top of a source's own after which its worker is not waited for any more."""
_OVER = ("finished", "error")
"""States of a future that has an answer; with the connection lost it has none."""
_CANCELLED = "cancelled"
"""State of a future that its scheduler knows nothing of any more."""
_FETCH = 30.0
"""Seconds in which an answer has to be here once it is told to be there."""
_AHEAD = 2
"""Sources that are handed out for every thread of the cluster: one that is worked on, one that waits."""


@dataclass
class _Task:
    """A source that was handed out, with its lease."""

    source: Source
    job: Job
    lease: ExitStack
    future: Future[Delivery]
    since: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Cluster:
    """Harvests on a dask cluster. Sources that are asked at one host are never gathered at once, and it has its pause between them."""

    workspace: Workspace
    clock: Clock
    dry: bool = False
    due: bool = False

    def execute(self, sources: Sequence[Source], watcher: Watcher) -> None:
        """Harvest all sources; a fault of one never ends the others.

        Raises:
            MachineError: there is no scheduler, or none with workers, for longer than ``[cluster] patience``.
        """
        with (
            closing(open_state(self.workspace.state_file)) as state,
            _Crew(self.workspace, watcher) as crew,
            hosts_of(self.workspace, self.clock, watcher.progress) as hosts,
        ):
            waiting, running = deque(sources), dict[str, _Task]()
            try:
                while waiting or running:
                    anew = crew.renew()
                    for task in running.values():
                        if anew or task.future.status == _CANCELLED:
                            task.future, task.since = crew.submit(task.job), time.monotonic()
                    self._hand_out(state, crew, waiting, running, hosts, watcher)
                    crew.listen()
                    time.sleep(_LOOK)
                    for task in list(running.values()):
                        if (answer := _answer(task)) is not None:
                            del running[task.source.id]
                            hosts.leave(task.source, self._take(state, crew, task, answer, watcher))
            finally:
                for task in running.values():
                    task.lease.close()

    def _hand_out(
        self,
        state: Database,
        crew: _Crew,
        waiting: deque[Source],
        running: dict[str, _Task],
        hosts: Hosts,
        watcher: Watcher,
    ) -> None:
        """Hand out sources whose hosts nobody is at and that have had their rest."""
        for source in hosts.pick(waiting, _AHEAD * crew.threads - len(running)):
            lease = ExitStack()
            try:
                name = f"dry-run:{source.id}" if self.dry else lease_of(source.id)
                lease.enter_context(holding(state, self.workspace.state_file, name, self.clock))
            except BusyError as error:
                hosts.leave(source)
                watcher.result(Busy(source.id, str(error)))
                continue
            if self.due and due_of(state, source, self.clock()) is None:
                lease.close()
                hosts.leave(source)
                watcher.result(Busy(source.id, "another run has harvested it meanwhile"))
                continue
            job = self._job(state, source, crew.depot)
            running[source.id] = _Task(source, job, lease, crew.submit(job))
            watcher.progress(Progress(source.id))

    def _job(self, state: Database, source: Source, depot: Depot | None) -> Job:
        now = self.clock()
        settings = self.workspace.settings
        return Job(
            run_id=f"{now:%Y%m%d-%H%M%S}-{source.id}-dry" if self.dry else begin(state, source, now),
            source=source,
            cursor=cursor_of(state, source),
            known=known_of(state, source),
            validators=validators_of(state, source),
            fetch=settings.fetch,
            politeness=settings.politeness,
            depot=depot,
            folder=str(self.workspace.root.resolve()),
            seconds=settings.run.seconds,
            version=__version__,
        )

    def _take(self, state: Database, crew: _Crew, task: _Task, answer: Delivery | str, watcher: Watcher) -> float:
        """Fold in what came of a source; tells for how many seconds its host wants its rest."""
        try:
            if isinstance(answer, str):
                watcher.result(self._fail(state, task.source, answer))
                return 0.0
            watcher.progress(Progress(task.source.id, Stage.JUDGING, len(answer.gathered.documents)))
            watcher.result(self._fold(state, crew, task, answer))
            return answer.pause
        finally:
            task.lease.close()
            task.future.release()

    def _fold(self, state: Database, crew: _Crew, task: _Task, delivery: Delivery) -> Outcome | Busy:
        source, job = task.source, task.job
        shard_file = shard_of(self.workspace.runs, job.run_id)
        store = crew.snapshots
        keep = False
        try:
            if job.depot:
                if not job.depot.get(shard_name(job.run_id), shard_file):
                    return self._fail(state, source, f"its shard is not in the store {job.depot.url}")
                if isinstance(store, SharedSnapshots):
                    for document in delivery.gathered.documents:
                        store.bring(document.sha256)
            outcome = settle(state, source, job.run_id, delivery.gathered, shard_file, self.clock(), dry=self.dry)
            keep = outcome.verdict is Verdict.HELD and not self.dry
            noted = StateValidators(state, self.clock)
            for url, validator in delivery.validators.items():
                noted.put(url, validator)
        except BusyError as error:
            return Busy(source.id, str(error))
        finally:
            if not keep:
                shard_file.unlink(missing_ok=True)
            if job.depot:
                job.depot.remove(shard_name(job.run_id))
        drop_stale_shards(state, self.workspace.runs, source.id)
        return outcome

    def _fail(self, state: Database, source: Source, reason: str) -> Outcome:
        if self.dry:
            return Outcome("", source.id, source.level, Judgement(Verdict.FAILED, f"The run was stopped: {reason}."))
        return abandon(state, source, self.workspace.runs, reason, self.clock(), ours=True)


def _answer(task: _Task) -> Delivery | str | None:
    """What the worker delivered, or in words why it never will; none as long as it may.

    An answer that goes away while it is fetched is none: dask makes it again, or it is handed out again with the next connection.
    """
    late = f"it took longer than {task.job.seconds:g} s"
    if task.future.status not in _OVER:
        is_late = time.monotonic() - task.since > task.job.seconds + _LATE
        return f"{late}; raise [run] seconds if it needs more" if is_late else None
    try:
        error = task.future.exception(timeout=_FETCH)
        return task.future.result(timeout=_FETCH) if error is None else _fault(error, late)
    except (OSError, CancelledError, asyncio.CancelledError):  # of the connection, not of the work
        return None


def _fault(error: BaseException, late: str) -> str | None:
    """In words why there is nothing; none where only the scheduler forgot it."""
    match error:
        case CancelledError():
            return None
        case TimeoutError():
            return f"{late} and was stopped; raise [run] seconds if it needs more"
        case KilledWorker():
            return "every worker that was at it died, perhaps for want of memory (dask's memory limit)"
    return f"a fault in the program or on the worker ({type(error).__name__}: {error})"


class _Crew:
    """The workers, through their scheduler; finds it again when it was away."""

    def __init__(self, workspace: Workspace, watcher: Watcher) -> None:
        settings = workspace.settings.cluster
        self._settings, self._watcher = settings, watcher
        self.depot = Depot(settings.store, settings.endpoint) if settings.store else None
        self.snapshots = (
            SharedSnapshots(workspace.snapshots, self.depot) if self.depot else SnapshotStore(workspace.snapshots)
        )
        self.threads = 0
        self._heard: queue.SimpleQueue[Progress] = queue.SimpleQueue()
        self._client: Client | None = None
        self._idle_since: float | None = None

    def __enter__(self) -> Self:
        self._connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def submit(self, job: Job) -> Future[Delivery]:
        """Have a source gathered by whichever worker is free."""
        if self._client is None:
            raise MachineError("there is no connection to the cluster")
        return self._client.submit(work, job, key=f"{job.run_id}-{time.monotonic_ns()}", pure=False)

    def renew(self) -> bool:
        """Look after the connection; tells whether it is a new one, and everything has to be handed out again.

        Raises:
            MachineError: nobody is there for too long.
        """
        client = self._client
        if client is None or client.status != "running":
            log_of("cluster").warning("the scheduler is gone; waiting for it", address=self._settings.scheduler)
            self._leave()
            self._connect()
            return True
        try:
            self.threads = sum(client.nthreads().values())
        except OSError:  # it went away just now
            self.threads = 0
        now = time.monotonic()
        self._idle_since = None if self.threads else self._idle_since or now
        if self._idle_since is not None and now - self._idle_since > self._settings.patience:
            raise MachineError(
                f"the scheduler {self._settings.scheduler} has had no worker for {self._settings.patience:g} s;"
                " start one (docs/cluster.md)"
            )
        return False

    def listen(self) -> None:
        """Pass on what workers told of their progress."""
        while not self._heard.empty():
            self._watcher.progress(self._heard.get())

    def _connect(self) -> None:
        deadline = time.monotonic() + self._settings.patience
        while True:
            try:
                self._client = Client(self._settings.scheduler, timeout=5, set_as_default=False)
                self._client.subscribe_topic(TOPIC, self._hear)
            except OSError as error:
                if time.monotonic() > deadline:
                    raise MachineError(
                        f"no dask scheduler at {self._settings.scheduler} ([cluster] scheduler): {error}; start one (docs/cluster.md)"
                    ) from error
                time.sleep(1)
            else:
                return

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        told = event[1]
        self._heard.put(Progress(told["source_id"], Stage(told["stage"]), told["documents"], told["records"]))

    def _leave(self) -> None:
        if self._client is not None:
            self._client.close(timeout=2)
        self._client = None
