"""Builders for tests: services, documents and runs of made-up sources, without network and without a clock.

A document's body is the list of readings it gives, so a test says directly what a normalizer would have found.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from harvester.catalogue.refresh import Refreshed, refresh_catalogue
from harvester.merge import Member, Ref, Voice
from harvester.model import (
    Ars,
    Context,
    Coverage,
    Deletion,
    Document,
    DocumentError,
    Found,
    Issue,
    LeikaKey,
    Level,
    Link,
    LinkRole,
    Lost,
    Module,
    Proof,
    Reading,
    Record,
    Service,
    Text,
)
from harvester.registry import Source
from harvester.registry.interfaces import INTERFACES, Interface
from harvester.registry.options import Options
from harvester.run.facts import collect_facts
from harvester.run.fold import Changes, Fold, absences_count, attached, fold
from harvester.run.harvest import begin, known_tally
from harvester.run.judge import Verdict, judge
from harvester.run.read import Read, read_documents
from harvester.state import Shard, open_state

GELSENKIRCHEN, HERTEN, NRW = "055130000000", "055620020020", "050000000000"
A, B, C = "99115002060000", "99115002104000", "99006012261000"
START = datetime(2025, 1, 1, tzinfo=UTC)
INTERFACE = "test-bodies"
BODIES: dict[str, tuple[Reading | DocumentError, ...]] = {}


class NoOptions(Options):
    """A source of the made-up interface has none."""


def normalize(document: Document, context: Context) -> Iterator[Reading]:
    """Give the readings a document was built from."""
    del context
    for reading in BODIES[document.sha256]:
        if isinstance(reading, DocumentError):
            raise reading
        yield reading


INTERFACES.setdefault(INTERFACE, Interface(INTERFACE, NoOptions, "tests.build:none", "tests.build:normalize"))


def source(
    name: str = "gelsenkirchen", *, level: str = "kommune", region: str = GELSENKIRCHEN, **expectations: Any
) -> Source:
    """A source with expectations that no small test breaks by accident."""
    return Source.model_validate(
        {
            "id": name,
            "title": f"Quelle {name}",
            "level": level,
            "region": region,
            "interface": INTERFACE,
            "endpoint": f"https://{name}.example",
            "publisher": {"name": f"Stadt {name}"},
            "expectations": {"max_drop": 1.0, **expectations},
        }
    )


def service(remote_id: str, title: str = "Wohnsitz anmelden", *, keys: Sequence[str] = (), **more: Any) -> Service:
    """A service. ``texts`` maps modules to plain German text, ``regions`` and ``links`` take plain strings."""
    texts = {Module(name): text for name, text in more.pop("texts", {}).items()}
    links = [link if isinstance(link, Link) else Link(url=link, role=LinkRole.APPLY) for link in more.pop("links", ())]
    return Service(
        remote_id=remote_id,
        title=title,
        leika_keys=tuple(LeikaKey(key) for key in keys),
        regions=tuple(Ars(region) for region in more.pop("regions", ())),
        texts=tuple(Text(language="de", module=m, html=f"<p>{t}</p>", text=t) for m, t in texts.items()),
        links=tuple(links),
        **more,
    )


def gone(remote_id: str, kind: Any = "service") -> Deletion:
    """The source says that a record is gone."""
    return Deletion(remote_id=remote_id, deleted=kind)


def unreadable(remote_id: str = "") -> Issue:
    """A record that is there and could not be read."""
    return Issue("error", "test.no-title", f"/{remote_id}", "The service has no name and was not read.", remote_id)


def document(url: str, *body: Record | Issue | DocumentError, note: str = "", shift: int = 0) -> Document:
    """A document with that body. ``shift`` moves the places of its records, as a line more at its beginning does."""
    readings = tuple(
        Found(part, f"/{n + shift}") if not isinstance(part, Issue | DocumentError) else part
        for n, part in enumerate(body)
    )
    sha256 = hashlib.sha256(repr(readings).encode()).hexdigest()
    BODIES[sha256] = readings
    return Document(url, "page", sha256, 1, "application/json", "utf-8", START, io.BytesIO, note)


def proven(documents: Sequence[Document]) -> Coverage:
    """Everything the source's index names."""
    return Coverage(Proof.INDEX, expected=len(documents), unit="documents")


@dataclass(frozen=True, slots=True)
class Haul:
    """What a spider has brought."""

    documents: Sequence[Document]
    coverage: Coverage
    lost: Sequence[Lost] = ()
    errors: Sequence[str] = ()
    cursor: str | None = None

    @property
    def delta(self) -> bool:
        return self.coverage.delta


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to."""

    verdict: Verdict
    reason: str
    changes: Changes
    read: Read


@dataclass
class Bench:
    """A state, the sources that were run on it, and a catalogue. Every run is a day after the one before."""

    root: Path
    sources: dict[str, Source] = field(default_factory=dict)
    day: int = 0

    def __post_init__(self) -> None:
        self.state = open_state(self.root / "state.db")

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    @property
    def catalogue(self) -> Path:
        return self.root / "catalogue.db"

    @property
    def builds(self) -> Path:
        return self.root / "builds"

    def run(self, of: Source, *documents: Document, **more: Any) -> Ran:
        """Harvest: read, judge, fold. ``more`` are ``coverage``, ``lost``, ``errors`` (of the crawl) and ``cursor``."""
        self.day += 1
        self.sources[of.id] = of
        haul = Haul(documents, **{"coverage": proven(documents), **more})
        run_id = begin(self.state, of, self.now)
        with Shard(self.root / "runs" / "shard") as shard:
            read = read_documents(of, documents, shard, partial(known_tally, self.state, of.id), delta=haul.delta)
        with attached(self.state, shard.file):
            return self._settle(of, run_id, haul, read)

    def partial(self, of: Source, *documents: Document) -> Ran:
        """A run that lost a document."""
        return self.run(of, *documents, lost=(Lost(f"{of.endpoint}/lost", "the server answered 500"),))

    def log(self, of: Source, *documents: Document, cursor: str = "next") -> Ran:
        """A run of an event log, read to its end."""
        end = Coverage(Proof.CURSOR_EXHAUSTED, expected=len(documents), unit="documents", delta=True)
        return self.run(of, *documents, coverage=end, cursor=cursor)

    def _settle(self, of: Source, run_id: str, haul: Haul, read: Read) -> Ran:
        conn = self.state.conn
        conn.execute("BEGIN IMMEDIATE")
        facts = collect_facts(self.state, of.id, read, haul.documents, haul.lost, haul.coverage, haul.errors)
        judgement = judge(facts, of.expectations)
        verdict, changes = judgement.verdict, Changes()
        if verdict in (Verdict.COMPLETE, Verdict.PARTIAL):
            plan = Fold(
                run_id,
                of.id,
                self.now,
                absences_count(verdict, delta=haul.delta),
                of.expectations.grace,
                tuple(haul.lost),
                haul.cursor if verdict is Verdict.COMPLETE else None,
                delta=haul.delta,
                removes=verdict is Verdict.COMPLETE,
                keep=of.expectations.keep,
            )
            changes = fold(self.state, plan)
        at = self.now.isoformat()
        conn.execute(
            "UPDATE run SET verdict = ?, reason = ?, ended_at = ?, unnamed = ?, created = ?, changed = ?, removed = ?"
            " WHERE id = ?",
            (
                verdict,
                judgement.reason,
                at,
                read.tally.unnamed,
                changes.created,
                changes.changed,
                changes.removed,
                run_id,
            ),
        )
        conn.execute(
            "UPDATE source SET verdict = ?, reason = ?, last_run_at = ?, last_complete_at = iif(?, ?, last_complete_at)"
            " WHERE id = ?",
            (verdict, judgement.reason, at, verdict is Verdict.COMPLETE, at, of.id),
        )
        conn.execute("COMMIT")
        return Ran(verdict, judgement.reason, changes, read)

    def published(self, of: Source) -> set[str]:
        """Ids of the services of a source that a catalogue would show."""
        query = (
            "SELECT remote_id FROM record WHERE source_id = ? AND kind = 'service' AND status IN ('live', 'missing')"
        )
        return {row[0] for row in self.state.conn.execute(query, (of.id,))}

    def record(self, of: Source, remote_id: str) -> dict[str, Any]:
        """The service's row in the state."""
        query = "SELECT * FROM record WHERE source_id = ? AND kind = 'service' AND remote_id = ?"
        return dict(self.state.conn.execute(query, (of.id, remote_id)).fetchone())

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of the state."""
        return [tuple(row) for row in self.state.conn.execute(query, parameters)]

    def build(self, **without: Any) -> Refreshed:
        """Build and publish the catalogue of the sources run so far, a day after the last thing that happened."""
        self.day += 1
        sources = {name: of for name, of in sorted(self.sources.items()) if name not in without.get("without", ())}
        return refresh_catalogue(
            self.state,
            self.root / "state.db",
            sources,
            self.catalogue,
            self.builds,
            keep=without.get("keep", 7),
            max_drop=1.0,
            at=self.now,
            data=self.root / "data",
        )

    def decide(self, name: str, situations: Sequence[str]) -> None:
        """An editor decides about one service, and about no other any more."""
        file = self.root / "data" / "overrides" / "redaktion.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        entry = {
            "service": name,
            "situations": list(situations),
            "because": "Dort suchen es die Leute.",
            "by": "R",
            "date": "2026-11-23",
        }
        file.write_text(json.dumps([entry]), encoding="utf-8")

    def ask(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of the published catalogue."""
        return ask(self.catalogue, query, *parameters)


def ask(file: Path, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Rows of a catalogue, as a portal reads it."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return db.execute(query, parameters).fetchall()


def voice(
    record: Service, name: str = "gelsenkirchen", level: Level = Level.KOMMUNE, *, contributes: bool = False
) -> Voice:
    """A record as the merge hears it."""
    return Voice(Member(Ref(name, record.remote_id), "own"), level, record, contributes=contributes)
