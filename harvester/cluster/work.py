"""The worker's part: gather one source and leave what it has in the depot."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from distributed import get_worker

from harvester import __version__
from harvester.cluster.depot import SharedSnapshots
from harvester.cluster.job import Delivery, Job
from harvester.errors import HarvesterError
from harvester.fetch import Fetcher, MemoryValidators, SnapshotStore, Validator
from harvester.log import set_up
from harvester.run.gather import Gathered, gather
from harvester.run.held import shard_of
from harvester.run.progress import Meter, Progress

TOPIC = "harvester-progress"


class VersionError(HarvesterError):
    """The worker has another version of the program than the writer."""


def shard_name(run_id: str) -> str:
    """Where a run's shard lies in the depot."""
    return f"shards/{run_id}.db"


def work(job: Job) -> Delivery:
    """Gather a source. Nothing of it counts before the writer has judged it, so it may be done twice.

    Raises:
        VersionError: the worker would read documents in another way than the writer expects.
        TimeoutError: it took longer than it may.
    """
    if job.version != __version__:
        raise VersionError(f"the worker has version {__version__}, the writer {job.version}: install the same on both")
    set_up()
    scratch = _scratch()
    folder = scratch if job.depot else Path(job.folder)
    store = SharedSnapshots(folder / "snapshots", job.depot) if job.depot else SnapshotStore(folder / "snapshots")
    shard_file = shard_of(folder / "runs", job.run_id)
    shard_file.parent.mkdir(parents=True, exist_ok=True)
    shard_file.unlink(missing_ok=True)  # of a worker that died at it
    try:
        gathered, validators, pause = asyncio.run(_gather(job, store, shard_file))
        if isinstance(store, SharedSnapshots) and job.depot:
            for sha256 in dict.fromkeys(document.sha256 for document in gathered.documents):
                store.share(sha256)
            job.depot.put(shard_file, shard_name(job.run_id))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    documents = tuple(replace(document, open=_elsewhere) for document in gathered.documents)
    return Delivery(replace(gathered, documents=documents), validators, pause)


async def _gather(job: Job, store: SnapshotStore, shard_file: Path) -> tuple[Gathered, dict[str, Validator], float]:
    validators = _Noted(job)
    async with Fetcher(job.fetch, job.politeness, store, validators) as fetcher, asyncio.timeout(job.seconds):
        gathered = await gather(
            job.source,
            cursor=job.cursor,
            known=job.tally,
            fetcher=fetcher,
            shard_file=shard_file,
            meter=Meter(job.source.id, _telling()),
        )
        return gathered, validators.new, fetcher.budget.rest(urlsplit(job.source.endpoint).hostname or "")


class _Noted(MemoryValidators):
    """The validators of a job, and what came in new."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        for url, validator in job.validators.items():
            super().put(url, validator)
        self.new: dict[str, Validator] = {}

    def put(self, url: str, validator: Validator) -> None:
        """Keep it, and note it for the state."""
        super().put(url, validator)
        self.new[url] = validator


def _telling() -> Callable[[Progress], None]:
    """Tell the writer how far it is; nothing depends on whether it hears."""
    worker = get_worker()

    def tell(progress: Progress) -> None:
        with suppress(OSError):
            worker.log_event(TOPIC, {**asdict(progress), "stage": str(progress.stage)})

    return tell


def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="harvester-", dir=get_worker().local_directory))


def _elsewhere() -> BinaryIO:
    raise FileNotFoundError("this document was gathered by a worker; open it from the snapshot store")
