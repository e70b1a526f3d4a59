"""A made-up state of the whole country: services of Bund, Länder and municipalities, ready to be built into a catalogue."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from harvester.data import data_file
from harvester.model import (
    Ars,
    Competence,
    Document,
    LeikaKey,
    Level,
    Link,
    LinkRole,
    Module,
    Organisation,
    Record,
    Service,
    Text,
)
from harvester.registry import Source, read_registry
from harvester.run.fold import Fold, attached, fold
from harvester.run.harvest import begin
from harvester.state import Packer, Shard, open_state
from harvester.state.shard import Tally

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH = 1000
_BUND, _LAND = 600, 200
"""Services that the Bund and each Land describe themselves."""
_YAML = """\
id: {id}
title: Benchmark, {id}
level: {level}
region: "{ars}"
interface: xzufi
endpoint: http://127.0.0.1:9/{id}
publisher: {{name: {id}}}
"""
_MUNICIPAL = ("Gemeinde", "Stadt", "kreisfreie Stadt")


@dataclass(frozen=True, slots=True)
class Country:
    """Regions and the services there are for them. ``towns`` are the municipalities that have services of their own."""

    laender: tuple[Ars, ...]
    towns: tuple[Ars, ...]
    catalogue: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


def read_country(regions: int) -> Country:
    """The project's own lists: regional keys, and the OZG list for keys, titles and words."""
    with data_file("regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    laender = tuple(Ars(row["ars"]) for row in rows if row["kind"] in ("Land", "Stadtstaat"))
    towns = [Ars(row["ars"]) for row in rows if row["kind"] in _MUNICIPAL]
    step = max(len(towns) / regions, 1)
    with data_file("ozg_leika.csv").open(encoding="utf-8", newline="") as file:
        catalogue = tuple((row["leika_key"], row["name"]) for row in csv.DictReader(file))
    words = tuple(sorted({word for _, name in catalogue for word in name.split() if len(word) > 3}))
    chosen = tuple(towns[int(n * step)] for n in range(min(regions, len(towns))))
    return Country(laender, chosen, catalogue, words)


def make_state(workspace: Path, services: int, regions: int, seed: int) -> int:
    """Write registry and state; returns the number of services: all municipalities have the same number of their own.

    The records go the same way as harvested ones, through a shard that is folded into the state.
    """
    country = read_country(regions)
    folder = workspace / "sources"
    folder.mkdir(parents=True)
    for name, level, ars in _sources(country):
        (folder / f"{name}.yml").write_text(_YAML.format(id=name, level=level, ars=ars), encoding="utf-8")
    registry = read_registry(folder)
    bund = min(_BUND, services // 4)
    land = min(_LAND, services // 4 // len(country.laender))
    rest = services - bund - land * len(country.laender)
    shares = [rest // len(country.towns) + (n < rest % len(country.towns)) for n in range(len(country.towns))]
    maker = _Maker(country, random.Random(seed))
    count = 0
    with closing(open_state(workspace / "state.db")) as state:
        for day, source in enumerate(registry.sources.values()):
            if source.level is Level.BUND:
                holds = [(source.region, bund)]
            else:
                inside = zip(country.towns, shares, strict=True)
                own = [(town, share) for town, share in inside if town[:2] == source.region[:2]]
                holds = [(source.region, land), *own]
            records = (record for ars, share in holds for record in maker.records(ars, share))
            _fold_in(state, source, records, workspace, _AT + timedelta(hours=day))
            count += sum(share for _, share in holds)
    return count


def _sources(country: Country) -> Iterator[tuple[str, str, str]]:
    yield "bund", "bund", "000000000000"
    for ars in country.laender:
        yield f"land-{ars[:2]}", "land", ars


def _fold_in(state: Database, source: Source, records: Iterator[Record], workspace: Path, at: datetime) -> None:
    packer, count = Packer(), 0
    run_id = begin(state, source, at)
    with Shard(workspace / "runs" / "benchmark") as shard:
        while batch := [packer.pack(record, source.region) for record in islice(records, _BATCH)]:
            shard.add_records(0, [(packed, f"/{packed.remote_id}") for packed in batch], latest=False)
            count += sum(packed.kind == "service" for packed in batch)
        body = Document(f"{source.endpoint}", "message", run_id, 1, "text/xml", "utf-8", at, BytesIO)
        shard.add_document(0, body, "benchmark", Tally(services=count), reused=False)
    with attached(state, shard.file):
        state.conn.execute("BEGIN IMMEDIATE")
        changes = fold(state, Fold(run_id, source.id, at, absences=True))
        state.conn.execute(
            "UPDATE run SET verdict = 'complete', ended_at = ?, created = ? WHERE id = ?",
            (at.isoformat(), changes.created, run_id),
        )
        state.conn.execute("COMMIT")
    shard.file.unlink()


class _Maker:
    """Makes the records of a region, the same for the same seed."""

    def __init__(self, country: Country, dice: random.Random) -> None:
        self._country = country
        self._dice = dice
        self._sentences = [self._sentence() for _ in range(5000)]

    def records(self, ars: Ars, count: int) -> Iterator[Record]:
        """Services of a region, its office, and the office's competences."""
        office = f"{ars}.OE"
        yield Organisation(
            remote_id=office,
            name=f"Verwaltung {ars}",
            region=ars,
            homepage=f"https://r{ars}.example/",
            phone="0209 169-0",
        )
        first = self._dice.randrange(len(self._country.catalogue))
        for n in range(count):
            key, name = self._country.catalogue[(first + n * 7) % len(self._country.catalogue)]
            remote_id = f"{ars}.LB.{n}"
            yield self._service(remote_id, ars, key, name, n)
            yield Competence(remote_id=f"{remote_id}.Z", service=remote_id, organisation=office, regions=(ars,))

    def _service(self, remote_id: str, ars: Ars, key: str, name: str, n: int) -> Service:
        texts = ((Module.DESCRIPTION, 4), (Module.SUMMARY, 1), (Module.FEES, 1), (Module.DOCUMENTS, 2))
        links: Sequence[Link] = (
            Link(url=f"https://r{ars}.example/antrag/{n}", role=LinkRole.APPLY, label="Online beantragen"),
            Link(url=f"https://r{ars}.example/leistung/{n}", role=LinkRole.INFORMATION),
        )
        return Service(
            remote_id=remote_id,
            title=name,
            leika_keys=(LeikaKey(key),),
            regions=(ars,),
            texts=tuple(self._text(module, sentences) for module, sentences in texts),
            links=tuple(links),
        )

    def _text(self, module: Module, sentences: int) -> Text:
        told = " ".join(self._dice.choices(self._sentences, k=sentences))
        return Text(language="de", module=module, html=f"<p>{told}</p>", text=told)

    def _sentence(self) -> str:
        return " ".join(self._dice.choices(self._country.words, k=14)) + "."
