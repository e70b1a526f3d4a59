"""The scheduler: fires each source when its cron line says so, as a process of its own. Imports no Scrapy.

Run it with ``python scheduler.py -w DIR``. It reads the registry once, when it starts, and ends cleanly on SIGINT and
SIGTERM: a run that is under way finishes first.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from harvester.registry import Source, read_registry
from harvester.registry.schedule import ZONE, cron_trigger
from harvester.workspace import Workspace

MISFIRE_GRACE = 3600
"""Seconds a run may start late, after a pause of the machine for instance, before it waits for its next turn."""
WORKERS = 2


def spread(source: Source) -> str:
    """The source's cron line, its minute spread over the hour by a stable hash of the id if it is written as ``0``.

    Hundreds of sources are written with minute 0; without a spread all of them would start in the same second. Any
    other minute is meant and stays, ``00`` too.
    """
    minute, rest = source.schedule.split(maxsplit=1)
    if minute != "0":
        return source.schedule
    return f"{int.from_bytes(hashlib.blake2b(source.id.encode(), digest_size=2).digest(), 'big') % 60} {rest}"


def plan(sources: Sequence[Source], fire: Callable[[str], object]) -> BackgroundScheduler:
    """A scheduler with one job per enabled source: never two runs of one source, missed runs folded into one."""
    scheduler = BackgroundScheduler(
        timezone=ZONE,
        executors={"default": ThreadPoolExecutor(WORKERS)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_GRACE},
    )
    for source in sources:
        if source.enabled:
            trigger = cron_trigger(spread(source))
            scheduler.add_job(fire, trigger, args=[source.id], id=source.id, name=source.title)
    return scheduler


def run_source(workspace: Path, source_id: str) -> int:
    """Harvest one source in a process of its own; returns its exit code."""
    command = [sys.executable, "-m", "harvester", "-w", str(workspace), "run", source_id]
    return subprocess.run(command, check=False).returncode


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal says stop."""
    parser = argparse.ArgumentParser(description="Fire each source when it is due.")
    parser.add_argument("-w", "--workspace", type=Path, default=Path())
    workspace = parser.parse_args(arguments).workspace
    registry = read_registry(Workspace(workspace).sources)
    for problem in registry.problems:
        print(problem, file=sys.stderr)  # noqa: T201 - a service tells its log
    scheduler = plan(registry.pick(), lambda source_id: run_source(workspace, source_id))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    scheduler.start()
    told = f"{len(scheduler.get_jobs())} sources are scheduled, in the time of {ZONE}"
    print(told, file=sys.stderr, flush=True)  # noqa: T201 - likewise
    stop.wait()
    scheduler.shutdown(wait=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
