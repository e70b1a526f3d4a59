"""Where no service changed, the catalogue is renewed and not built: the result must be the same."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.catalogue.build import build_catalogue
from harvester.model import Lost, Organisation
from tests.build import GELSENKIRCHEN, START, A, B, Bench, document, service, source, unreadable

CITY, LAND = source("stadt", grace=1), source("nrw", level="land", region="050000000000")
LIST, PAGE = "https://stadt.example/list", "https://nrw.example/page"
BEFORE = [service("1", keys=[A], modified_at=START), service("2", texts={"fees": "frei"}), unreadable("3")]


def dump(file: Path, *, besides=("meta",)) -> dict[str, list]:
    """All rows of all tables, sorted."""
    with closing(sqlite3.connect(file)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        wanted = [t for t in tables if t not in besides and not t.startswith(("service_search_", "sqlite_"))]
        return {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in wanted}


def built_anew(bench: Bench) -> dict[str, list]:
    """What a full build of the same state would hold."""
    file = bench.root / "anew.db"
    build_catalogue(bench.state, dict(sorted(bench.sources.items())), file, previous=bench.catalogue, at=bench.now)
    return dump(file)


def nothing(bench):
    del bench


def again(bench):
    bench.run(CITY, document(LIST, *BEFORE))


def moved(bench):
    bench.run(CITY, document(LIST, *BEFORE, shift=5))


def another_date(bench):
    bench.run(CITY, document(LIST, service("1", keys=[A], modified_at=START.replace(month=3)), *BEFORE[1:]))


def partial(bench):
    bench.run(CITY, document(LIST, *BEFORE), lost=(Lost("https://stadt.example/2", "timeout"),))


def failed(bench):
    bench.run(CITY, errors=["down"])


def other_issue(bench):
    bench.run(CITY, document(LIST, *BEFORE, unreadable("4")))


def missing(bench):
    bench.run(CITY, document(LIST, *BEFORE[1:]))


def missing_and_back(bench):
    missing(bench)
    bench.build()
    again(bench)


def changed(bench):
    bench.run(CITY, document(LIST, service("1", "Neu", keys=[A]), *BEFORE[1:]))


def office(bench):
    bench.run(CITY, document(LIST, *BEFORE, Organisation(remote_id="oe", name="Amt")))


def office_gone(bench):
    office(bench)
    bench.build()
    again(bench)
    again(bench)


def new_source(bench):
    bench.sources["neu"] = source("neu")


def other_title(bench):
    bench.sources[CITY.id] = CITY.model_copy(update={"title": "Anders"})


CASES = {
    f.__name__: (f, rebuilt)
    for f, rebuilt in (
        (nothing, False),
        (again, False),
        (moved, False),
        (another_date, True),
        (partial, False),
        (failed, False),
        (other_issue, False),
        (missing, True),
        (missing_and_back, True),
        (changed, True),
        (office, True),
        (office_gone, True),
        (new_source, True),
        (other_title, True),
    )
}


@pytest.mark.parametrize(("happen", "rebuilt"), CASES.values(), ids=CASES)
def test_the_short_way_gives_the_same_tables_as_a_full_build(bench: Bench, happen, rebuilt):
    bench.run(CITY, document(LIST, *BEFORE))
    bench.run(LAND, document(PAGE, service("1", keys=[A], regions=[GELSENKIRCHEN]), service("x", keys=[A, B])))
    bench.build()
    happen(bench)
    refreshed = bench.build()
    assert refreshed.rebuilt is rebuilt
    assert dump(bench.catalogue) == built_anew(bench)


ID = st.sampled_from(["1", "2", "L100002.LB.1"])
RECORDS = st.lists(
    st.builds(
        lambda name, title, keys, days: service(name, title, keys=sorted(keys), modified_at=START.replace(day=days)),
        ID,
        st.sampled_from(["Anmelden", "Abmelden"]),
        st.sets(st.sampled_from([A, B])),
        st.integers(1, 2),
    ),
    max_size=3,
    unique_by=lambda record: record.remote_id,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["stadt", "nrw", "bund"]), RECORDS), min_size=1, max_size=5))
def test_whatever_happens_every_published_catalogue_is_that_of_a_full_build(steps, tmp_path_factory):
    """Also the events fit: together they lead from nothing to what is published."""
    bench = Bench(tmp_path_factory.mktemp("laws"))
    for name, records in steps:
        of = source(name, level={"stadt": "kommune", "nrw": "land", "bund": "bund"}[name])
        bench.run(of, document(f"https://{name}.example", *records, service("anker", f"Anker {name}")))
        bench.build()
        assert dump(bench.catalogue) == built_anew(bench)
    alive: set[str] = set()
    for kind, entity_id in bench.ask("SELECT kind, entity_id FROM event ORDER BY seq"):
        if kind == "created":
            assert entity_id not in alive
            alive.add(entity_id)
        elif kind == "removed":
            alive.remove(entity_id)
        else:
            assert entity_id in alive
    assert alive == {row[0] for row in bench.ask("SELECT id FROM service")}
    bench.state.close()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    holds=st.fixed_dictionaries(dict.fromkeys(("stadt", "nrw", "bund"), RECORDS)),
    order=st.permutations(["stadt", "nrw", "bund"]),
    random=st.randoms(),
)
def test_the_order_of_sources_and_records_makes_no_difference(holds, order, random, tmp_path_factory):
    found = []
    for names, mixed in ((sorted(holds), False), (order, True)):
        bench = Bench(tmp_path_factory.mktemp("order"))
        for name in names:
            records = random.sample(holds[name], len(holds[name])) if mixed else holds[name]
            bench.run(source(name), document(f"https://{name}.example", *records, service("anker")))
        with bench.state.conn:
            for table, columns in {"record": ("first_seen_at", "last_seen_at", "changed_at")}.items():
                bench.state.conn.execute(f"UPDATE {table} SET {', '.join(f'{c} = 0' for c in columns)}")
            bench.state.conn.execute("UPDATE document SET seen_at = 0")
        bench.build()
        found.append(dump(bench.catalogue, besides=("meta", "run", "source", "event")))
        bench.state.close()
    assert found[0] == found[1]
