"""Records that cannot end up in one service may be clustered apart: nothing else comes of it."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from harvester.merge import NO_RULES, Card, Ref, Rules, cluster, reach_of, tie_scopes
from tests.build import GELSENKIRCHEN, HERTEN, NRW, A, B

SAME = "L100002.LB.1"


def scopes_of(*places, rules=NO_RULES):
    return tie_scopes([(Ref(source, remote_id), scope) for source, remote_id, scope in places], rules)


def test_places_without_anything_in_common_stay_apart():
    assert scopes_of(("stadt", "1", GELSENKIRCHEN), ("herten", "1", HERTEN)) == [[GELSENKIRCHEN], [HERTEN]]


def test_an_editorial_identifier_ties_the_places_it_turns_up_in():
    assert scopes_of(("stadt", SAME, GELSENKIRCHEN), ("herten", SAME, HERTEN)) == [[GELSENKIRCHEN, HERTEN]]


def test_a_person_ties_the_places_of_what_was_joined():
    rules = Rules(together=((Ref("stadt", "1"), Ref("herten", "2"), "one page"),))
    places = ("stadt", "1", GELSENKIRCHEN), ("herten", "2", HERTEN), ("land", "3", NRW)
    assert scopes_of(*places, rules=rules) == [[NRW], [GELSENKIRCHEN, HERTEN]]


def test_a_record_that_is_not_there_ties_nothing():
    rules = Rules(together=((Ref("stadt", "1"), Ref("herten", "9"), "gone"),))
    assert len(scopes_of(("stadt", "1", GELSENKIRCHEN), ("herten", "1", HERTEN), rules=rules)) == 2


def test_scopes_that_hold_in_the_same_places_are_one_group():
    inside = f"{NRW} {GELSENKIRCHEN}"
    assert reach_of(inside) == NRW
    assert scopes_of(("land", "1", NRW), ("stadt", "1", inside)) == [sorted([NRW, inside])]


REFS = st.builds(Ref, st.sampled_from(["bund", "land", "stadt"]), st.sampled_from(["1", "2", SAME, "L100002.LB.2"]))
CARDS = st.lists(
    st.builds(
        lambda ref, keys, title, scope, page: Card(ref, " ".join(sorted(keys)), scope, title, page=page),
        REFS,
        st.sets(st.sampled_from([A, B]), max_size=2),
        st.sampled_from(["Hund anmelden", "Hund abmelden", "Hundesteuer"]),
        st.sampled_from([GELSENKIRCHEN, HERTEN, NRW, f"{NRW} {GELSENKIRCHEN}"]),
        st.sampled_from(["", "https://stadt.example/hund", "https://stadt.example/steuer"]),
    ),
    unique_by=lambda card: card.ref,
    max_size=10,
)
PAIRS = st.tuples(REFS, REFS).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: tuple(sorted(pair)))
RULES = st.builds(
    lambda joined, apart: Rules(tuple((*pair, "so said") for pair in sorted(joined)), frozenset(apart)),
    st.sets(PAIRS, max_size=2),
    st.sets(PAIRS, max_size=2),
)


@given(CARDS, RULES)
def test_clustering_group_by_group_is_clustering_all(cards, rules):
    by_scope = defaultdict(list)
    for card in cards:
        by_scope[card.scope].append(card)
    found = []
    for scopes in tie_scopes(((card.ref, card.scope) for card in cards), rules):
        found += cluster([card for scope in scopes for card in by_scope[scope]], rules)
    assert sorted(found, key=lambda one: one.first) == sorted(cluster(cards, rules), key=lambda one: one.first)
    assert cluster(cards, rules) == sorted(cluster(cards, rules), key=lambda one: one.first)


@given(CARDS, RULES, st.randoms())
def test_every_scope_is_in_one_group_whatever_the_order(cards, rules, random):
    named = [(card.ref, card.scope) for card in cards]
    groups = tie_scopes(named, rules)
    assert sorted(scope for group in groups for scope in group) == sorted({card.scope for card in cards})
    assert tie_scopes(random.sample(named, len(named)), rules) == groups
