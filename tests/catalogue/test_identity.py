"""Identifiers of services: given once, kept for ever."""

from itertools import permutations

import pytest

from tests.build import GELSENKIRCHEN, A, B, Bench, document, service, source

X, Y, Z = source("xanten"), source("ypsilon"), source("zwickau")


def ids(bench: Bench) -> dict[str, str]:
    """Record to the service it is published in."""
    return dict(bench.ask("SELECT source_id, service_id FROM service_source"))


def write(bench: Bench, of, key=A, title="Anmelden"):
    bench.run(of, document(of.endpoint, service("1", title, keys=[key], regions=[GELSENKIRCHEN])))


def test_the_order_in_which_sources_are_harvested_makes_no_difference(tmp_path):
    seen = []
    for n, order in enumerate(permutations([X, Y, Z])):
        bench = Bench(tmp_path / str(n))
        for of in order:
            write(bench, of, B if of is Z else A)
        bench.build()
        seen.append(ids(bench))
        bench.state.close()
    assert all(found == seen[0] for found in seen)
    assert seen[0]["xanten"] == seen[0]["ypsilon"] != seen[0]["zwickau"]


@pytest.mark.parametrize("leaving", ["xanten", "ypsilon"])
def test_a_service_keeps_its_id_when_a_source_leaves_and_comes_back(bench: Bench, leaving):
    write(bench, X)
    write(bench, Y)
    bench.build()
    before = ids(bench)
    bench.build(without={leaving})
    assert ids(bench) == {name: i for name, i in before.items() if name != leaving}
    bench.build()
    assert ids(bench) == before


def test_a_service_keeps_its_id_when_another_source_joins_it(bench: Bench):
    write(bench, Y)
    bench.build()
    before = ids(bench)["ypsilon"]
    write(bench, X)
    bench.build()
    assert ids(bench) == {"xanten": before, "ypsilon": before}


def test_services_that_separate_do_not_share_an_id_and_keep_what_they_got(bench: Bench):
    write(bench, X)
    write(bench, Y)
    bench.build()
    common = ids(bench)["xanten"]
    write(bench, Y, B)
    bench.build()
    apart = ids(bench)
    assert apart["xanten"] == common != apart["ypsilon"]
    bench.build(without={"xanten"})
    assert ids(bench) == {"ypsilon": apart["ypsilon"]}
    bench.build()
    assert ids(bench) == apart


def test_services_that_join_and_separate_again_have_their_own_ids_back(bench: Bench):
    write(bench, X)
    write(bench, Y, B)
    bench.build()
    before = ids(bench)
    write(bench, Y, A)
    bench.build()
    assert len(set(ids(bench).values())) == 1
    write(bench, Y, B)
    bench.build()
    assert ids(bench) == before


def test_a_slug_stays_when_the_title_changes_and_has_no_umlauts(bench: Bench):
    write(bench, X, title="Führungszeugnis & Straße")
    bench.build()
    ((service_id, slug),) = bench.ask("SELECT id, slug FROM service")
    assert slug == f"fuehrungszeugnis-strasse-{service_id[1:]}"
    write(bench, X, title="Ganz anders")
    bench.build()
    assert bench.ask("SELECT id, slug, title FROM service") == [(service_id, slug, "Ganz anders")]
