"""The parts of a report that need nobody: changes, coverage, health, effort, and the numbers of its head."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from harvester.plain import plain
from harvester.reports.facts import Facts
from harvester.reports.reasons import told_in
from harvester.reports.report import Change, Health, Host, LinkChange, Part, PastRun, Piece, Summary
from harvester.view.words import compare_words

_LONGEST = 2000
_PORT = re.compile(r"[^:]:\d+$|\]:\d+$")
_COMPARED = 300
"""Changes that are compared word by word, as many as a page shows; the others tell both texts whole."""

_LISTED = 10_000
"""Changes that a report lists; `harvester diff` tells all."""

_KINDS: dict[str, Literal["created", "changed", "removed", "recategorised"]] = {
    "created": "created",
    "changed": "changed",
    "removed": "removed",
    "recategorised": "recategorised",
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to services in a period: the first of it, how much there is beyond, and how many services are concerned."""

    listed: tuple[Change, ...]
    beyond: int
    services: Mapping[str, int]


def changes(facts: Facts) -> Changes:
    """What happened to services in the period, texts first; a first harvest creates more services than anyone reads."""
    period = facts.period
    which, values = (
        ("e.run_id = ?", [period.run]) if period.run else ("e.at >= ? AND e.at < ?", [period.since, period.until])
    )
    told = f"e.entity = 'service' AND {which} AND e.kind IN ('created', 'changed', 'removed', 'recategorised')"
    counts = facts.published(
        f"SELECT e.kind, count(*), count(DISTINCT e.entity_id) FROM event e WHERE {told} GROUP BY 1", *values
    )
    rows = facts.published(
        "SELECT e.kind, e.entity_id, coalesce(s.title, e.old, e.new, ''), e.field, e.old, e.new FROM event e"
        f" LEFT JOIN service s ON s.id = e.entity_id WHERE {told}"
        f" ORDER BY e.kind NOT IN ('changed', 'recategorised'), e.seq LIMIT {_LISTED}",
        *values,
    )
    listed = tuple(_change(*row, exact=n < _COMPARED) for n, row in enumerate(rows))
    beyond = sum(row[1] for row in counts) - len(listed)
    return Changes(listed, beyond, {row[0]: row[2] for row in counts})


def _change(
    kind: str, service: str, title: str, field: str, old: str | None, new: str | None, *, exact: bool
) -> Change:
    words: tuple[Piece, ...] = ()
    if kind in {"changed", "recategorised"}:
        was, now = plain(old or "", _LONGEST), plain(new or "", _LONGEST)
        if exact:
            words = tuple(Piece(kind=piece.kind, text=piece.text) for piece in compare_words(was, now))
        else:
            words = (Piece(kind="gone", text=was), Piece(kind="new", text=now))
    return Change(service=service, title=plain(title, 300), kind=_KINDS[kind], field=plain(field, 200), words=words)


def link_changes(facts: Facts) -> tuple[LinkChange, ...]:
    """Links that broke or mended in the period."""
    rows = facts.published(
        "SELECT l.url, e.kind, e.at FROM event e JOIN link l ON l.id = e.entity_id WHERE e.entity = 'link'"
        " AND e.kind IN ('link_broken', 'link_fixed') AND e.at >= ? AND e.at < ? ORDER BY e.seq",
        facts.period.since,
        facts.period.until,
    )
    return tuple(LinkChange(url=plain(row[0], 2000), kind=row[1], at=row[2]) for row in rows)


_PARTS = """
    SELECT {id}, {name}, count(*), sum(x.service_id NOT IN (SELECT service_id FROM temp.unlinked)),
           sum(x.service_id IN (SELECT service_id FROM temp.dead))
    FROM {table} x {join} GROUP BY 1 ORDER BY 3 DESC, 2 LIMIT 500
"""
_NOTED = (
    "CREATE TEMP TABLE IF NOT EXISTS dead AS SELECT DISTINCT service_id FROM v_dead_links",
    "CREATE TEMP TABLE IF NOT EXISTS unlinked AS SELECT service_id FROM v_without_link",
)
"""What is asked of every part, once for a report."""


def regions(facts: Facts) -> tuple[Part, ...]:
    """Services by the region in which they hold."""
    return _parts(facts, "x.ars", "coalesce(r.name, x.ars)", "service_region", "LEFT JOIN region r ON r.ars = x.ars")


def situations(facts: Facts) -> tuple[Part, ...]:
    """Services by the life situation they lie in first."""
    return _parts(facts, "x.situation_id", "p.name", "service_situation", "JOIN situation p ON p.id = x.situation_id")


def _parts(facts: Facts, id_: str, name: str, table: str, join: str) -> tuple[Part, ...]:
    for note in _NOTED:
        facts.published(note)
    rows = facts.published(_PARTS.format(id=id_, name=name, table=table, join=join))
    return tuple(Part(id=str(r[0]), name=plain(str(r[1]), 200), services=r[2], linked=r[3], dead=r[4]) for r in rows)


def health(facts: Facts) -> tuple[Health, ...]:
    """Every source with its last thirty runs, the worse first."""
    found = []
    for source in facts.registry.sources.values():
        if not source.enabled:
            continue
        runs = facts.rows(
            "SELECT id, started_at, verdict, live FROM run WHERE source_id = ? AND verdict IS NOT NULL"
            " ORDER BY started_at DESC, id DESC LIMIT 30",
            source.id,
        )
        row = facts.rows("SELECT verdict, reason, last_complete_at FROM source WHERE id = ?", source.id)
        verdict, reason, good = row[0] if row else (None, None, None)
        past = tuple(PastRun(id=r[0], at=r[1], verdict=r[2], services=r[3]) for r in reversed(runs))
        services = next(
            (run.services for run in reversed(past) if run.services is not None and run.verdict == "complete"), 0
        )
        found.append(
            Health(
                source=source.id,
                title=plain(source.title, 200),
                verdict=verdict or "none",
                reason=told_in(facts.words.language, plain(reason or "")),
                last_complete_at=good or "",
                services=services or 0,
                runs=past,
            )
        )
    worst = ("failed", "held", "partial", "none", "complete")
    return tuple(sorted(found, key=lambda h: (worst.index(h.verdict) if h.verdict in worst else 0, h.source)))


def hosts(facts: Facts) -> tuple[Host, ...]:
    """What was asked of whom in the period, the busiest first."""
    requests: Counter[str] = Counter()
    checks: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    received: Counter[str] = Counter()
    period = facts.period
    runs = facts.rows(
        "SELECT source_id, requests, bytes, (julianday(ended_at) - julianday(started_at)) * 86400 AS seconds FROM run"
        " WHERE started_at >= ? AND started_at < ? AND verdict IS NOT NULL AND (? = '' OR id = ?)",
        period.since,
        period.until,
        period.run,
        period.run,
    )
    for row in runs:
        source = facts.source(row["source_id"])
        host = (urlsplit(source.endpoint).hostname if source else None) or row["source_id"]
        requests[host] += row["requests"]
        received[host] += row["bytes"]
        seconds[host] += row["seconds"] or 0
    if not period.run:
        looks = facts.rows(
            "SELECT l.host, count(*), total(o.elapsed_ms) / 1000, total(o.size) FROM link_observation o JOIN link l ON l.id = o.link_id"
            " WHERE o.at >= ? AND o.at < ? GROUP BY 1",
            period.since,
            period.until,
        )
        for site, count, took, size in looks:
            host = site.rpartition(":")[0] if _PORT.search(site) else site  # harvests are counted by host as well
            checks[host] += count
            seconds[host] += took
            received[host] += size
    order = sorted(requests.keys() | checks.keys(), key=lambda h: (-requests[h] - checks[h], h))
    return tuple(
        Host(
            host=plain(h, 255),
            requests=requests[h],
            checks=checks[h],
            seconds=round(float(seconds[h]), 1),
            megabytes=round(received[h] / 1e6, 2),
        )
        for h in order
    )


def summary(facts: Facts, changed: Changes, links: tuple[LinkChange, ...], false_alarms: str) -> Summary:
    """The numbers of the head."""
    period = facts.period
    runs = facts.rows(
        "SELECT count(*), coalesce(sum(verdict = 'complete'), 0) FROM run WHERE started_at >= ? AND started_at < ?"
        " AND verdict IS NOT NULL AND (? = '' OR id = ?)",
        period.since,
        period.until,
        period.run,
        period.run,
    )[0]
    published = facts.published(
        "SELECT (SELECT count(*) FROM service), count(*), coalesce(sum(state = 'dead'), 0) FROM link"
    )
    services, known, dead = published[0] if published else (0, 0, 0)
    kinds = {kind: changed.services.get(kind, 0) for kind in ("created", "changed", "removed")}
    return Summary(
        services=services,
        links=known,
        dead_links=dead,
        sources=sum(source.enabled for source in facts.registry.sources.values()),
        runs=runs[0],
        complete=runs[1],
        broken=sum(link.kind == "link_broken" for link in links),
        fixed=sum(link.kind == "link_fixed" for link in links),
        false_alarms=false_alarms,
        **kinds,
    )
