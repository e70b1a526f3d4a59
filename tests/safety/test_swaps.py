"""Whoever reads the catalogue while it is replaced sees one build, whole, from the first row to the last."""

import multiprocessing
import shutil
import sqlite3
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

from harvester.catalogue.publish import publish
from tests.build import ask
from tests.safety.torture import rounds
from tests.safety.town import titles

SWAPS = rounds(50, 500)


def read(catalogue: Path, pipe: Connection) -> None:
    """Portals: one keeps its connection open all the time, others come and go."""
    seen: set[str] = set()
    wrong: list[str] = []
    looks = 0
    with closing(connect(catalogue)) as kept:
        first = look(kept)
        pipe.send("ready")
        while not pipe.poll():
            looks += 1
            try:
                if (again := look(kept)) != first:
                    wrong.append(f"an open connection saw {first}, then {again}")
                with closing(connect(catalogue)) as db:
                    build, services, searchable, titles = look(db)
                    if look(db) != (build, services, searchable, titles) or services != searchable or len(titles) != 1:
                        wrong.append(f"{build}: {services} services, {searchable} searchable, of days {titles}")
                seen.add(build)
            except sqlite3.Error as error:
                wrong.append(repr(error))
    pipe.send((looks, seen, wrong))


def connect(catalogue: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True, timeout=0)


def look(db: sqlite3.Connection) -> tuple[str, int, int, frozenset[str]]:
    """The build, how many services it has and finds, and which days their titles are of."""
    ((build,),) = db.execute("SELECT value FROM meta WHERE key = 'build_id'")
    ((services,),) = db.execute("SELECT count(*) FROM service")
    ((searchable,),) = db.execute("SELECT count(*) FROM service_search WHERE service_search MATCH 'leistung'")
    days = frozenset(title.rpartition(" ")[2] for (title,) in db.execute("SELECT title FROM service"))
    return build, services, searchable, days


def test_readers_see_one_build_at_a_time(town, call, record_property):
    """Two builds of other sizes are published in turns, under a new build id each time."""
    kinds = []
    for day, count in ((1, 15), (2, 20)):
        town.add("stadt", {key: f"{title} am Tag {day}" for key, title in titles("stadt", count).items()})
        assert call("run")[0] == 0
        kinds.append(town.root / f"kind-{day}.db")
        shutil.copyfile(town.workspace.catalogue_file, kinds[-1])
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    reader = context.Process(target=read, args=(town.workspace.catalogue_file, theirs), daemon=True)
    reader.start()
    assert ours.poll(60)
    assert ours.recv() == "ready"
    published = set()
    for number in range(SWAPS):
        new = town.workspace.builds / "catalogue.new"
        shutil.copyfile(kinds[number % 2], new)
        with closing(sqlite3.connect(new)) as db, db:
            db.execute("UPDATE meta SET value = ? WHERE key = 'build_id'", (f"2030-{number:04}",))
        publish(new, town.workspace.catalogue_file, town.workspace.builds, keep=3)
        published.add(town.build_id())
    ours.send("enough")
    assert ours.poll(60)
    looks, seen, wrong = ours.recv()
    reader.join(60)
    record_property("swaps", len(published))
    record_property("looks", looks)
    assert wrong == []
    assert looks > SWAPS / 2
    assert len(published) == SWAPS
    assert len(seen & published) > SWAPS / 10
    for file in town.workspace.builds.glob("catalogue-*.db"):
        assert ask(file, "PRAGMA integrity_check") == [("ok",)]
    assert sorted(file.name for file in town.root.glob("catalogue.db*")) == ["catalogue.db"]
