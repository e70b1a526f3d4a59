"""Hold what was harvested against what the nation knows: every source, every service that came, changed or went, every link."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.nation.links import LINKED
from benchmarks.nation.nation import Nation
from benchmarks.nation.truth import DayTruth, Identity
from benchmarks.nation.weather import Weather, host_weather, page_weather


def differences(workspace: Path, told: Mapping[str, Any], truth: DayTruth) -> list[str]:
    """What is not as it has to be after a day's harvest, in words; ``told`` is what ``harvester run --json`` printed."""
    return [*_of_sources(told["sources"], truth), *_of_catalogue(workspace, truth)]


def _of_sources(outcomes: Iterable[Mapping[str, Any]], truth: DayTruth) -> Iterator[str]:
    left = set(truth.sources)
    for outcome in outcomes:
        name, names = outcome["source"], ("verdict", "fetched", "created", "changed", "removed")
        left.discard(name)
        meant = truth.sources[name]
        verdict = "failed" if meant.out else "complete"
        wanted = (verdict, meant.seen, meant.created, meant.changed, meant.removed)
        found = tuple(outcome[field] for field in names)
        if found != wanted:
            yield f"{name}: {dict(zip(names, found, strict=True))} instead of {wanted}: {outcome['reason']}"
    yield from (f"{name}: not harvested" for name in sorted(left))


def _of_catalogue(workspace: Path, truth: DayTruth) -> Iterator[str]:
    with closing(sqlite3.connect(f"{(workspace / 'catalogue.db').resolve().as_uri()}?mode=ro", uri=True)) as db:
        db.execute("ATTACH ? AS state", (f"{(workspace / 'state.db').resolve().as_uri()}?mode=ro",))
        (services,) = db.execute("SELECT count(*) FROM service").fetchone()
        if services != truth.services:
            yield f"{services} services in the catalogue instead of {truth.services}"
        for kind, meant in (("created", truth.created), ("changed", truth.changed), ("removed", truth.removed)):
            found = _told_by_events(db, kind)
            if found != meant:
                more, less = sorted(found - meant)[:3], sorted(meant - found)[:3]
                yield f"{kind}: {len(found)} instead of {len(meant)}; too many {more}, missing {less}"


_EVENTS = """
    SELECT DISTINCT r.source_id, r.remote_id, r.keys, r.scope
    FROM (SELECT DISTINCT entity_id FROM main.event e WHERE e.entity = 'service' AND e.kind = ?
          AND e.at = (SELECT value FROM main.meta WHERE key = 'built_at')) e
    JOIN state.identity i ON i.service_id = e.entity_id
    JOIN state.record r ON r.source_id = i.source_id AND r.kind = 'service' AND r.remote_id = i.remote_id
"""


def _told_by_events(db: sqlite3.Connection, kind: str) -> set[Identity]:
    """The services of which the catalogue's last events tell, by what the nation knows them by."""
    return {(scope, keys) if keys else (source, remote) for source, remote, keys, scope in db.execute(_EVENTS, (kind,))}


def misjudged(workspace: Path, nation: Nation, day: int, since: str) -> tuple[int, int, list[str]]:
    """Links looked at since a time (ISO 8601), those of them that do not work, and what was judged other than it is meant."""
    looked = broken = 0
    wrong: list[str] = []
    with closing(sqlite3.connect(f"{(workspace / 'state.db').resolve().as_uri()}?mode=ro", uri=True)) as db:
        for url, outcome in db.execute("SELECT url, outcome FROM link WHERE checked_at >= ?", (since,)):
            parts = urlsplit(url)
            well = _works(nation, parts.hostname or "", parts.path, day)
            looked, broken = looked + 1, broken + (not well)
            if well != (outcome == "ok"):
                wrong.append(f"{url}: {outcome}")
    return looked, broken, wrong


def _works(nation: Nation, host: str, path: str, day: int) -> bool:
    if host_weather(nation, host, day) is not Weather.FINE:
        return False
    return not LINKED.fullmatch(path) or page_weather(nation, host, path, day) is Weather.FINE
