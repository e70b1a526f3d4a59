"""Give services without a key one on evidence while a catalogue is built: rows of ``service_key`` and ``key_match``.

A key that a source states is never touched. Pages wait until all services are written, for the links of official records decide first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from harvester.catalogue.batch import Batch
from harvester.catalogue.drawers import Drawers, names_of
from harvester.data import data_file
from harvester.matching import (
    FILES,
    Decided,
    Decision,
    Match,
    Named,
    OfficialLinks,
    Review,
    decision_files,
    make_official_links,
    read_decided,
    read_model,
    read_table,
)
from harvester.matching.match import match_page
from harvester.matching.official import canonical
from harvester.matching.page import Page, page_of
from harvester.merge import Member
from harvester.model import Service


def key_files(data: Path | None = None) -> tuple[Path, ...]:
    """All files that keys by matching depend on."""
    return (*(data_file(name) for name in (*FILES, "matching.json")), *decision_files(data))


class _Waiting(NamedTuple):
    """A service without a key: its id, the names an editor may call it by, the sources that describe it, and its page."""

    service_id: str
    names: tuple[str, ...]
    sources: frozenset[str]
    page: Page


class Keys:
    """Collects the services of one build that have no key, and decides about them at the end."""

    def __init__(self, data: Path | None = None) -> None:
        """``data``: a directory with editors' decisions (``keys``) beside the project's own."""
        self._decided, _ = read_decided(decision_files(data))
        self._waiting: list[_Waiting] = []

    def add(self, service: Service, service_id: str, members: Iterable[Member]) -> None:
        """Take a service; those with a key, or in another language than German, are passed over."""
        if service.leika_keys or service.language != "de":
            return
        parts = tuple(members)
        sources = frozenset(part.ref.source_id for part in parts)
        self._waiting.append(_Waiting(service_id, names_of(service_id, parts), sources, page_of(service)))

    def finish(self, db: sqlite3.Connection, batch: Batch, drawers: Drawers) -> None:
        """Add the rows of all services taken, and sort those that got a key by it; their order does not matter."""
        if not self._waiting:
            return
        official = _read_official(db, {url for one in self._waiting for url in _addresses(one.page)})
        table, model = read_table(), read_model()
        # those with the same title one after the other: what was found out about it is still remembered then
        for one in sorted(self._waiting, key=lambda one: (one.page.title, one.service_id)):
            decided = next((self._decided[name] for name in one.names if name in self._decided), None)
            if decided is not None:
                _add_decided(batch, one.service_id, decided)
                drawers.add_matched(db, batch, one.service_id, decided.leika_keys, 1.0)
                continue
            decision = match_page(one.page, table, official.beside(one.sources), model)
            _add_decision(batch, one.service_id, decision)
            if isinstance(decision, Match):
                drawers.add_matched(db, batch, one.service_id, decision.leika_keys, decision.score)
        self._waiting.clear()


def _add_decided(batch: Batch, service_id: str, decided: Decided) -> None:
    for key in decided.leika_keys:
        batch.add("service_key", (service_id, key, "matched", 1.0))
    reason = f"{decided.because} ({decided.by}, {decided.date})"
    state = "assigned" if decided.leika_keys else "none"
    keys = " ".join(decided.leika_keys)
    batch.add("key_match", (service_id, state, "matching/editor", keys, 14, 1.0, reason, "[]", "[]"))


def _add_decision(batch: Batch, service_id: str, decision: Decision) -> None:
    match decision:
        case Match(leika_keys=keys, digits=digits, score=score):
            state, reason = "assigned", decision.evidence[0].told_de if decision.evidence else ""
            for key in keys:
                batch.add("service_key", (service_id, key, "matched", score))
        case Review(proposals=keys, score=score, reason_de=reason):
            state, digits = "review", 8
        case _:
            return
    evidence = json.dumps([e.model_dump(mode="json") for e in decision.evidence], ensure_ascii=False)
    others = json.dumps([a.model_dump(mode="json") for a in decision.alternatives], ensure_ascii=False)
    row = (service_id, state, decision.rule, " ".join(keys), digits, score, reason, evidence, others)
    batch.add("key_match", row)


def _read_official(db: sqlite3.Connection, urls: set[str]) -> OfficialLinks:
    """What keyed services of the new catalogue lead to some addresses. A host of many services is read, but not remembered."""
    wanted = {canonical(url) for url in urls}
    db.execute("CREATE TEMP TABLE wanted_host (host TEXT PRIMARY KEY)")
    hosts = {host for url in urls if (host := _host(url)) is not None}
    db.executemany("INSERT INTO temp.wanted_host VALUES (?)", ((host,) for host in sorted(hosts)))
    rows = db.execute(
        "SELECT DISTINCT l.url, k.leika_key, s.source_id, s.title FROM temp.wanted_host w JOIN link l ON l.host = w.host"
        " JOIN service_link sl ON sl.link_id = l.id JOIN service_key k ON k.service_id = sl.service_id AND k.origin = 'source'"
        " JOIN service s ON s.id = k.service_id WHERE sl.role IN ('apply', 'form', 'information')"
    )
    found = make_official_links(
        (url, Named(key, source, title)) for url, key, source, title in rows if canonical(url) in wanted
    )
    db.execute("DROP TABLE temp.wanted_host")
    return found


def _addresses(page: Page) -> Iterable[str]:
    return (page.own_address, *page.addresses)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return None
