"""A catalogue to search in: the names of the official list and our own titles, offered by the Bund and by cities."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random

from harvester.catalogue.build import build_catalogue
from harvester.catalogue.regions import read_regions
from harvester.data import data_file
from harvester.model import Ars, LeikaKey, Level, Module, Service, Text
from harvester.registry import Source
from harvester.state import Packer, open_state

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_COLUMNS = (
    "source_id, kind, remote_id, hash, title, keys, scope, sha256, url, locator, first_seen_at, last_seen_at, changed_at,"
    " content, provenance"
)
_TEXT = (
    "Den Antrag stellen Sie bei der zuständigen Stelle Ihrer Stadt.",
    "Bringen Sie bitte einen gültigen Ausweis und alle Nachweise mit.",
    "Die Gebühr richtet sich nach der Satzung der Gemeinde.",
    "Sie können den Dienst auch online nutzen, ein Termin ist nicht nötig.",
    "Die Bearbeitung dauert in der Regel zwei bis vier Wochen.",
    "Beachten Sie die Fristen und die rechtlichen Voraussetzungen.",
)


def make_catalogue(directory: Path, services: int, seed: int = 1) -> Path:
    """Build a catalogue with so many services in ``directory``; each city offers every title until they are enough."""
    names, random = list(_names()), Random(seed)
    homes = [Ars("000000000000"), *(r.ars for r in read_regions().values() if r.kind == "kreisfreie Stadt")]
    sources: dict[str, Source] = {}
    packer, left = Packer(), services
    with closing(open_state(directory / "state.db")) as state:
        for home in homes:
            of = _source(home)
            sources[of.id] = of
            rows = (_row(packer, of.id, home, number, *name, random) for number, name in enumerate(islice(names, left)))
            state.conn.execute("BEGIN")
            state.conn.execute("INSERT INTO source (id, description) VALUES (?, ?)", (of.id, of.model_dump_json()))
            state.conn.executemany(f"INSERT INTO record ({_COLUMNS}) VALUES ({', '.join('?' * 15)})", rows)
            state.conn.execute("COMMIT")
            left -= min(left, len(names))
            if not left:
                break
        build_catalogue(state, sources, directory / "catalogue.db", previous=None, at=_AT)
    return directory / "catalogue.db"


def _names() -> Iterator[tuple[str, str]]:
    """Titles with their LeiKa keys, where they have one."""
    with data_file("ozg_leika.csv").open(encoding="utf-8", newline="") as file:
        yield from ((row["name"], row["leika_key"]) for row in csv.DictReader(file))
    with data_file("situations/titles.csv").open(encoding="utf-8", newline="") as file:
        yield from ((row["title"], "") for row in csv.DictReader(file))


def _source(home: Ars) -> Source:
    return Source.model_validate(
        {
            "id": f"stadt-{home}",
            "title": f"Quelle {home}",
            "level": Level.BUND if home == "000000000000" else Level.KOMMUNE,
            "region": home,
            "interface": "xzufi",
            "endpoint": f"https://stadt-{home}.example/",
            "publisher": {"name": f"Stadt {home}"},
        }
    )


def _row(
    packer: Packer, source: str, home: Ars, number: int, title: str, key: str, random: Random
) -> tuple[object, ...]:
    text = " ".join(random.sample(_TEXT, 3))
    keys = (LeikaKey(key),) if key else ()
    description = Text(language="de", module=Module.DESCRIPTION, html=f"<p>{text}</p>", text=text)
    packed = packer.pack(Service(remote_id=str(number), title=title, leika_keys=keys, texts=(description,)), home)
    at = _AT.isoformat()
    first = (source, packed.kind, packed.remote_id, packed.hash, packed.title, packed.keys, packed.scope)
    return (*first, "0" * 64, f"https://{source}.example/", "/", at, at, at, packed.content, packed.provenance)
