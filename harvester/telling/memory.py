"""What each channel was told, in ``state.db``."""

from __future__ import annotations

import json
from datetime import datetime

from sqlite_utils import Database

from harvester.registry.schedule import ZONE
from harvester.reports.need import Need
from harvester.telling.decide import Told
from harvester.telling.message import Message


def read_told(state: Database, channel: str, now: datetime) -> Told:
    """What the channel knows."""
    day = now.astimezone(ZONE).date().isoformat()
    rows = state.conn.execute("SELECT key, subject, title FROM told WHERE channel = ?", (channel,)).fetchall()
    today = state.conn.execute("SELECT subject FROM told_day WHERE channel = ? AND day = ?", (channel, day)).fetchall()
    last = state.conn.execute(
        "SELECT day, keys FROM told_day WHERE channel = ? AND subject = '' ORDER BY day DESC LIMIT 1", (channel,)
    ).fetchone()
    return Told(
        open={row[0]: (row[1], row[2]) for row in rows},
        today=frozenset(row[0] for row in today),
        summary_day=last[0] if last else "",
        summary_keys=frozenset(json.loads(last[1])) if last else frozenset(),
    )


def remember(state: Database, channel: str, message: Message, needs: dict[str, Need], now: datetime) -> None:
    """The channel took the message."""
    day, conn = now.astimezone(ZONE).date().isoformat(), state.conn
    with state.atomic():
        if message.about:
            rows = [(channel, key, message.about, needs[key].title) for key in message.keys]
            conn.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", rows)
            conn.executemany(
                "DELETE FROM told WHERE channel = ? AND key = ?", [(channel, key) for key in message.ended]
            )
        conn.execute(
            "INSERT OR REPLACE INTO told_day VALUES (?, ?, ?, ?)",
            (channel, message.about, day, json.dumps(message.keys)),
        )
