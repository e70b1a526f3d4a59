"""Sitemaps (sitemaps.org 0.9): the portal's pages of services, in files of at most 50,000."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import urljoin

from harvester.errors import UsageError
from harvester.exports.naming import Naming
from harvester.exports.scope import pages
from harvester.exports.xml_text import xml

_MOST = 50_000
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def write_sitemap(db: sqlite3.Connection, naming: Naming, directory: Path) -> int:
    """``sitemap.xml``, the index, and ``sitemap-1.xml`` and so on beside it; returns the number of pages.

    The files are expected at the root of the portal.

    Raises:
        UsageError: the portal's address is not known.
    """
    if naming.page("x", "x") is None:
        raise UsageError("a sitemap needs the portal's addresses: --page https://portal.example/leistung/{slug}")
    count, files = 0, []
    for number, page in enumerate(pages(db, _MOST), start=1):
        rows = db.execute(
            "SELECT s.id, s.slug, s.changed_at FROM temp.scope p JOIN service s ON s.id = p.service_id"
            " WHERE p.n BETWEEN ? AND ? ORDER BY p.n",
            page,
        )
        name = f"sitemap-{number}.xml"
        with (directory / name).open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"{_HEAD}<urlset {_SPACE}>\n")
            for sid, slug, changed_at in rows:
                file.write(f"<url><loc>{xml(naming.page(sid, slug))}</loc><lastmod>{changed_at}</lastmod></url>\n")
                count += 1
            file.write("</urlset>\n")
        files.append(urljoin(naming.page("x", "x") or "", f"/{name}"))
    with (directory / "sitemap.xml").open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{_HEAD}<sitemapindex {_SPACE}>\n")
        file.writelines(f"<sitemap><loc>{xml(address)}</loc></sitemap>\n" for address in files)
        file.write("</sitemapindex>\n")
    return count
