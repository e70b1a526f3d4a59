"""Links as the services of one source name them, each with the authority that is competent for those services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from harvester.plain import plain
from harvester.reports.facts import Facts

_SHARED_BY = 5
"""An address that services of more authorities name stands in a text that the publisher writes for all of them."""


class Named(NamedTuple):
    """A link as one source names it for one authority (``office``; empty where nobody knows it)."""

    url: str
    host: str
    outcome: str
    since: str
    suggestion: str
    source: str
    services: int
    title: str
    office: str
    email: str


class Authority(NamedTuple):
    """Who can mend an address. ``competent``: by the competences of the services; else it is who publishes them."""

    name: str
    competent: bool = False
    email: str = ""


_OFFICE = """
    coalesce((SELECT iif(count(DISTINCT c.organisation_id) = 1, min(c.organisation_id), NULL) FROM competence c
              WHERE c.service_id = s.id AND c.role = 'responsible' AND (sl.ars IS NULL OR c.ars = sl.ars)),
             s.organisation_id)
"""
"""The organisation competent for the service where the link holds, if it is one; else the one that its description names."""


def named_links(facts: Facts, which: str, *values: object) -> list[Named]:
    """Links for which the condition holds, with the services that name them, by source and authority."""
    rows = facts.published(
        f"WITH wanted AS MATERIALIZED (SELECT l.* FROM link l WHERE {which})"
        " SELECT w.url, w.host, coalesce(w.outcome, ''), coalesce(w.since, ''), coalesce(w.suggestion, ''), w.source_id,"
        " count(DISTINCT w.service_id), min(w.title), coalesce(o.name, ''), coalesce(o.email, '')"
        " FROM (SELECT l.*, s.id AS service_id, s.title, s.source_id,"
        f" {_OFFICE} AS office FROM wanted l JOIN service_link sl ON sl.link_id = l.id JOIN service s ON s.id = sl.service_id) w"
        " LEFT JOIN organisation o ON o.id = w.office"
        " GROUP BY w.id, w.source_id, o.name ORDER BY w.host, w.url, w.source_id, o.name",
        *values,
    )
    return [Named(*row) for row in rows]


def by_authority(facts: Facts, links: Iterable[Named]) -> list[tuple[Authority, list[Named]]]:
    """The links by who can mend them, in the order of names."""
    links = list(links)
    offices: defaultdict[str, set[str]] = defaultdict(set)
    for link in links:
        offices[link.url].add(link.office)
    found: defaultdict[tuple[str, bool], list[Named]] = defaultdict(list)
    for link in links:
        competent = bool(link.office) and len(offices[link.url]) <= _SHARED_BY
        name = plain(link.office, 200) if competent else publisher_of(facts, link.source)
        found[name, competent].append(link)
    return [
        (Authority(name, competent, next((link.email for link in group if link.email), "") if competent else ""), group)
        for (name, competent), group in sorted(found.items())
    ]


def publisher_of(facts: Facts, source_id: str) -> str:
    """Who publishes a source."""
    source = facts.source(source_id)
    return plain(source.publisher.name, 200) if source else source_id
