"""Needs of sources: held, failed or partial for long, unreadable files and records, expectations that get tight."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit

from harvester.plain import plain
from harvester.registry import Source
from harvester.reports.facts import Facts
from harvester.reports.mails import write_mail
from harvester.reports.need import Fact, Need, Row, Urgency, key_of
from harvester.reports.reasons import record_told_in, told_in
from harvester.reports.shell import quoted
from harvester.run.held import held_runs
from harvester.run.learn import RUNS, GoodRun, learn
from harvester.schedule.due import TOO_LONG

_PARTIAL_RUNS = 3
_ROWS = 200
_TIGHT = 0.1
_OURS = (TOO_LONG, "its process ended", "a fault in the program", "more than the", "The process ended")
"""Words of failures that are not the publisher's to mend."""


def source_needs(facts: Facts) -> Iterator[Need]:
    """All of them."""
    yield from _registry(facts)
    yield from _catalogue(facts)
    held = {run.source_id: run for run in held_runs(facts.state)}
    for source in sorted(facts.registry.sources.values(), key=lambda s: s.id):
        if not source.enabled:
            continue
        runs = facts.rows(
            "SELECT id, verdict, reason, started_at, ended_at, fetched, live FROM run WHERE source_id = ? AND verdict IS NOT NULL"
            " AND NOT interrupted ORDER BY started_at DESC, id DESC LIMIT 30",
            source.id,
        )
        if not runs:
            continue
        verdict = runs[0]["verdict"]
        if source.id in held:
            yield _held(facts, source, held[source.id].run_id, runs)
        elif verdict == "failed":
            yield _failed(facts, source, runs)
        elif verdict == "partial" and len(_alike(runs)) >= _PARTIAL_RUNS:
            yield _partial(facts, source, runs)
        yield from _unreadable(facts, source)
        yield from _drift(facts, source)


def _registry(facts: Facts) -> Iterator[Need]:
    for problem in facts.registry.problems:
        yield Need(
            key=key_of("registry", str(problem)),
            kind="registry",
            urgency=Urgency.NOW,
            title=facts.words("need.registry.title", file=problem.file.name),
            cause=plain(f"{problem.field + ': ' if problem.field else ''}{problem.message}"),
            subject=problem.file.stem,
            owner=facts.words("owner.operator"),
            facts=(Fact(label=facts.words("fact.file"), text=f"{problem.file}:{problem.line}"),),
            commands=(facts.command("sources", "lint"),),
        )


def _catalogue(facts: Facts) -> Iterator[Need]:
    """What was harvested and is not published: the last build was refused. While somebody works it is only on its way."""
    built = facts.published("SELECT value FROM meta WHERE key = 'built_at'")
    if not built or facts.rows("SELECT 1 FROM lease WHERE name GLOB 'source:*' OR name = 'catalogue'"):
        return
    late = facts.rows(
        "SELECT source_id, ended_at FROM run WHERE verdict IN ('complete', 'partial') AND ended_at > ?"
        " AND created + changed + removed > 0 ORDER BY ended_at",
        built[0][0],
    )
    if late:
        words = facts.words
        yield Need(
            key=key_of("catalogue", built[0][0]),
            kind="catalogue",
            urgency=Urgency.NOW,
            title=words("need.catalogue.title"),
            cause=words("need.catalogue.cause", at=words.moment(built[0][0])),
            subject="catalogue",
            since=late[0]["ended_at"],
            owner=words("owner.operator"),
            facts=tuple(
                Fact(label=words("label.source"), text=name) for name in sorted({row["source_id"] for row in late})[:10]
            ),
            commands=(facts.command("catalogue", "build"), facts.command("catalogue", "publish", '--because "…"')),
        )


def _held(facts: Facts, source: Source, run_id: str, runs: list[Any]) -> Need:
    words, run = facts.words, next(run for run in runs if run["id"] == run_id)
    reason = told_in(words.language, plain(run["reason"]))
    before = next((r["live"] for r in runs if r["verdict"] == "complete" and r["live"] is not None), None)
    told = words("mail.held", at=words.moment(run["ended_at"]), reason=reason)
    shown = [Fact(label=words("fact.fetched"), text=words.number(run["fetched"]))]
    if before is not None:
        shown.insert(0, Fact(label=words("fact.before"), text=words.number(before)))
    return Need(
        key=key_of("held", run_id),
        kind="held",
        urgency=Urgency.NOW,
        title=words("need.held.title", title=plain(source.title, 200)),
        cause=reason,
        subject=source.id,
        since=run["ended_at"] or "",
        owner=words("owner.decide", name=plain(source.publisher.name, 200)),
        facts=(*shown, _endpoint(facts, source), Fact(label=words("fact.run"), text=run_id)),
        commands=(facts.command("approve", run_id, '--because "…"'), facts.command("run", source.id)),
        mail=write_mail(words, source, words("mail.held.subject"), told),
        weight=before or 0,
    )


def _failed(facts: Facts, source: Source, runs: list[Any]) -> Need:
    words, alike = facts.words, _alike(runs)
    reason, since = told_in(words.language, plain(runs[0]["reason"])), alike[-1]["ended_at"] or ""
    good = next((r["ended_at"] for r in runs if r["verdict"] == "complete"), None)
    ours = any(told in runs[0]["reason"] for told in _OURS)
    told = words("mail.failed", since=words.moment(since), n=len(alike), reason=reason)
    url = quoted(source.endpoint)
    return Need(
        key=key_of("failed", source.id, since),
        kind="failed",
        urgency=Urgency.NOW if len(alike) >= _PARTIAL_RUNS else Urgency.TODAY,
        title=words("need.failed.title", title=plain(source.title, 200)),
        cause=reason + (f" ({words('need.failed.times', n=len(alike))})" if len(alike) > 1 else ""),
        subject=source.id,
        since=since,
        owner=words("owner.operator") if ours else words("owner.publisher", name=plain(source.publisher.name, 200)),
        facts=(Fact(label=words("fact.lastgood"), text=words.moment(good)), _endpoint(facts, source)),
        commands=(*([facts.command("try", url)] if url and not ours else []), facts.command("run", source.id)),
        mail=None if ours else write_mail(words, source, words("mail.failed.subject"), told),
        weight=len(alike),
    )


def _partial(facts: Facts, source: Source, runs: list[Any]) -> Need:
    words, alike = facts.words, _alike(runs)
    reason, since = told_in(words.language, plain(runs[0]["reason"])), alike[-1]["ended_at"] or ""
    told = words("mail.failed", since=words.moment(since), n=len(alike), reason=reason)
    return Need(
        key=key_of("partial", source.id, since),
        kind="partial",
        urgency=Urgency.WEEK,
        title=words("need.partial.title", title=plain(source.title, 200), n=len(alike)),
        cause=reason,
        subject=source.id,
        since=since,
        owner=words("owner.publisher", name=plain(source.publisher.name, 200)),
        facts=(_endpoint(facts, source),),
        commands=(facts.command("run", source.id),),
        mail=write_mail(words, source, words("mail.failed.subject"), told),
    )


def _unreadable(facts: Facts, source: Source) -> Iterator[Need]:
    words = facts.words
    found = facts.rows(
        "SELECT rule, remote_id, locator, message, first_seen_at FROM issue WHERE source_id = ? AND severity = 'error'"
        " ORDER BY first_seen_at DESC, remote_id, locator",
        source.id,
    )
    if not found:
        return
    since = min(row["first_seen_at"] for row in found)
    rows = [
        Row(
            id=plain(r["remote_id"] or r["locator"], 200),
            title=plain(record_told_in(words.language, r["rule"], r["message"]), 300),
            note=r["rule"],
        )
        for r in found
    ]
    told = [f"{row.id}: {row.title}" for row in rows[:20]]
    yield Need(
        key=key_of("unreadable", source.id, max(row["first_seen_at"] for row in found)),
        kind="unreadable",
        urgency=Urgency.WEEK,
        title=words(_counted("need.unreadable", found), title=plain(source.title, 200), n=words.number(len(found))),
        cause=words("need.unreadable.cause"),
        subject=source.id,
        since=since,
        owner=words("owner.publisher", name=plain(source.publisher.name, 200)),
        rows=tuple(rows[:_ROWS]),
        count=len(found),
        mail=write_mail(words, source, words("mail.unreadable.subject"), words("mail.unreadable"), told),
    )


def _drift(facts: Facts, source: Source) -> Iterator[Need]:
    """Bounds that the number of services comes close to, while it still keeps within them."""
    rows = facts.rows(
        "SELECT live FROM run WHERE source_id = ? AND verdict = 'complete' AND live IS NOT NULL ORDER BY started_at DESC LIMIT ?",
        source.id,
        RUNS,
    )
    if len(rows) < _PARTIAL_RUNS:
        return
    stated, learned = source.expectations.services, learn([GoodRun(row[0]) for row in rows])
    least = stated.min if "min" in stated.model_fields_set else learned.least
    most = stated.max if "max" in stated.model_fields_set else learned.most
    now, before = rows[0][0], rows[-1][0]
    low = least is not None and least > 1 and now < before and now < least * (1 + _TIGHT)
    high = most is not None and now > before and now > most * (1 - _TIGHT)
    if not low and not high:
        return
    words = facts.words
    proposed = f"services: {{min: {int(now * 0.7)}, max: {int(now * 1.5) + 10}}}"
    yield Need(
        key=key_of("drift", source.id, str(least), str(most)),
        kind="drift",
        urgency=Urgency.SOMETIME,
        title=words("need.drift.title", title=plain(source.title, 200)),
        cause=words("need.drift.cause", now=words.number(now), least=least, most=most if most is not None else "∞"),
        subject=source.id,
        owner=words("owner.operator"),
        facts=(
            Fact(label=words("fact.file"), text=f"{facts.registry.files.get(source.id, source.id)}"),
            Fact(label="expectations", text=proposed),
        ),
        commands=(facts.command("sources", "lint"),),
    )


def _counted(name: str, found: list[Any]) -> str:
    """The name of the title for one or for several."""
    return f"{name}.{'one' if len(found) == 1 else 'title'}"


def _alike(runs: list[Any]) -> list[Any]:
    """The last runs as far as they ended like the very last one, the newest first."""
    return list(takewhile(lambda run: run["verdict"] == runs[0]["verdict"], runs))


def _endpoint(facts: Facts, source: Source) -> Fact:
    host = urlsplit(source.endpoint).hostname or source.endpoint
    return Fact(label=facts.words("fact.endpoint"), text=host, url=source.endpoint)
