"""The content of one source on both days, from content/<source>.yml and its registry entry in sources/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import yaml

from federation.leistung import Leistung, leistung

ROOT = Path(__file__).resolve().parent.parent
DAYS = {1: "2026-11-02T03:00:00Z", 2: "2026-11-03T03:00:00Z"}
"""When the two days' exports were written."""


@dataclass(frozen=True)
class Organisation:
    """An office: functional addresses only, never people."""

    id: str
    name: str
    street: str = ""
    zip: str = ""
    city: str = ""
    phone: str = ""
    mail: str = ""
    url: str = ""


@dataclass(frozen=True)
class Content:
    """One source: registry entry, settings of its dialect, organisations, and services per day."""

    source: Mapping[str, Any]
    settings: Mapping[str, Any]
    organisations: tuple[Organisation, ...]
    groups: Mapping[int, tuple[tuple[Leistung, ...], ...]]
    day2: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The source's id."""
        return str(self.source["id"])

    @property
    def region(self) -> str:
        """ARS, 12 digits."""
        return str(self.source["region"])

    @property
    def endpoint(self) -> SplitResult:
        """The address of the source, with the written port."""
        return urlsplit(str(self.source["endpoint"]))

    def services(self, day: int) -> list[Leistung]:
        """All services of that day, in file order."""
        return [service for group in self.groups[day] for service in group]

    def setting(self, name: str, default: str = "") -> str:
        """One setting of the dialect as text."""
        return str(self.settings.get(name, default))


def contents(root: Path = ROOT) -> Iterator[Content]:
    """Every source that has content; a source without is one that is down."""
    for path in sorted((root / "sources").rglob("*.yml")):
        written = root / "content" / path.name
        if written.exists():
            yield content(_read(path), _read(written))


def content(source: Mapping[str, Any], written: Mapping[str, Any]) -> Content:
    """Build both days from what is written.

    A group keeps its members when others change, so that unchanged files stay unchanged.

    Raises:
        ValueError: day 2 changes or removes a service that day 1 does not have.
    """
    settings = written["settings"]
    edited, org = str(settings["edited"]), str(written["organisations"][0]["id"])
    size = int(settings.get("group", 1000))
    day2 = written.get("day2") or {}
    entries = written["services"]
    groups = [entries[start : start + size] for start in range(0, len(entries), size)]
    removed, changed = set(day2.get("remove", [])), day2.get("change", {})
    later = [[{**e, **changed.get(e["id"], {})} for e in group if e["id"] not in removed] for group in groups]
    if created := day2.get("create"):
        later.append(created)
    if unknown := (removed | set(changed)) - {entry["id"] for entry in entries}:
        raise ValueError(f"{source['id']}: day 2 speaks of unknown services {sorted(unknown)}")
    read = {
        day: tuple(tuple(leistung(e, edited, org) for e in group) for group in day_groups)
        for day, day_groups in ((1, groups), (2, later))
    }
    return Content(source, settings, tuple(Organisation(**o) for o in written["organisations"]), read, day2)


def _read(path: Path) -> dict[str, Any]:
    """Plain YAML, by the fast parser where PyYAML was built with it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: dict[str, Any] = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506  # both loaders are safe ones
    return read
