"""Observations as rows: the frequent facts as columns, the rare ones as JSON."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from harvester.links.observation import BodyFault, Fault, Hop, Observation, Page
from harvester.links.outcome import Verdict
from harvester.links.rules import VERSION

INSERT = (
    "INSERT INTO link_observation (link_id, run_id, at, method, status, fault, final_url, address, elapsed_ms, media_type,"
    " title, heading, digest, size, more, code, rules, permanent_url, decisive)"
    " VALUES (?,?,?,?,?,nullif(?,''),nullif(?,''),?,?,?,?,?,?,?,nullif(?,''),?,?,nullif(?,''),?)"
)
"""Takes ``pack``. What is usually absent comes as an empty text: SQLite's module asks around for an adapter for each None."""


def pack(link_id: int, run_id: str, seen: Observation, verdict: Verdict, *, decisive: bool) -> tuple[Any, ...]:
    """The row of an observation."""
    page = seen.page
    title = heading = digest = size = None
    if page is not None:
        title, heading, digest, size = page.title, page.heading, page.digest, page.size
    return (
        link_id,
        run_id,
        seen.at.isoformat(),
        seen.method,
        seen.status,
        str(seen.fault) if seen.fault is not None else "",
        "" if seen.final_url == seen.url else seen.final_url,
        seen.address,
        int(seen.elapsed * 1000),
        seen.media_type,
        title,
        heading,
        digest,
        size,
        _pack_rare(seen, verdict),
        verdict.code,
        VERSION,
        verdict.permanent_url,
        # Exactly an int: a bool is something else.
        int(decisive),
    )


def unpack(url: str, row: sqlite3.Row) -> Observation:
    """The observation of a row of the link with this address."""
    rare: dict[str, Any] = json.loads(row["more"]) if row["more"] else {}
    page = None
    if row["digest"] is not None:
        page = Page(
            row["title"],
            row["heading"],
            row["digest"],
            row["size"],
            not rare.get("cut", False),
            rare.get("login", False),
            rare.get("refresh", ""),
        )
    return Observation(
        url=url,
        at=datetime.fromisoformat(row["at"]),
        method=row["method"],
        status=row["status"],
        final_url=row["final_url"] or url,
        fault=Fault(row["fault"]) if row["fault"] else None,
        detail=rare.get("detail", ""),
        hops=tuple(Hop(status, target) for status, target in rare.get("hops", ())),
        tls=Fault(rare["tls"]) if "tls" in rare else None,
        retry_after=rare.get("retry_after"),
        media_type=row["media_type"],
        etag=rare.get("etag", ""),
        wall=rare.get("wall", ""),
        body_fault=BodyFault(rare.get("body", "")),
        page=page,
        address=row["address"],
        elapsed=row["elapsed_ms"] / 1000,
    )


def pack_page(seen: Observation) -> str:
    """A sibling as JSON."""
    page = seen.page
    told: dict[str, Any] = {
        "status": seen.status,
        "url": seen.url,
        "final_url": seen.final_url,
        "at": seen.at.isoformat(),
    }
    if page is not None:
        told["page"] = [page.title, page.heading, page.digest, page.size]
    if seen.hops:
        told["hops"] = [[hop.status, hop.target] for hop in seen.hops]
    return json.dumps(told, ensure_ascii=False)


def unpack_page(text: str) -> Observation:
    """A sibling from JSON."""
    told = json.loads(text)
    page = Page(*told["page"]) if "page" in told else None
    hops = tuple(Hop(status, target) for status, target in told.get("hops", ()))
    at = datetime.fromisoformat(told["at"])
    return Observation(told["url"], at, "GET", told["status"], told["final_url"], hops=hops, page=page)


def _pack_rare(seen: Observation, verdict: Verdict) -> str:
    page = seen.page
    told_by_page = page is not None and (page.login or page.refresh or not page.whole)
    if not (
        told_by_page
        or seen.hops
        or seen.etag
        or seen.detail
        or seen.wall
        or seen.body_fault
        or seen.tls
        or seen.retry_after
        or verdict.reasons
    ):
        return ""
    rare = {
        "hops": [[hop.status, hop.target] for hop in seen.hops],
        "tls": seen.tls,
        "retry_after": seen.retry_after,
        "etag": seen.etag,
        "detail": seen.detail,
        "wall": seen.wall,
        "body": seen.body_fault,
        "reasons": [verdict.score, *verdict.reasons] if verdict.reasons else None,
        "login": page is not None and page.login,
        "refresh": page.refresh if page is not None else "",
        "cut": page is not None and not page.whole,
    }
    told = {name: value for name, value in rare.items() if value}
    return json.dumps(told, ensure_ascii=False) if told else ""
