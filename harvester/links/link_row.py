"""The state of a link as columns of its row."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any, NamedTuple

from harvester.links.outcome import Outcome, Verdict
from harvester.links.schedule import next_look
from harvester.links.state import LinkState, Override, State, Word

_COLUMNS = (
    "state", "outcome", "code", "since", "failures", "failing_since", "failed_at", "sure", "sure_since", "streak", "checked_at",
    "ok_at", "permanent_url", "permanent_since", "permanent_seen", "next_at", "word", "word_code", "word_until",
)  # fmt: skip
_FACTS = ("status", "final_url", "title", "etag")

_BEFORE = ("id", "url", "state", "since", "streak", "permanent_url", "word", "title")
READ = ", ".join(f"l.{name}" for name in ("id", "url", *_COLUMNS, *_FACTS))
"""The columns that ``state_of`` needs, of a table called l."""

READ_BEFORE = ", ".join(f"l.{name}" for name in _BEFORE)
"""The columns of ``Before``, of a table called l: a third of all, and a run reads them for each of its links."""

UPDATE = f"UPDATE link SET {', '.join(f'{name} = ?' for name in (*_COLUMNS, *_FACTS))}, incident_id = NULL WHERE id = ?"
"""Takes ``values_of``, the four facts of the last answer, and the id."""

UPDATE_PLAIN = (
    "UPDATE link SET state = 'ok', outcome = ?, code = ?, since = ?, failures = 0, failing_since = NULL, failed_at = NULL,"
    " sure = 0, sure_since = NULL, streak = ?, checked_at = ?, ok_at = ?, permanent_url = '', permanent_since = NULL,"
    " permanent_seen = NULL, next_at = ?, word = NULL, word_code = NULL, word_until = NULL, status = ?, final_url = nullif(?, ''),"
    " title = ?, etag = nullif(?, ''), incident_id = NULL WHERE id = ?"
)
"""What ``UPDATE`` does for a plain success: takes ``plain_success``, the four facts (an empty text for None) and the id."""

UPDATE_STATE = f"UPDATE link SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE id = ?"
"""Takes ``values_of`` and the id."""


class Before(NamedTuple):
    """Of a row what a plain success needs; by position, for a million rows are read so."""

    id: int
    url: str
    state: str
    since: str | None
    streak: int
    permanent_url: str
    word: str | None
    title: str | None


def state_of(row: sqlite3.Row) -> LinkState:
    """The state in a row."""
    if row["checked_at"] is None and row["word"] is None and row["state"] == "unchecked":
        return LinkState()
    override = None
    if row["word"]:
        override = Override(Word(row["word"]), row["word_code"], datetime.fromisoformat(row["word_until"]))
    return LinkState(
        State(row["state"]),
        Outcome(row["outcome"]),
        row["code"],
        _moment(row["since"]),
        row["failures"],
        _moment(row["failing_since"]),
        _moment(row["failed_at"]),
        row["sure"],
        _moment(row["sure_since"]),
        row["streak"],
        _moment(row["checked_at"]),
        _moment(row["ok_at"]),
        row["permanent_url"],
        _moment(row["permanent_since"]),
        _moment(row["permanent_seen"]),
        _moment(row["next_at"]),
        override,
    )


def values_of(state: LinkState, now: datetime | None = None, now_text: str = "") -> tuple[Any, ...]:
    """The columns of a state, in the order of the statements. ``now_text`` is how the moment ``now`` is written."""

    def text(moment: datetime | None) -> str | None:
        if moment is None:
            return None
        return now_text if moment is now else moment.isoformat()

    said = state.override
    word = (said.word, said.code, said.until.isoformat()) if said is not None else (None, None, None)
    return (
        state.state,
        state.outcome,
        state.code,
        text(state.since),
        state.failures,
        text(state.failing_since),
        text(state.failed_at),
        state.sure,
        text(state.sure_since),
        state.streak,
        text(state.checked_at),
        text(state.ok_at),
        state.permanent_url,
        text(state.permanent_since),
        text(state.permanent_seen),
        text(state.next_at),
        *word,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def plain_success(before: Before, verdict: Verdict, now: datetime, now_text: str) -> tuple[Any, ...]:
    """What ``UPDATE_PLAIN`` takes where neither a redirect nor a maintainer's word plays a part: the same as ``reduce`` comes to.

    That is nearly every link of nearly every run, and it needs no moment of the past.
    """
    streak = before.streak + 1
    then = next_look("ok", verdict, 0, streak, now, before.url, None)
    since = before.since if before.state == "ok" else now_text
    # A plain str and not the member: SQLite's module asks around for an adapter for whatever is not exactly a str.
    return (str(verdict.outcome), verdict.code, since, streak, now_text, now_text, then.isoformat())
