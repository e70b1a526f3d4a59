"""The bulk CSV: one row per service and online service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from federation.content import Content
from federation.leistung import Leistung

HEADER = "ID-LB|Leikaschlüssel|Name|Name2|Updatedatum|ID-OD|Bezeichnung OD|Links"


def csv(content: Content, day: int) -> bytes:
    """The table of a region as bytes; with a byte order mark when the content asks for one."""
    lines = [
        HEADER,
        *(row for item in content.services(day) for row in rows(content.setting("agency"), item)),
    ]
    return ("\n".join(lines) + "\n").encode(content.setting("csv_encoding", "utf-8"))


def rows(agency: str, item: Leistung) -> Iterator[str]:
    """Rows of one service, one for each online service, or one with three empty fields.

    A service with several keys repeats its rows for each of them: real tables show one key per row. Quotation marks are
    doubled although no field is quoted, as in the real table.
    """
    online = [[f"{agency}.OD.{o.id}", o.title, o.url] for o in item.online] or [["", "", ""]]
    for key in item.keys:
        service = [
            "" if "id" in item.omit else f"{agency}.LB.{item.id}",
            key,
            item.name,
            item.title,
            f"{datetime.fromisoformat(item.edited):%d.%m.%Y %H:%M}",
        ]
        yield from ("|".join(service + fields).replace('"', '""') for fields in online)
