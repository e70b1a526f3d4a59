"""APScheduler with a clock that is passed in, driven from outside: one tick does all that is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger

from harvester.registry.schedule import ZONE


class Clockwork(BaseScheduler):  # type: ignore[misc]  # APScheduler ships no types
    """A scheduler in the sense of APScheduler's guide ("Extending APScheduler"): who owns it calls ``tick``.

    Jobs run at once, in the caller's thread, so they must be short: ringing is all they do. Missed firings are one
    (``coalesce``). How late is too late is not decided here (``misfire_grace_time=None``): this store forgets with the
    process, and only the state knows what was served (``harvester.schedule.due``).
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        super().__init__(timezone=ZONE, executors={"default": DebugExecutor()}, job_defaults=defaults)
        self._clock = clock

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002 - APScheduler's own signature
        """End it; nothing is ever under way between two ticks."""
        super().shutdown(wait)

    def wakeup(self) -> None:
        """Nobody sleeps in here."""

    def put(self, job_id: str, trigger: BaseTrigger, ring: Callable[[str], object]) -> None:
        """Add a job, or give it another trigger; it rings next after now."""
        upcoming = trigger.get_next_fire_time(None, self._clock().astimezone(ZONE))
        self.add_job(ring, trigger, args=[job_id], id=job_id, next_run_time=upcoming, replace_existing=True)

    def tick(self) -> datetime | None:
        """Ring all jobs that are due; returns when the next one is."""
        now = self._clock().astimezone(ZONE)
        upcoming = None
        with self._jobstores_lock:
            for store in self._jobstores.values():
                for job in store.get_due_jobs(now):
                    times = job._get_run_times(now)  # noqa: SLF001 - as the base class does it, with another clock
                    self._lookup_executor(job.executor).submit_job(job, times[-1:])
                    upcoming = job.trigger.get_next_fire_time(times[-1], now + timedelta(microseconds=1))
                    if upcoming is None:
                        store.remove_job(job.id)
                    else:
                        job._modify(next_run_time=upcoming)  # noqa: SLF001 - likewise
                        store.update_job(job)
                upcoming = store.get_next_run_time()
        return upcoming
