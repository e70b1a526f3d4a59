"""Build a catalogue from the state: a new file, never the published one."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from sqlite_utils import Database

from harvester import __version__
from harvester.catalogue.accepted import accepted_findings, replace_links
from harvester.catalogue.batch import Batch
from harvester.catalogue.drawers import LASTING, Drawers, add_lasting_findings, lasting_row
from harvester.catalogue.events import add_events
from harvester.catalogue.findings import finding_rows
from harvester.catalogue.gather import Gathered, gather
from harvester.catalogue.identity import Names
from harvester.catalogue.keys import Keys, key_files
from harvester.catalogue.link_findings import link_finding_rows
from harvester.catalogue.links import write_links
from harvester.catalogue.meeting import find_clusters
from harvester.catalogue.merging import add_conflicts, apply_findings, rule_findings
from harvester.catalogue.offices import add_competences, add_offices, competences
from harvester.catalogue.online import add_online_links, drop_unknown_online_services
from harvester.catalogue.published import SCHEMA_VERSION
from harvester.catalogue.regions import ancestor_rows, read_regions
from harvester.catalogue.rows import Known, Seen, add_service
from harvester.catalogue.schemes import add_portals, add_schemes, add_words
from harvester.catalogue.search_words import add_search_words
from harvester.catalogue.strays import add_strays, stray_findings
from harvester.catalogue.writer import Writer, open_writer, sort_in_little, unsafe, write
from harvester.collector import paused_collector
from harvester.data import data_file
from harvester.editorial import editorial_files
from harvester.links.accepted import accepted_files, read_accepted
from harvester.merge import Combined, combine
from harvester.merge.decided import Decided, merge_files, read_decided
from harvester.model import Level
from harvester.registry import Source
from harvester.situations import Finding, knowledge_files, read_knowledge, read_portals

_FLUSH = 50
"""Services that are written together: few, so that their rows are still in the processor's cache."""
_BESIDES = {"options", "schedule", "expectations", "politeness", "enabled", "endpoint"}
"""What of a source has no part in the catalogue, but through its records."""


def fingerprint(state: Database, sources: Mapping[str, Source], data: Path | None = None) -> str:
    """Name everything the content of a catalogue depends on: equal names, equal contents (but for times of runs).

    ``data`` is a directory with editors' decisions and portals beside the project's own, as for ``build_catalogue``.
    """
    revisions = dict(state.conn.execute("SELECT id, revision FROM source").fetchall())
    told = [
        (name, revisions.get(name, 0), source.model_dump_json(exclude=_BESIDES))
        for name, source in sorted(sources.items())
    ]
    known = [
        hashlib.blake2b(file.read_bytes(), digest_size=8).hexdigest()
        for file in (
            data_file("regions.csv"),
            *knowledge_files(data),
            *key_files(data),
            *accepted_files(data),
            *merge_files(data),
        )
    ]
    schema = [files(__package__).joinpath(name).read_text(encoding="utf-8") for name in ("schema.sql", "indexes.sql")]
    named = [__version__, SCHEMA_VERSION, schema, known, told]
    return hashlib.blake2b(json.dumps(named).encode(), digest_size=16).hexdigest()


def build_catalogue(
    state: Database,
    sources: Mapping[str, Source],
    file: Path,
    *,
    previous: Path | None,
    at: datetime,
    data: Path | None = None,
) -> int:
    """Write the catalogue of all live records into ``file``; returns the number of services.

    ``previous`` is the published catalogue, which the events are derived from; ``data`` a directory with editors' decisions
    (``overrides``) and tiles (``portals``) that count beside the project's own. The state is only read, in one
    transaction: runs that end meanwhile do not mix in.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    for leftover in (file, file.with_name(file.name + "-journal")):
        leftover.unlink(missing_ok=True)
    with closing(sqlite3.connect(file, isolation_level=None)) as db, reading(state):
        unsafe(db)
        if previous is not None:
            db.execute("ATTACH ? AS previous", (str(previous),))
        db.execute("BEGIN")
        for statement in _statements("schema.sql"):
            db.execute(statement)
        if previous is not None:
            db.execute("INSERT INTO meta SELECT key, value FROM previous.meta WHERE key = 'build_id'")
        levels = {source.id: source.level for source in sources.values()}
        _add_regions(db)
        knowledge = read_knowledge(editorial_files("overrides", data))
        drawers = Drawers(knowledge)
        add_schemes(db, knowledge)
        add_words(db)
        portals, wrong = read_portals(editorial_files("portals", data))
        wrong += add_portals(db, portals, knowledge)
        merging = Merging(read_decided(merge_files(data)), at)
        batch = Batch()
        organisations = add_offices(db, state, levels)
        _add_sources(db, state, sources.values())
        with paused_collector():
            keys = Keys(data)
            known = Known(organisations)
            with open_writer(db, file, _count_records(state)) as writer:
                services = _add_services(writer, state, levels, known, drawers, keys, merging)
            keys.finish(db, batch, drawers)
            write(db, batch)
        drop_unknown_online_services(db)
        add_competences(db, competences(state, levels), organisations)
        add_online_links(db)
        add_strays(db)
        sort_in_little(db)
        for statement in _statements("indexes.sql"):
            db.execute(statement)
        replace_links(db, read_accepted(accepted_files(data))[0])
        add_events(db, state, at, previous=previous is not None)
        found = (*((finding, 1) for finding in (*wrong, *merging.findings)), *drawers.findings())
        add_lasting_findings(db, found, at, previous=previous is not None)
        write_times(db, state, sources, at, data)
        db.execute("INSERT INTO service_search (service_search) VALUES ('optimize')")
        add_search_words(db)
        db.execute("COMMIT")
        db.execute("ANALYZE main")
    return services


@contextmanager
def reading(state: Database) -> Iterator[None]:
    """One consistent view of the state for as long as a build lasts."""
    state.conn.execute("BEGIN")
    try:
        yield
    finally:
        state.conn.execute("ROLLBACK")


def write_times(
    db: sqlite3.Connection, state: Database, sources: Mapping[str, Source], at: datetime, data: Path | None = None
) -> None:
    """Write what changes with every run even where no service does: links, runs, verdicts, findings, the build's own data."""
    write_links(db, state, at)
    db.execute("DELETE FROM run")
    runs = state.conn.execute(
        "SELECT id, source_id, started_at, ended_at, verdict, reason, fetched, created, changed, removed, errors FROM run"
        " WHERE verdict IS NOT NULL ORDER BY started_at DESC, id LIMIT 10000"
    )
    db.executemany("INSERT INTO run VALUES (?,?,?,?,?,?,?,?,?,?,?)", runs)
    db.execute(f"DELETE FROM finding WHERE NOT {LASTING}")
    db.executemany("INSERT OR IGNORE INTO finding VALUES (?,?,?,?,?,?,?,?)", finding_rows(state, sorted(sources)))
    db.executemany("INSERT OR IGNORE INTO finding VALUES (?,?,?,?,?,?,?,?)", apply_findings(db))
    db.executemany("INSERT OR IGNORE INTO finding VALUES (?,?,?,?,?,?,?,?)", link_finding_rows(state))
    accepted = accepted_findings(db, *read_accepted(accepted_files(data)), at.isoformat())
    db.executemany("INSERT OR IGNORE INTO finding VALUES (?,?,?,?,?,?,?,?)", accepted)
    db.executemany("INSERT OR IGNORE INTO finding VALUES (?,?,?,?,?,?,?,?)", stray_findings(db))
    verdicts = state.conn.execute("SELECT verdict, reason, last_run_at, last_complete_at, id FROM source")
    db.executemany(
        "UPDATE source SET verdict = ?, reason = ?, last_run_at = ?, last_complete_at = ? WHERE id = ?", verdicts
    )
    before = db.execute("SELECT value FROM meta WHERE key = 'build_id'").fetchone()
    meta = {
        "schema_version": str(SCHEMA_VERSION),
        "build_id": f"{at:%Y%m%dT%H%M%S}{at.microsecond:06d}Z",
        "built_at": at.isoformat(),
        "generator": f"egov-harvester {__version__}",
        "fingerprint": fingerprint(state, sources, data),
    }
    if before:
        meta["previous_build_id"] = before[0]
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())


def _statements(name: str) -> Iterable[str]:
    """Single statements of a file beside this one: ``executescript`` would end the transaction."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    bare = "\n".join(line.partition("--")[0] for line in text.splitlines())
    return (statement for part in bare.split(";") if (statement := part.strip()))


def _add_regions(db: sqlite3.Connection) -> None:
    regions = read_regions()
    rows = ((str(r.ars), r.name, r.kind, str(r.parent) if r.parent else None) for r in regions.values())
    db.executemany("INSERT INTO region VALUES (?,?,?,?)", rows)
    db.executemany("INSERT INTO region_ancestor VALUES (?,?,?)", ancestor_rows(regions.values()))


def _add_sources(db: sqlite3.Connection, state: Database, sources: Iterable[Source]) -> None:
    counts = dict(
        state.conn.execute(
            "SELECT source_id, count(*) FROM record WHERE kind = 'service' AND status IN ('live', 'missing') GROUP BY 1"
        ).fetchall()
    )
    db.executemany(
        "INSERT INTO source VALUES (?,?,?,?,?,NULL,NULL,NULL,NULL,?,?,?,?,?,?)",
        (
            (
                s.id,
                s.title,
                s.level,
                s.region,
                s.interface,
                counts.get(s.id, 0),
                s.licence.name if s.licence else None,
                s.licence.attribution if s.licence else None,
                s.publisher.contact,
                s.publisher.name,
                str(s.publisher.homepage) if s.publisher.homepage else None,
            )
            for s in sources
        ),
    )


def _count_records(state: Database) -> int:
    (count,) = state.conn.execute("SELECT count(*) FROM record WHERE kind = 'service'").fetchone()
    return int(count)


@dataclass(slots=True)
class Merging:
    """What editors decided about merging, when the build is made, and what a person should know of their rules."""

    decided: Decided
    at: datetime
    findings: list[Finding] = field(default_factory=list)


def _add_services(
    writer: Writer,
    state: Database,
    levels: Mapping[str, Level],
    known: Known,
    drawers: Drawers,
    keys: Keys,
    merging: Merging,
) -> int:
    batch, count = Batch(), 0
    clusters = find_clusters(state, levels, merging.decided.rules)
    merging.findings += rule_findings(state.conn, merging.decided)
    names = Names(state.conn)
    for count, gathered in enumerate(gather(state, levels, clusters), start=1):
        combined = combine(gathered.voices)
        parts = (*gathered.cluster.members, *gathered.cluster.contributors)
        seen = _seen(gathered, combined, *names.name(gathered))
        add_service(batch, combined, parts, seen, known)
        drawers.add(batch, combined.service, seen.service_id, parts)
        keys.add(combined.service, seen.service_id, parts)
        for finding in add_conflicts(batch, combined, seen.service_id):
            batch.add("finding", lasting_row(finding, 1, merging.at))
        if count % _FLUSH == 0:
            writer(batch)
    writer(batch)
    return count


def _seen(gathered: Gathered, combined: Combined, service_id: str, slug: str) -> Seen:
    own = gathered.rows[: len(gathered.cluster.members)]
    modified = [row["modified_at"] for row in own if row["modified_at"]]
    return Seen(
        service_id=service_id,
        slug=slug,
        status="live" if any(row["status"] == "live" for row in own) else "missing",
        first_seen_at=min(row["first_seen_at"] for row in own),
        last_seen_at=max(row["last_seen_at"] for row in own),
        changed_at=max(row["changed_at"] for row in gathered.rows),
        source_modified_at=max(modified) if modified else None,
        content_hash=_content_hash(gathered, combined),
        scopes=tuple(row["scope"] for row in own),
    )


def _content_hash(gathered: Gathered, combined: Combined) -> str:
    """Hash of all that flows into a service: contents, where they hold, and which of them speaks first."""
    rows = {(row["source_id"], row["remote_id"]): row for row in gathered.rows}
    digest = hashlib.blake2b(digest_size=16)
    for voice in combined.voices:
        row = rows[voice.member.ref]
        digest.update(b"%s %s %d\n" % (row["hash"], row["scope"].encode(), voice.contributes))
    return digest.hexdigest()
