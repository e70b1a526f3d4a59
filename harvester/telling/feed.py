"""The open needs as an Atom feed (RFC 4287), for feed readers: ``reports/feed.atom``."""

from __future__ import annotations

from lxml import etree

from harvester.reports.html import headline, title_of
from harvester.reports.need import Need
from harvester.reports.report import Report

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 50


def render_feed(report: Report) -> bytes:
    """One entry per need, by its key, so that a reader shows it once."""
    feed = etree.XML(f'<feed xmlns="{_ATOM}"/>')
    _add(feed, "id", "urn:egov-harvester:needs")
    _add(feed, "title", title_of(report))
    _add(feed, "subtitle", headline(report))
    _add(feed, "updated", report.generated_at)
    for need in report.needs[:_MOST]:
        _entry(feed, need, report)
    told: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return told


def _entry(feed: etree._Element, need: Need, report: Report) -> None:
    entry = etree.SubElement(feed, f"{{{_ATOM}}}entry")
    _add(entry, "id", f"urn:egov-harvester:need:{need.key}")
    _add(entry, "title", need.title)
    _add(entry, "updated", need.since or report.generated_at)
    author = etree.SubElement(entry, f"{{{_ATOM}}}author")
    _add(author, "name", "egov-harvester")
    _add(entry, "summary", "\n".join((need.cause, *need.commands)))


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}").text = text
