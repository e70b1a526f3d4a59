"""Merging in the catalogue: identifiers that last, rules that undo, contradictions that are told."""

import json
from itertools import combinations, permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.view.merges import read_merges
from harvester.view.open import open_catalogue
from tests.build import GELSENKIRCHEN, A, Bench, document, service, source

X, Y, Z = source("xanten"), source("ypsilon"), source("zwickau")
NAMES = (X, Y, Z)


def write(bench: Bench, of, title="Hund anmelden", **more):
    bench.run(of, document(of.endpoint, service("1", title, regions=[GELSENKIRCHEN], **more)))


def rule(bench: Bench, *entries):
    file = bench.root / "data" / "merge.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(entries), encoding="utf-8")


def apart(*names):
    return {"keep_apart": [f"{name}:1" for name in names], "reason": "zwei Leistungen"}


def published(bench: Bench) -> dict[str, tuple[str, str]]:
    """Record to id and slug of its service."""
    rows = bench.ask("SELECT p.source_id, s.id, s.slug FROM service_source p JOIN service s ON s.id = p.service_id")
    return {name: tuple(told) for name, *told in rows}


def findings(bench: Bench, which: str) -> list[tuple[str, str]]:
    return bench.ask("SELECT entity_id, message FROM finding WHERE rule = ?", which)


def test_a_merge_by_title_is_a_row_with_reason_and_evidence(bench: Bench):
    write(bench, X)
    write(bench, Y, "Anmeldung eines Hundes")
    bench.build()
    assert bench.ask("SELECT reason, evidence FROM service_source ORDER BY source_id") == [
        ("own", ""),
        ("similar title", "1.00 „Hund anmelden“ – „Anmeldung eines Hundes“"),
    ]


def test_undoing_a_merge_restores_both_records_with_id_and_slug_though_their_titles_changed(bench: Bench):
    write(bench, X, "Hunde in der Stadt")
    write(bench, Y, "Hundesteuer")
    bench.build()
    before = published(bench)
    write(bench, X)
    write(bench, Y, "Anmeldung eines Hundes")
    bench.build()
    assert len(set(published(bench).values())) == 1
    rule(bench, apart("xanten", "ypsilon"))
    bench.build()
    assert published(bench) == before
    bench.build()
    assert published(bench) == before


def test_the_rule_that_the_list_prints_undoes_the_merge(bench: Bench):
    for of in NAMES:
        write(bench, of)
    bench.build()
    with open_catalogue(bench.catalogue) as db:
        (merge,) = read_merges(db, None)
        assert read_merges(db, "ypsilon:1") == [merge]
    undone = merge.records[1]
    text = undone.undo.replace("…", "zwei Leistungen")
    (bench.root / "data").mkdir()
    (bench.root / "data" / "merge.yml").write_text(text, encoding="utf-8")
    bench.build()
    of = published(bench)
    assert undone.record == "ypsilon:1"
    assert of["xanten"] == (merge.service, of["xanten"][1]) != of["ypsilon"]


def test_a_rule_about_a_record_that_is_gone_is_a_finding_until_it_is_removed(bench: Bench):
    write(bench, X)
    write(bench, Y)
    rule(bench, apart("xanten", "ypsilon"), {"join": ["xanten:1", "fort:9"], "reason": "dasselbe"})
    bench.build()
    ((name, told),) = findings(bench, "merge.rule-gone")
    assert name == "fort:9"
    assert "merge.yml:1" in told
    assert len(set(published(bench).values())) == 2
    rule(bench)
    bench.build()
    assert not findings(bench, "merge.rule-gone")


def test_a_rule_that_cannot_be_read_is_a_finding(bench: Bench):
    write(bench, X)
    rule(bench, {"keep_apart": ["xanten:1"], "reason": "allein"})
    bench.build()
    assert len(findings(bench, "merge.rule-invalid")) == 1


def test_two_fees_are_a_finding_as_long_as_they_differ(bench: Bench):
    write(bench, X, keys=[A], texts={"fees": "28,80 Euro"})
    write(bench, Y, keys=[A], texts={"fees": "37 Euro"})
    bench.build()
    ((name, told),) = findings(bench, "merge.fees")
    assert name == published(bench)["xanten"][0]
    assert "28,80 € (xanten); 37,00 € (ypsilon)" in told
    since = bench.ask("SELECT first_seen_at FROM finding WHERE rule = 'merge.fees'")
    write(bench, Z)
    bench.build()
    assert bench.ask("SELECT first_seen_at FROM finding WHERE rule = 'merge.fees'") == since
    write(bench, Y, keys=[A], texts={"fees": "28,80 Euro"})
    bench.build()
    assert not findings(bench, "merge.fees")


def test_two_addresses_to_apply_are_a_finding_only_while_both_live(bench: Bench):
    write(bench, X, keys=[A], links=["https://x.example/antrag"])
    write(bench, Y, keys=[A], links=["https://y.example/antrag"])
    bench.build()
    assert not findings(bench, "merge.apply")
    conn = bench.state.conn
    for url in ("https://x.example/antrag", "https://y.example/antrag"):
        conn.execute(
            "INSERT INTO link (url, host, domain, state, outcome, code, since, added_at) VALUES (?, '', '', 'ok', 'ok', 'ok', ?, '')",
            (url, "2025-02-01T00:00:00+00:00"),
        )
        conn.execute("INSERT INTO link_text SELECT ?, max(id) FROM link", (url,))
    assert not bench.build().rebuilt
    ((_, told),) = findings(bench, "merge.apply")
    assert "https://x.example/antrag (xanten); https://y.example/antrag (ypsilon)" in told
    conn.execute("UPDATE link SET state = 'dead' WHERE url = 'https://y.example/antrag'")
    bench.build()
    assert not findings(bench, "merge.apply")


TITLES = st.sampled_from(["Hund anmelden", "Anmeldung eines Hundes", "Hundesteuer", "Hund abmelden"])
HOLDINGS = st.lists(TITLES, min_size=3, max_size=3)
PAIRS = st.sampled_from(list(combinations(("xanten", "ypsilon", "zwickau"), 2)))
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def harvested(root, order, titles) -> Bench:
    bench = Bench(root)
    for number in order:
        write(bench, NAMES[number], titles[number])
    bench.build()
    return bench


@FEW
@given(titles=HOLDINGS, order=st.sampled_from(list(permutations(range(3)))), again=st.booleans())
def test_ids_and_slugs_do_not_depend_on_the_order_of_sources_or_on_repeated_runs(
    titles, order, again, tmp_path_factory
):
    one = harvested(tmp_path_factory.mktemp("one"), range(3), titles)
    other = harvested(tmp_path_factory.mktemp("other"), order, titles)
    expected = published(one)
    assert published(other) == expected
    for number in order if again else ():
        write(other, NAMES[number], titles[number])
        other.build()
        assert published(other) == expected
    one.state.close()
    other.state.close()


@FEW
@given(titles=HOLDINGS, leaving=st.sampled_from(["xanten", "ypsilon", "zwickau"]))
def test_ids_and_slugs_stay_when_a_source_leaves_and_comes_back(titles, leaving, tmp_path_factory):
    bench = harvested(tmp_path_factory.mktemp("leaving"), range(3), titles)
    before = published(bench)
    bench.build(without={leaving})
    assert published(bench) == {name: told for name, told in before.items() if name != leaving}
    bench.build()
    assert published(bench) == before
    bench.state.close()


@FEW
@given(first=HOLDINGS, then=HOLDINGS, pair=PAIRS)
def test_undoing_a_merge_gives_each_record_the_id_and_slug_it_had_alone(first, then, pair, tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("undo"))
    everything = [apart(*names) for names in combinations(("xanten", "ypsilon", "zwickau"), 2)]
    rule(bench, *everything)
    for of, title in zip(NAMES, first, strict=True):
        write(bench, of, title)
    bench.build()
    alone = published(bench)
    rule(bench)
    for of, title in zip(NAMES, then, strict=True):
        write(bench, of, title)
    bench.build()
    rule(bench, apart(*pair))
    bench.build()
    assert published(bench)[pair[0]] != published(bench)[pair[1]]
    rule(bench, *everything)
    bench.build()
    assert published(bench) == alone
    bench.state.close()
