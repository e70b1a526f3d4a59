"""Needs of editors: services in no drawer, contradictions about life situations, and between records of one service."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.plain import plain
from harvester.reports.facts import Facts
from harvester.reports.need import Need, Row, Urgency, key_of
from harvester.reports.shell import quoted

_ROWS = 500
_COMMANDS = 12


def editor_needs(facts: Facts) -> Iterator[Need]:
    """All of them."""
    yield from _unsorted(facts)
    yield from _conflicts(facts)
    yield from _merges(facts)


def _unsorted(facts: Facts) -> Iterator[Need]:
    words = facts.words
    found = facts.published(
        "SELECT u.service_id, u.title, u.source_id, s.first_seen_at FROM v_unsorted u JOIN service s ON s.id = u.service_id"
        " ORDER BY s.first_seen_at DESC, u.title, u.service_id"
    )
    if not found:
        return
    rows = tuple(Row(id=plain(r[0], 200), title=plain(r[1], 300), note=plain(r[2], 100)) for r in found)
    ids = [name for row in rows[:_COMMANDS] if (name := quoted(row.id))]
    yield Need(
        key=key_of("unsorted", *sorted(row.id for row in rows)),
        kind="unsorted",
        urgency=Urgency.WEEK,
        title=words("need.unsorted.title" if len(rows) > 1 else "need.unsorted.one", n=words.number(len(rows))),
        cause=words("need.unsorted.cause"),
        since=min(row["first_seen_at"] for row in found),
        owner=words("owner.editor"),
        commands=tuple(facts.command("assign", name, "…", '--because "…"') for name in ids),
        rows=rows,
        count=len(rows),
        weight=len(rows),
    )


def _conflicts(facts: Facts) -> Iterator[Need]:
    words = facts.words
    found = facts.published(
        "SELECT entity_id, message, rule, first_seen_at FROM finding WHERE rule LIKE 'situations.%'"
        " AND severity IN ('error', 'warning') ORDER BY first_seen_at DESC, id"
    )
    if not found:
        return
    rows = tuple(Row(id=plain(r[0], 200), title=plain(r[1], 300), note=r[2]) for r in found)
    yield Need(
        key=key_of("conflicts", *sorted(row.id + row.title for row in rows)),
        kind="conflicts",
        urgency=Urgency.SOMETIME,
        title=words("need.conflicts.title" if len(rows) > 1 else "need.conflicts.one", n=words.number(len(rows))),
        cause=words("need.conflicts.cause"),
        since=min(row["first_seen_at"] for row in found),
        owner=words("owner.editor"),
        commands=tuple(
            facts.command("assign", row.id, "…", '--because "…"')
            for row in rows[:_COMMANDS]
            if row.note == "situations.conflict" and quoted(row.id)
        ),
        rows=rows[:_ROWS],
        count=len(rows),
    )


def _merges(facts: Facts) -> Iterator[Need]:
    words = facts.words
    found = facts.published(
        "SELECT f.entity_id, coalesce(s.title || ': ', '') || f.message, f.rule, f.first_seen_at FROM finding f"
        " LEFT JOIN service s ON s.id = f.entity_id WHERE f.rule LIKE 'merge.%' AND f.severity IN ('error', 'warning')"
        " ORDER BY f.first_seen_at DESC, f.id"
    )
    if not found:
        return
    rows = tuple(Row(id=plain(r[0], 200), title=plain(r[1], 300), note=r[2]) for r in found)
    services = [name for row in rows if row.note in ("merge.apply", "merge.fees") and (name := quoted(row.id))]
    yield Need(
        key=key_of("merges", *sorted(row.id + row.title for row in rows)),
        kind="merges",
        urgency=Urgency.WEEK,
        title=words("need.merges.title" if len(rows) > 1 else "need.merges.one", n=words.number(len(rows))),
        cause=words("need.merges.cause"),
        since=min(row["first_seen_at"] for row in found),
        owner=words("owner.editor"),
        commands=tuple(facts.command("catalogue", "merges", name) for name in dict.fromkeys(services[:_COMMANDS])),
        rows=rows[:_ROWS],
        count=len(rows),
    )
