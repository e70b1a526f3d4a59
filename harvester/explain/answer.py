"""Answer ``harvester explain``: a service of the catalogue, traced back to the bytes of its sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace

from rich.console import Console
from rich.text import Text
from sqlite_utils import Database

from harvester.errors import UsageError
from harvester.explain.bytes_at import find_origin, join_locators, show_bytes
from harvester.explain.evidence import Evidence
from harvester.explain.link_note import read_link_notes
from harvester.explain.matched import FIELDS as KEY_FIELDS
from harvester.explain.matched import matched_keys
from harvester.explain.online_links import read_online_links, trace_online_links
from harvester.explain.values import paths_for, values_of
from harvester.fetch import SnapshotStore
from harvester.merge import Combined, Member, Ref, Voice, combine
from harvester.model import Level
from harvester.registry import Registry
from harvester.run.run import known_sources
from harvester.state import Packer, open_state
from harvester.view.open import open_catalogue
from harvester.workspace import Workspace

_STATED = {"level": "source.level", "source_id": "merge.precedence", "status": "lifecycle", "slug": "identity"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A service with the evidence for its values."""

    service_id: str
    title: str
    evidence: tuple[Evidence, ...]

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {"service": self.service_id, "title": self.title, "evidence": [asdict(e) for e in self.evidence]}

    def show(self, console: Console) -> None:
        """Print it."""
        console.print(Text(f"{self.title}  ({self.service_id})", style="bold"))
        for evidence in self.evidence:
            evidence.show(console)


def explain_service(workspace: Workspace, registry: Registry, named: str, field: str | None) -> Answer:
    """Trace a service, or one of its fields, back to its sources.

    ``named`` is the service's id or slug, or a source's own identifier.

    Raises:
        UsageError: no such service or field; the message says what there is.
    """
    with open_catalogue(workspace.catalogue_file) as catalogue:
        service_id, parts = _find(catalogue, named)
        columns = _columns(catalogue, service_id)
        notes = read_link_notes(catalogue, service_id)
        matched = matched_keys(catalogue, service_id)
        online = read_online_links(catalogue, service_id)
    with closing(open_state(workspace.state_file)) as state:
        levels = {source.id: source.level for source in known_sources(state, registry).values()}
        combined = combine(_voices(state, parts, levels))
        values = values_of(combined.service)
        if field in _STATED:
            stated = Evidence(field, columns[field], _STATED[field], source=columns["source_id"])
            return Answer(service_id, combined.service.title, (stated,))
        if field in KEY_FIELDS and matched:
            return Answer(service_id, combined.service.title, matched)
        paths = list(values) if field is None else paths_for(field, values, combined.service)
        store = SnapshotStore(workspace.snapshots)
        own = {link.url for link in combined.service.links}
        served = [link for link in online if link.url not in own]
        wanted = "links" if field in ("link", "url") else field
        led = tuple(
            found
            for found in trace_online_links(state, store, served, levels, notes)
            if wanted is None or f"{found.field}/".startswith(f"{wanted}/")
        )
        if not paths and not led:
            raise UsageError(f"{service_id} has no field {field!r}; it has {', '.join([*values, *_STATED])}")
        links = {f"links/{index}": notes.get(link.url) for index, link in enumerate(combined.service.links)}
        traced = (replace(_trace(state, store, combined, p, values[p]), link=links.get(p)) for p in paths)
        told = (*traced, *led, *matched) if field is None else (*traced, *led)
        return Answer(service_id, combined.service.title, told)


def combine_service(workspace: Workspace, registry: Registry, named: str) -> tuple[str, tuple[Member, ...], Combined]:
    """A service as it was built from its records: its id in the catalogue, its records, what they gave together.

    Raises:
        UsageError: no such service; the message says what to name.
    """
    with open_catalogue(workspace.catalogue_file) as catalogue:
        service_id, parts = _find(catalogue, named)
    with closing(open_state(workspace.state_file)) as state:
        levels = {source.id: source.level for source in known_sources(state, registry).values()}
        return service_id, tuple(parts), combine(_voices(state, parts, levels))


def _find(catalogue: sqlite3.Connection, named: str) -> tuple[str, list[Member]]:
    query = """
        SELECT id FROM service WHERE id = ?1 OR slug = ?1
        UNION SELECT service_id FROM service_source
        WHERE (remote_id = ?1 OR source_id || ':' || remote_id = ?1) AND reason <> 'page serves several keys'
    """
    found = [row[0] for row in catalogue.execute(query, (named,))]
    if not found:
        raise UsageError(f"no service {named!r} in the catalogue; give its id, its slug or an id of a source")
    if len(found) > 1:
        raise UsageError(f"{named!r} names {len(found)} services: {', '.join(found[:10])}; give one of these ids")
    rows = catalogue.execute(
        "SELECT source_id, remote_id, reason, evidence FROM service_source WHERE service_id = ? ORDER BY 1, 2",
        (found[0],),
    )
    return found[0], [Member(Ref(row[0], row[1]), row[2], row[3]) for row in rows]


def _columns(catalogue: sqlite3.Connection, service_id: str) -> dict[str, str]:
    row = catalogue.execute("SELECT level, source_id, status, slug FROM service WHERE id = ?", (service_id,)).fetchone()
    return dict(zip(("level", "source_id", "status", "slug"), row, strict=True))


def _voices(state: Database, parts: Sequence[Member], levels: dict[str, Level]) -> list[Voice]:
    packer = Packer()
    voices: list[Voice] = []
    for part in parts:
        if part.ref.source_id not in levels:
            raise UsageError(
                f"the source {part.ref.source_id} is no longer in the registry: the next build leaves it out"
            )
        row = _record(state, part.ref)
        record = packer.unpack_service(row["content"], row["modified_at"])
        full = record.model_copy(update={"provenance": packer.unpack_provenance(row["provenance"])})
        voices.append(
            Voice(
                part,
                levels[part.ref.source_id],
                full,
                contributes=part.reason == "page serves several keys",
            )
        )
    return voices


def _record(state: Database, ref: Ref) -> sqlite3.Row:
    row: sqlite3.Row | None = state.conn.execute(
        "SELECT r.*, d.charset, d.fetched_at FROM record r LEFT JOIN document d"
        " ON d.source_id = r.source_id AND d.url = r.url AND d.sha256 = r.sha256"
        " WHERE r.source_id = ? AND r.kind = 'service' AND r.remote_id = ?",
        ref,
    ).fetchone()
    if row is None:
        raise UsageError(f"state.db has no record {ref.source_id}:{ref.remote_id}; was it made for another catalogue?")
    return row


def _trace(state: Database, store: SnapshotStore, combined: Combined, path: str, value: str) -> Evidence:
    index, own = combined.taken.get(path) or combined.taken.get(path.rpartition("/")[0]) or (0, path)
    voice = combined.voices[index]
    row = _record(state, voice.member.ref)
    found = find_origin(voice.record.provenance, own)
    place = found or voice.record.provenance.get("remote_id")
    evidence = Evidence(
        field=path,
        value=value,
        rule=found.rule if found else "source.default",
        source=voice.member.ref.source_id,
        remote_id=voice.member.ref.remote_id,
        reason=" ".join(part for part in (voice.member.reason, voice.member.evidence) if part),
        url=row["url"],
        fetched_at=row["fetched_at"] or "",
        snapshot=row["sha256"],
        locator=join_locators(row["locator"], place.locator if place else ""),
    )
    return show_bytes(evidence, store, None, row["charset"])
