"""The heartbeat: an address elsewhere is asked now and then, so that somebody notices when it is not."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path

from harvester.fetch import Ask, Fetcher, FetchError, SnapshotStore
from harvester.log import log_of
from harvester.workspace import Settings


class Beat:
    """Asks ``[schedule] heartbeat``, through the address guard, in a thread: a slow watch must not hold up the scheduler."""

    def __init__(self, settings: Settings, snapshots: Path) -> None:
        self._settings, self._snapshots = settings, snapshots
        self._last: datetime | None = None
        self._thread: threading.Thread | None = None

    def send(self, now: datetime) -> None:
        """Ask if it is time and nobody is at it still."""
        schedule = self._settings.schedule
        pause = timedelta(minutes=schedule.heartbeat_minutes)
        early = self._last is not None and timedelta(0) <= now - self._last < pause
        if schedule.heartbeat is None or early or (self._thread and self._thread.is_alive()):
            return
        self._last = now
        self._thread = threading.Thread(target=self._ask, args=(str(schedule.heartbeat),), daemon=True)
        self._thread.start()

    def _ask(self, url: str) -> None:
        try:
            status = asyncio.run(self._fetch(url))
        except (FetchError, OSError) as error:
            log_of("scheduler").warning("no heartbeat", told=str(error))
            return
        if status >= 400:
            log_of("scheduler").warning("no heartbeat", told=f"the watch answers {status}")

    async def _fetch(self, url: str) -> int:
        store = SnapshotStore(self._snapshots)
        async with Fetcher(self._settings.fetch, self._settings.politeness, store) as fetcher:
            return (await fetcher.fetch(Ask(url, store=False, retries=0))).status
