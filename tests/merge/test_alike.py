"""The same address or alike titles: rules 4 and 5, and what speaks against them."""

import pytest

from harvester.merge import Card, Ref, cluster
from harvester.merge.alike import contradict
from harvester.merge.likeness import ALIKE, likeness, words_of
from tests.build import GELSENKIRCHEN, HERTEN, A, B, C

PAGE = "stadt.example/hund"
KREIS, BOTH = "055620000000", f"055620000000 {HERTEN}"


def card(source, remote_id="1", title="Wohnsitz anmelden", *, keys=(), scope=GELSENKIRCHEN, **more):
    return Card(Ref(source, remote_id), " ".join(sorted(keys)), scope, title, **more)


def groups(*cards):
    return [{str(m.ref) for m in found.members} for found in cluster(cards)]


def decision(*cards):
    """Reason and evidence of the one record that was taken in."""
    (found,) = cluster(cards)
    return found.members[1].reason, found.members[1].evidence


class TestTheSameAddress:
    def test_of_two_records_pages_is_one_service_whatever_the_titles_say(self):
        two = card("stadt", title="Hundesteuer", page=PAGE), card("land", title="Halten eines Tiers", page=PAGE)
        assert decision(*two) == ("same address", PAGE)

    def test_that_a_record_leads_to_counts_where_the_titles_are_related(self):
        city = card("stadt", title="Hund an- und abmelden", page=PAGE)
        reason, evidence = decision(city, card("pvog", title="Hund anmelden", leads=(PAGE,)))
        assert (reason, evidence.split(",")[0]) == ("same address", PAGE)
        assert len(groups(city, card("pvog", title="Parkausweis für Bewohner", leads=(PAGE,)))) == 2

    def test_of_several_records_of_a_source_leaves_open_which_one_is_meant(self):
        city = card("stadt", title="Hunde", page=PAGE)
        leading = [card("pvog", n, f"Hunde {n}", leads=(PAGE,)) for n in ("anmelden", "abmelden")]
        assert len(groups(city, *leading)) == 3
        paged = [card("pvog", n, f"Hunde {n}", page=PAGE) for n in ("anmelden", "abmelden")]
        assert len(groups(city, *paged)) == 3

    def test_says_nothing_of_records_that_hold_in_other_regions(self):
        assert len(groups(card("stadt", page=PAGE), card("land", page=PAGE, scope=HERTEN))) == 2

    def test_joins_records_that_hold_in_the_same_places_however_they_name_them(self):
        assert len(groups(card("kreis", page=PAGE, scope=KREIS), card("land", page=PAGE, scope=BOTH))) == 1


class TestAlikeTitles:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Wohnsitz anmelden", "Anmeldung eines Wohnsitzes"),
            ("Führerschein", "Fuehrerscheine"),
            ("Reisepass beantragen", "Beantragung eines Reisepasses"),
            ("Kinderreisepass verlängern", "Verlängerung Kinderreisepass"),
        ],
    )
    def test_are_those_that_say_the_same_in_other_words_or_spelling(self, one, other):
        reason, evidence = decision(card("stadt", title=one), card("pvog", title=other))
        assert reason == "similar title"
        assert float(evidence[:4]) >= ALIKE

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Hund anmelden", "Hund abmelden"),
            ("Personalausweis", "Personalausweis für Kinder"),
            ("Wohngeld", "Wohngeld für Heimbewohner"),
            ("Aufenthaltserlaubnis mit Arbeit", "Aufenthaltserlaubnis ohne Arbeit"),
            ("Beratung", "Beratung"),
            ("Antrag stellen online", "Antrag"),
            ("Pflegegrad 1", "Pflegegrad 2"),
            ("Leistung 3 von Stufe 0", "Leistung 0 von Stufe 3"),
        ],
    )
    def test_are_not_those_that_name_two_things_or_nothing_in_particular(self, one, other):
        assert len(groups(card("stadt", title=one), card("pvog", title=other))) == 2

    def test_count_only_where_the_best_is_clearly_the_best(self):
        twins = [card("pvog", n, "Anmeldung eines Wohnsitzes") for n in ("1", "2")]
        assert len(groups(card("stadt"), *twins)) == 3
        assert len(groups(card("stadt"), *twins[:1])) == 1

    def test_need_the_same_regions_the_same_language_and_different_sources(self):
        assert len(groups(card("stadt"), card("pvog", scope=HERTEN))) == 2
        assert len(groups(card("stadt"), card("pvog", language="en"))) == 2
        assert len(groups(card("stadt", "1"), card("stadt", "2"))) == 2

    def test_join_several_sources(self):
        assert groups(card("a"), card("b"), card("c", title="Anmeldung Wohnsitz")) == [{"a:1", "b:1", "c:1"}]


class TestWhatSpeaksAgainst:
    def test_keys_that_exclude_each_other(self):
        assert len(groups(card("stadt", keys=[A], page=PAGE), card("pvog", keys=[C], page=PAGE))) == 2
        assert len(groups(card("stadt", page=PAGE), card("pvog", keys=[C], page=PAGE))) == 1

    def test_a_wider_key_agrees_with_the_narrower_ones(self):
        whole, action, detail = "99115002000000", "99115002060000", "99115002060001"
        assert not contradict([whole], [detail])
        assert not contradict([action], [detail])
        assert contradict([A], [B])
        assert contradict([detail], ["99115002104000"])
        assert not contradict([], [A])

    def test_a_third_record_does_not_bridge_keys_that_exclude_each_other(self):
        named = card("a", keys=[A]), card("b"), card("c", keys=[B])
        assert sorted(map(len, groups(*named))) == [1, 2]

    def test_a_page_that_serves_several_keys_is_glued_to_nothing(self):
        assert len(groups(card("stadt", keys=[A, B], page=PAGE), card("pvog", page=PAGE))) == 2

    def test_an_editorial_system_that_keeps_two_descriptions_apart(self):
        one, other = card("stadt", "L100002.LB.1", page=PAGE), card("pvog", "L100002.LB.2", page=PAGE)
        assert len(groups(one, other)) == 2
        assert len(groups(one, card("pvog", "L100042.LB.2", page=PAGE))) == 1


def test_likeness_is_the_same_both_ways_and_whole_for_the_same():
    one, other = words_of("Hund anmelden"), words_of("Hund und Katze anmelden")
    assert likeness(one, other) == likeness(other, one) < likeness(one, one) == 1.0
