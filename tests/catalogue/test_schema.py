"""The catalogue's contract: tables, columns, views; a file that any SQLite can read."""

import pytest

from harvester.catalogue.regions import ancestor_rows, read_regions
from tests.build import GELSENKIRCHEN, A, Bench, document, service, source

CONTRACT = {
    "meta": "key value",
    "source": "id title level region interface verdict last_run_at last_complete_at records licence attribution contact",
    "region": "ars name kind parent_ars",
    "region_ancestor": "ars ancestor_ars distance",
    "organisation": "id name level region homepage phone email address",
    "service": "id slug leika_key title official_title summary level audience status source_id organisation_id language"
    " source_modified_at first_seen_at last_seen_at changed_at content_hash",
    "service_key": "service_id leika_key origin confidence",
    "service_source": "service_id source_id remote_id url reason",
    "service_text": "service_id language module html text",
    "service_region": "service_id ars precision",
    "online_service": "id title organisation_id trust_level identification payment languages",
    "competence": "service_id organisation_id ars role",
    "link": "id url host state outcome http_status final_url since last_checked_at last_ok_at failures suggestion",
    "service_link": "service_id link_id online_service_id role label language position ars",
    "taxonomy": "id title list_uri version",
    "situation": "id taxonomy_id code name parent_id position",
    "situation_ancestor": "situation_id ancestor_id distance",
    "situation_map": "from_id to_id relation origin",
    "portal": "id title",
    "portal_region": "portal_id ars",
    "tile": "portal_id id title kind position",
    "tile_situation": "portal_id tile_id situation_id",
    "service_situation": "service_id situation_id origin confidence rule rank",
    "synonym": "term expansion origin",
    "event": "seq at run_id entity entity_id kind field old new",
    "run": "id source_id started_at ended_at verdict fetched created changed removed errors",
    "finding": "id severity rule entity entity_id message hint first_seen_at",
    "service_search": "title official_title synonyms summary terms",
}
VIEWS = (
    "v_service_for_region",
    "v_situation_counts",
    "v_holding",
    "v_service_link",
    "v_dead_links",
    "v_without_link",
    "v_unsorted",
    "v_source_health",
)


@pytest.fixture
def built(bench: Bench) -> Bench:
    city = source()
    bench.run(city, document("https://stadt.example", service("1", keys=[A], texts={"fees": "frei"}), service("2")))
    bench.build()
    return bench


@pytest.mark.parametrize(("table", "columns"), CONTRACT.items(), ids=CONTRACT)
def test_every_column_of_the_contract_is_there(built: Bench, table, columns):
    there = {row[0] for row in built.ask("SELECT name FROM pragma_table_info(?)", table)}
    assert set(columns.split()) <= there


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_answers(built: Bench, view):
    built.ask(f"SELECT * FROM {view} LIMIT 3")


def test_the_file_is_sound_and_needs_no_other_file(built: Bench):
    assert built.ask("PRAGMA integrity_check") == [("ok",)]
    assert built.ask("PRAGMA foreign_key_check") == []
    assert built.ask("PRAGMA journal_mode") == [("delete",)]
    assert built.ask("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'") == [(0,)]
    assert [file.name for file in built.root.glob("catalogue*")] == ["catalogue.db"]


def test_meta_tells_what_the_file_is_and_what_it_follows(built: Bench):
    first = dict(built.ask("SELECT key, value FROM meta"))
    built.run(source(), document("https://stadt.example", service("1", "Neu", keys=[A])))
    assert built.build().rebuilt
    second = dict(built.ask("SELECT key, value FROM meta"))
    assert (first["schema_version"], first.get("previous_build_id")) == ("1", None)
    assert second["previous_build_id"] == first["build_id"] < second["build_id"]
    assert second["built_at"].endswith("+00:00")


def test_every_region_of_the_table_knows_all_regions_above_it():
    regions = read_regions()
    rows = ancestor_rows(regions.values())
    above = [(ancestor, distance) for ars, ancestor, distance in rows if ars == GELSENKIRCHEN]
    assert above == [(GELSENKIRCHEN, 0), ("050000000000", 1), ("000000000000", 2)]
    assert {ars for ars, ancestor, _ in rows if ancestor == "000000000000"} == set(regions)


def test_a_source_that_never_ran_is_listed_without_a_verdict(built: Bench):
    new = source("herten")
    built.sources[new.id] = new
    assert built.build().rebuilt
    assert built.ask("SELECT verdict, last_run_at, records FROM source WHERE id = 'herten'") == [(None, None, 0)]
