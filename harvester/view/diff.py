"""What differs between two builds of the catalogue."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from harvester.catalogue.events import differences
from harvester.catalogue.publish import build_id
from harvester.catalogue.published import is_foreign
from harvester.errors import UsageError
from harvester.model import Model
from harvester.view.place import pick_place
from harvester.view.words import Piece, compare_words

_TEXT = re.compile(r"texts/([a-z_]+)/")


class Difference(Model):
    """One field of one service that is not as it was. ``module`` names the text module, ``words`` what changed in it."""

    service: str
    title: str
    kind: str
    field: str
    module: str | None
    old: str | None
    new: str | None
    words: tuple[Piece, ...]


class Differences(Model):
    """What differs between two builds."""

    old: str
    new: str
    region: str | None
    changes: tuple[Difference, ...]


def find_build(named: str | None, published: Path, builds: Path) -> Path:
    """The file of a build: a build id, a path, or without a name the newest one before what is published.

    Raises:
        UsageError: there is no such build; the message lists those that are kept.
    """
    kept = [file for file in sorted(builds.glob("catalogue-*.db")) if not is_foreign(file)]
    there = {build_id(file): file for file in kept}
    if published.exists() and published.stat().st_size and not is_foreign(published):
        current = build_id(published)
        if named is None:
            there.pop(current, None)
            if there:
                return there[max(there)]
        there[current] = published
    if named in there:
        return there[named]
    if named is not None and Path(named).is_file():
        if is_foreign(Path(named)):
            raise UsageError(f"{named} is no catalogue")
        return Path(named)
    told = ", ".join(sorted(there)) or "none"
    raise UsageError(f"no build {named!r}; kept: {told}" if named else f"no earlier build is kept; kept: {told}")


def compare(old: Path, new: Path, region: str | None = None) -> Differences:
    """All services that came, went or changed from one build to another, field by field.

    With ``region`` those that hold or held in it or in a region above it.
    """
    with closing(sqlite3.connect(f"{new.resolve().as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        db.execute("ATTACH ? AS before", (f"{old.resolve().as_uri()}?mode=ro",))
        place = pick_place(db, region) if region else None
        here = _services_of(db, place.ars) if place else None
        changes = tuple(found for found in _compare(db) if here is None or found.service in here)
    return Differences(old=build_id(old), new=build_id(new), region=place.ars if place else None, changes=changes)


def _compare(db: sqlite3.Connection) -> Iterator[Difference]:
    for _, sid, kind, change in differences(db, "before", fields=True):
        row = db.execute(
            "SELECT title FROM main.service WHERE id = ?1 UNION ALL SELECT title FROM before.service WHERE id = ?1",
            (sid,),
        ).fetchone()
        module = _TEXT.match(change.field)
        both = change.old is not None and change.new is not None
        yield Difference(
            service=sid,
            title=row["title"],
            kind=kind,
            field=change.field,
            module=module[1] if module else None,
            old=change.old,
            new=change.new,
            words=compare_words(change.old or "", change.new or "") if both and kind == "changed" else (),
        )


def _services_of(db: sqlite3.Connection, ars: str) -> set[str]:
    query = " UNION ".join(
        f"SELECT r.service_id FROM main.region_ancestor a JOIN {schema}.service_region r ON r.ars = a.ancestor_ars WHERE a.ars = ?1"
        for schema in ("main", "before")
    )
    return {row[0] for row in db.execute(query, (ars,))}
