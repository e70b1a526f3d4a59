"""Which proposals an editor takes over: one by its address, or a table of them, as ``links suggest --csv`` writes it."""

from __future__ import annotations

import csv
import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from harvester.errors import UsageError
from harvester.links.accepted import Accepted, same_address
from harvester.links.address import Refusal, read_address
from harvester.links.state import State
from harvester.links.suggest import Suggestion
from harvester.plain import plain

_LEAST = 10


class Wish(NamedTuple):
    """An address to replace, by what (empty: by the surest proposal), and why (empty: for the proposal's reason)."""

    link: str
    target: str = ""
    because: str = ""


def read_wishes(file: Path) -> Iterator[Wish]:
    """The lines of a table of proposals that an editor left in it.

    Raises:
        UsageError: no such file, or no such table.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                yield Wish(row["url"], row["target"], row.get("because") or row.get("reason_de") or "")
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise UsageError(f"{file}: not a table as harvester links suggest --csv FILE writes it ({error})") from error


def decide(wish: Wish, proposals: Sequence[Suggestion], state: sqlite3.Connection, by: str, on: dt.date) -> Accepted:
    """The decision an editor wishes for.

    Raises:
        UsageError: nobody proposes anything, the target is no address or dead itself, or nobody says why.
    """
    link = same_address(wish.link)
    fitting = [p for p in proposals if p.url == link and wish.target in {"", p.target}]
    proposal = max(fitting, key=lambda p: p.confidence, default=None)
    target = wish.target or (proposal.target if proposal else "")
    if not target:
        raise UsageError(
            f'nothing is proposed for {wish.link}; name the address: harvester links accept {wish.link} NEW --because "…"'
        )
    if isinstance(read := read_address(target), Refusal) or same_address(target) == link:
        raise UsageError(
            f"{target} is no address to lead to ({read.code if isinstance(read, Refusal) else 'the same'})"
        )
    row = state.execute(
        "SELECT l.state FROM link_text t JOIN link l ON l.id = t.link_id WHERE t.text = ? OR l.url = ?",
        (target, read.url),
    ).fetchone()
    if row is not None and row[0] == State.DEAD:
        raise UsageError(f"{target} is dead itself; harvester links explain {target} shows why")
    because = plain(wish.because or (proposal.reason_de if proposal else "")).strip()
    if len(because) < _LEAST:
        raise UsageError('say why, in at least ten letters: --because "…"')
    return Accepted(link=wish.link, target=target, because=because, by=by, date=on)
