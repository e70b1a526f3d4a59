"""What a worker is given and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from harvester.cluster.depot import Depot
from harvester.fetch import FetchSettings, PolitenessSettings, Validator
from harvester.model import Document
from harvester.registry import Source
from harvester.run.gather import Gathered
from harvester.run.harvest import cursor_of
from harvester.state import Tally
from harvester.state.shard import TALLY, read_tally

_KNOWN = f"SELECT url, sha256, role, note, reader, {TALLY} FROM document WHERE source_id = ?"
_VALIDATORS = """
    SELECT url, etag, last_modified, sha256, size, media_type, charset, variant FROM validator
    WHERE url IN (SELECT url FROM document WHERE source_id = :source) OR url BETWEEN :endpoint AND :endpoint || char(0x10ffff)
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A source to gather, with all that the state knows of it. ``seconds`` is how long it may take, ``version`` the program's."""

    run_id: str
    source: Source
    cursor: str | None
    known: Mapping[tuple[str, str, str, str, str], Tally]
    validators: Mapping[str, Validator]
    fetch: FetchSettings
    politeness: PolitenessSettings
    depot: Depot | None
    folder: str
    seconds: float
    version: str

    def tally(self, document: Document, reader: str) -> Tally | None:
        """What a document gave when it was read in this way before."""
        return self.known.get((document.url, document.sha256, document.role, document.note, reader))


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a worker gathered. Its documents open on the writer's side only; ``pause`` is for how many seconds the host wants its rest."""

    gathered: Gathered
    validators: Mapping[str, Validator]
    pause: float


def known_of(state: Database, source: Source) -> dict[tuple[str, str, str, str, str], Tally]:
    """The documents whose records are in the state, each with how it was read and what it gave."""
    return {tuple(row[:5]): read_tally(row[5:]) for row in state.conn.execute(_KNOWN, (source.id,))}


def validators_of(state: Database, source: Source) -> dict[str, Validator]:
    """What to ask the source's servers „has it changed?“ with."""
    rows = state.conn.execute(_VALIDATORS, {"source": source.id, "endpoint": source.endpoint})
    return {row[0]: Validator(*row[1:]) for row in rows}


__all__ = ["Delivery", "Job", "cursor_of", "known_of", "validators_of"]
