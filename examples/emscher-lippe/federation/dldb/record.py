"""What both dialects share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from federation.content import DAYS, Content
from federation.leistung import Leistung


def fingerprint(value: object) -> str:
    """The directory's change detection: a hash over a record, or over all."""
    return hashlib.md5(json.dumps(value, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def generated(content: Content, day: int) -> str:
    """When the export was written; an unchanged directory is not written again."""
    changed = content.groups[1] != content.groups[2]
    return DAYS[2 if changed and day == 2 else 1]


def spoiled(record: dict[str, Any], item: Leistung) -> dict[str, Any]:
    """The record with the defects that its content asks for.

    Fields left out (`omit`), a list written as its only member (`single`), raw values (`raw`).
    """
    for name in item.omit:
        record.pop({"title": "name"}.get(name, name), None)
    for name in item.single:
        record[name] = record[name][0]
    return record | dict(item.raw or {})


def links(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Links without a description, which both directories write as `false`."""
    return [{"name": title, "link": url, "description": False} for title, url in pairs]


def authority(content: Content) -> dict[str, str]:
    """The city itself."""
    first = content.organisations[0]
    return {"id": first.id, "name": first.name, "webinfo": first.url}
