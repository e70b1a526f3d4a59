"""Which records describe the same service."""

from hypothesis import given
from hypothesis import strategies as st

from harvester.merge import Card, Member, Ref, cluster
from tests.build import GELSENKIRCHEN, HERTEN, A, B, C


def card(source, remote_id, keys=(A,), *, title="Wohnsitz anmelden", scope=GELSENKIRCHEN):
    return Card(Ref(source, remote_id), " ".join(sorted(keys)), scope, title)


def members(cards):
    """Clusters as sets of ids."""
    return [{m.ref.remote_id for m in found.members} for found in cluster(cards)]


def test_an_editorial_identifier_names_one_service_in_every_source():
    same = "L100002.LB.4711"
    (found,) = cluster([card("stadt", same, keys=()), card("land", same, keys=())])
    assert found.members == (
        Member(Ref("land", same), "own"),
        Member(Ref("stadt", same), "same identifier", same),
    )


def test_any_other_identifier_says_nothing_outside_its_source():
    other = card("land", "4711", keys=(), title="Hund anmelden")
    assert members([card("stadt", "4711", keys=()), other]) == [{"4711"}, {"4711"}]


def test_the_same_key_in_the_same_region_is_one_service():
    (found,) = cluster([card("stadt", "s"), card("pvog", "p")])
    assert found.members == (
        Member(Ref("pvog", "p"), "own"),
        Member(Ref("stadt", "s"), "same key and region", f"{A} in {GELSENKIRCHEN}"),
    )


def test_the_same_key_in_another_region_is_another_service():
    assert members([card("stadt", "s"), card("herten", "h", scope=HERTEN)]) == [{"h"}, {"s"}]


def test_records_of_one_source_are_never_merged_with_each_other():
    assert members([card("stadt", "1"), card("stadt", "2"), card("stadt", "3")]) == [{"1"}, {"2"}, {"3"}]


def test_of_several_records_per_source_titles_decide_which_one_is_meant():
    cards = [
        card("pvog", "p1", title="Hund anmelden"),
        card("pvog", "p2", title="Hund abmelden"),
        card("stadt", "s1", title="Abmelden eines Hundes (Hund abmelden)"),
        card("stadt", "s2", title="Anmelden: Hund"),
        card("stadt", "s3", title="Hundesteuer"),
    ]
    assert members(cards) == [{"p1", "s2"}, {"p2", "s1"}, {"s3"}]


class TestAPageThatServesSeveralKeys:
    PAGE = card("stadt", "seite", keys=(A, B, C), title="Meldewesen")

    def test_it_contributes_to_each_and_glues_none_together(self):
        found = cluster(
            [self.PAGE, card("pvog", "a", keys=(A,)), card("pvog", "b", keys=(B,)), card("pvog", "c", keys=(C,))]
        )
        assert [{m.ref.remote_id for m in c.members} for c in found] == [{"a"}, {"b"}, {"c"}]
        seite = Ref("stadt", "seite")
        assert [c.contributors for c in found] == [
            (Member(seite, "page serves several keys", key),) for key in (A, B, C)
        ]

    def test_it_is_a_service_of_its_own_for_a_key_that_nobody_else_serves(self):
        assert members([self.PAGE, card("pvog", "a", keys=(A,)), card("pvog", "b", keys=(B,))]) == [
            {"a"},
            {"b"},
            {"seite"},
        ]

    def test_it_keeps_to_its_region(self):
        other = [card("pvog", name, keys=(key,), scope=HERTEN) for name, key in (("a", A), ("b", B), ("c", C))]
        assert {"seite"} in members([self.PAGE, *other])

    def test_its_own_source_keeps_it_apart_from_the_source_s_other_records(self):
        own = [card("stadt", name, keys=(key,)) for name, key in (("a", A), ("b", B), ("c", C))]
        found = cluster([self.PAGE, *own])
        assert [len(c.members) for c in found] == [1, 1, 1, 1]
        assert all(not c.contributors for c in found)

    def test_two_sources_with_the_same_page_have_one_page(self):
        twin = card("kreis", "doppelt", keys=(A, B, C))
        assert members([self.PAGE, twin]) == [{"seite", "doppelt"}]


IDS = st.sampled_from(["1", "2", "3", "L100002.LB.1", "L100002.LB.2"])
CARDS = st.lists(
    st.builds(
        card,
        st.sampled_from(["bund", "land", "stadt"]),
        IDS,
        st.sets(st.sampled_from([A, B]), max_size=2),
        title=st.sampled_from(["Hund anmelden", "Hund abmelden", "Hundesteuer"]),
        scope=st.sampled_from([GELSENKIRCHEN, HERTEN]),
    ),
    max_size=9,
    unique_by=lambda c: c.ref,
)


@given(CARDS, st.randoms())
def test_the_order_of_records_and_sources_makes_no_difference(cards, random):
    shuffled = random.sample(cards, len(cards))
    assert cluster(shuffled) == cluster(cards)


@given(CARDS)
def test_every_record_is_in_one_service_or_contributes_to_some(cards):
    found = cluster(cards)
    own = [m.ref for c in found for m in c.members]
    helping = {m.ref for c in found for m in c.contributors}
    assert len(own) == len(set(own))
    assert {*own, *helping} == {c.ref for c in cards}


@given(CARDS)
def test_no_service_has_two_records_of_one_source(cards):
    for found in cluster(cards):
        sources = [m.ref.source_id for m in found.members]
        assert len(sources) == len(set(sources))
        assert not {m.ref.source_id for m in found.contributors} & set(sources)
