"""``data/merge.yml``: what editors decide about merging."""

from pathlib import Path

import pytest

from harvester.merge import Card, Ref, cluster
from harvester.merge.bundles import JOINED
from harvester.merge.decided import read_decided
from tests.build import GELSENKIRCHEN, HERTEN, A, B

SAME = "L100002.LB.1"


@pytest.fixture
def decide(tmp_path: Path):
    def write(text: str):
        file = tmp_path / "merge.yml"
        file.write_text(text, encoding="utf-8")
        return read_decided([file])

    return write


def card(source, remote_id="1", title="Wohnsitz anmelden", *, keys=(A,), scope=GELSENKIRCHEN):
    return Card(Ref(source, remote_id), " ".join(sorted(keys)), scope, title)


def groups(decided, *cards):
    return [{str(m.ref) for m in found.members} for found in cluster(cards, decided.rules)]


@pytest.mark.parametrize(
    "records",
    [
        [card("a"), card("b")],
        [card("a", SAME), card("b", SAME)],
        [card("a", keys=()), card("b", keys=())],
    ],
    ids=["same key", "same identifier", "similar title"],
)
def test_records_that_are_kept_apart_are_two_services_whatever_rule_says_they_are_one(decide, records):
    names = [str(record.ref) for record in records]
    assert len(groups(decide("[]"), *records)) == 1
    apart = decide(f'- {{keep_apart: ["{names[0]}", "{names[1]}"], reason: zwei Leistungen}}')
    assert not apart.wrong
    assert groups(apart, *records) == [{names[0]}, {names[1]}]


def test_a_page_that_is_kept_apart_contributes_nothing(decide):
    cards = [card("stadt", "seite", keys=(A, B)), card("pvog", "a"), card("pvog", "b", keys=(B,))]
    assert len(cluster(cards)) == 2
    apart = decide('- {keep_apart: ["stadt:seite", "pvog:a"], reason: hat nichts damit zu tun}')
    found = cluster(cards, apart.rules)
    assert [len(c.contributors) for c in found] == [0, 1, 0]


def test_records_that_are_joined_are_one_service_and_say_why(decide):
    one, other = card("a", title="Parken"), card("b", title="Bewohnerparkausweis", keys=(B,), scope=HERTEN)
    assert len(groups(decide("[]"), one, other)) == 2
    (found,) = cluster([one, other], decide('- {join: ["b:1", "a:1"], reason: dasselbe Amt}').rules)
    assert (found.members[1].reason, found.members[1].evidence) == (JOINED, "dasselbe Amt")


def test_what_one_rule_joins_and_another_keeps_apart_stays_apart_and_is_told(decide):
    decided = decide('- {join: ["a:1", "b:1"], reason: dasselbe}\n- {keep_apart: ["b:1", "a:1"], reason: doch nicht}')
    assert len(groups(decided, card("a"), card("b"))) == 2
    assert "a:1" in decided.wrong[0].problem


def test_joining_does_not_glue_together_what_is_kept_apart_by_way_of_a_third(decide):
    decided = decide(
        '- {join: ["a:1", "b:1"], reason: dasselbe}\n- {join: ["b:1", "c:1"], reason: dasselbe}\n'
        '- {keep_apart: ["a:1", "c:1"], reason: nicht dasselbe}'
    )
    cards = [card(name, keys=(), title=name * 8) for name in "abc"]
    assert sorted(map(len, groups(decided, *cards))) == [1, 2]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('- keep_apart: ["a:1"]\n  reason: allein\n', 1, "mindestens zwei"),
        ("- reason: ohne alles\n", 1, "genau eines"),
        ('- keep_apart: ["a:1", "b:1"]\n  join: ["a:1", "b:1"]\n  reason: beides\n', 1, "genau eines"),
        ('- keep_apart: ["a:1", "b"]\n  reason: ohne Quelle\n', 1, "quelle:kennung"),
        ('- join: ["a:1", "b:1"]\n', 1, "reason"),
        ("[]\n- [", 2, "YAML"),
        ("keep_apart: nein\n", 1, "Liste"),
        ('- join: ["a:1", "b:1"]\n  reason: vertippt\n  jion: 1\n', 3, "jion"),
    ],
)
def test_a_wrong_rule_is_told_with_file_line_and_what_to_do_and_does_nothing(decide, text, line, told):
    decided = decide(text)
    (wrong,) = decided.wrong
    assert told in str(wrong)
    assert f"merge.yml:{line}: " in str(wrong)
    assert wrong.advice in str(wrong)
    assert not decided.rules.apart | set(decided.rules.together)


def test_the_other_rules_of_a_file_count_all_the_same(decide):
    decided = decide('- {join: ["a:1"], reason: falsch so}\n- {keep_apart: ["a:1", "b:1"], reason: richtig}')
    assert len(decided.wrong) == len(decided.read) == 1
    assert len(groups(decided, card("a"), card("b"))) == 2
