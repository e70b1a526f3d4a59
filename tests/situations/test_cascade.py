from dataclasses import replace
from datetime import date

import pytest

from harvester.model import Code, LeikaKey, Service
from harvester.situations import assign
from harvester.situations.override import Override
from harvester.situations.taxonomy import Taxonomy, make_taxonomy

PVLAGEN = "urn:xoev-de:fim:codeliste:pvlagen"
HUNDESTEUER = "99102013104000"


def service(title="Irgendetwas", *keys, codes=(), **more):
    return Service(
        remote_id="s1",
        title=title,
        leika_keys=tuple(LeikaKey(key) for key in keys),
        situations=tuple(Code(list_uri=uri, code=code) for uri, code in codes),
        **more,
    )


def of(assigned, taxonomy):
    return [(a.situation, a.origin, a.rule, a.rank) for a in assigned.assignments if a.taxonomy == taxonomy]


def rules(assigned):
    return [finding.rule for finding in assigned.findings]


def decide(knowledge, name, *situations):
    decision = Override(
        service=name, situations=situations, because="so entschieden worden", by="Redaktion", date=date(2026, 11, 23)
    )
    return replace(knowledge, overrides={name: decision})


def test_what_the_source_says_comes_first(knowledge):
    assigned = assign(service("Hund", codes=[(PVLAGEN, "1110300")]), knowledge)
    assert of(assigned, "pvlagen") == [("pvlagen:1110300", "source", "source.pvlagen", 0)]
    assert of(assigned, "ozg") == [("ozg:engagement_hobby.tierhaltung", "source", "source.pvlagen>exact", 0)]


def test_the_official_record_of_the_exact_key_says_lage_and_pv_lage(knowledge):
    assigned = assign(service("Irgendetwas", "99115005104000"), knowledge)
    assert of(assigned, "ozg") == [("ozg:bauen_wohnen.wohnen_umzug", "key", "key.14", 0)]
    assert of(assigned, "pvlagen") == [("pvlagen:1050200", "key", "key.14>exact", 0)]


def test_an_unknown_variant_belongs_to_its_siblings(knowledge):
    assert of(assign(service("Irgendetwas", "99008001999999"), knowledge), "ozg")[0][1:3] == ("prefix", "prefix.8")
    assert of(assign(service("Irgendetwas", "99008001012999"), knowledge), "ozg")[0][1:3] == ("prefix", "prefix.11")


def test_an_unknown_leistung_of_a_pure_group_belongs_to_the_groups_field(knowledge):
    group = next(g for g, vote in knowledge.leika.groups.items() if vote.share == 1 and vote.asked >= 20)
    (first, *_) = of(assign(service("Irgendetwas", f"{group}999000000"), knowledge), "ozg")
    assert first[1] == "group"
    assert first[0].startswith(f"ozg:{knowledge.leika.groups[group].code}")


def test_the_text_speaks_last(knowledge):
    assigned = assign(service("Personalausweis verloren"), knowledge)
    assert of(assigned, "ozg")[0][1:3] == ("text", "text")


def test_an_sdg_area_leads_to_a_pv_lage_and_leaves_the_field_to_the_next_step(knowledge):
    sdg = "urn:xoev-de:fim:codeliste:sdginformationsbereich"
    assigned = assign(service("Personalausweis verloren", codes=[(sdg, "1030200")]), knowledge)
    assert of(assigned, "sdg")[0][:2] == ("sdg:1030200", "source")
    assert of(assigned, "pvlagen")[0][:3] == ("pvlagen:1090000", "source", "source.sdg>broad")
    assert of(assigned, "ozg")[0][1] == "text"


def test_below_the_threshold_nothing_is_said(knowledge):
    assert assign(service("Xqz Vwy"), knowledge).assignments == ()


def test_the_administrative_remainder_gets_a_real_drawer(knowledge):
    assigned = assign(service("Personalausweis", "99008001000000"), knowledge)
    assert of(assigned, "ozg")[0][0] == "ozg:querschnittsleistungen.querschnitt_buerger"
    assert of(assigned, "pvlagen") == [("pvlagen:1070100", "key", "key.14>drawer", 0)]


def test_several_keys_give_several_situations(knowledge):
    assigned = assign(service("Irgendetwas", "99115005104000", "99050012104000"), knowledge)
    assert {situation for situation, *_ in of(assigned, "ozg")} == {
        "ozg:bauen_wohnen.wohnen_umzug",
        "ozg:unternehmensfuehrung_entwicklung.unternehmensstart_gewerbezulassung",
    }


def test_at_most_three_situations_of_a_taxonomy_are_given(knowledge):
    codes = [(PVLAGEN, code) for code in ("1010000", "1020000", "1030000", "1040000", "1050000")]
    assert [a[0] for a in of(assign(service(codes=codes), knowledge), "pvlagen")] == [
        "pvlagen:1010000",
        "pvlagen:1020000",
        "pvlagen:1030000",
    ]


def test_a_wider_situation_is_left_out_beside_its_narrower_one(knowledge):
    assigned = assign(service(codes=[(PVLAGEN, "1050000"), (PVLAGEN, "1050200")]), knowledge)
    assert [a[0] for a in of(assigned, "pvlagen")] == ["pvlagen:1050200"]


def test_source_and_key_that_disagree_are_a_finding_and_both_stay(knowledge):
    assigned = assign(service("Wohnsitz", "99115005104000", codes=[(PVLAGEN, "1130000")]), knowledge)
    assert rules(assigned) == ["situations.conflict"]
    assert of(assigned, "pvlagen")[0][:2] == ("pvlagen:1130000", "source")
    assert of(assigned, "ozg")[0][:2] == ("ozg:bauen_wohnen.wohnen_umzug", "key")


def test_source_and_key_that_agree_are_no_finding(knowledge):
    assert rules(assign(service("Wohnsitz", "99115005104000", codes=[(PVLAGEN, "1050200")]), knowledge)) == []


def test_an_unknown_narrow_code_counts_as_the_known_one_above_it(knowledge):
    assigned = assign(service(codes=[(PVLAGEN, "1030999")]), knowledge)
    assert of(assigned, "pvlagen")[0][0] == "pvlagen:1030000"
    assert rules(assigned) == ["situations.unknown-code"]


@pytest.mark.parametrize("code", ["9990000", "Unfug", "", "٣٣٣٣٣٣٣"])
def test_an_unknown_code_is_a_finding_and_the_next_step_speaks(knowledge, code):
    assigned = assign(service("Irgendetwas", "99115005104000", codes=[(PVLAGEN, code)]), knowledge)
    assert rules(assigned) == ["situations.unknown-code"]
    assert of(assigned, "ozg")[0][1] == "key"


def test_a_category_of_an_origin_portal_counts_where_a_person_mapped_it(knowledge):
    told = service(codes=[("https://example.org/kategorien", "7")])
    assert rules(assign(told, knowledge)) == ["situations.unknown-category"]
    mapped = replace(knowledge, categories={("https://example.org/kategorien", "7"): "ozg:umwelt"})
    assert of(assign(told, mapped), "ozg") == [("ozg:umwelt", "source", "source.category", 0)]


def test_a_retired_situation_counts_as_its_successor(knowledge):
    rows = [
        {"code": "1", "name": "neu", "parent": ""},
        {"code": "2", "name": "alt", "parent": "", "retired": "2026-01-01", "successor": "1"},
    ]
    rows.append({"code": "3", "name": "weg", "parent": "", "retired": "2026-01-01"})
    taxonomy, _ = make_taxonomy(Taxonomy("t", "Test", "urn:test", "1"), rows)
    changed = replace(knowledge, taxonomies={**knowledge.taxonomies, "t": taxonomy})
    assigned = assign(service(codes=[("urn:test", "2"), ("urn:test", "3")]), changed)
    assert of(assigned, "t") == [("t:1", "source", "source.t", 0)]
    assert rules(assigned) == ["situations.retired", "situations.retired"]


@pytest.mark.parametrize("name", [HUNDESTEUER, "S4711", "quelle:s1"])
def test_an_editor_beats_everything(knowledge, name):
    decided = decide(knowledge, name, "ozg:steuern_zoll", "pvlagen:1060800")
    told = service("Hundesteuer", HUNDESTEUER, codes=[(PVLAGEN, "1110300")])
    assigned = assign(told, decided, ["S4711", "quelle:s1"])
    assert {(a.situation, a.origin, a.confidence) for a in assigned.assignments} == {
        ("ozg:steuern_zoll", "editor", 1.0),
        ("pvlagen:1060800", "editor", 1.0),
    }


def test_an_editor_may_say_no_drawer_at_all(knowledge):
    assert assign(service("Hundesteuer", HUNDESTEUER), decide(knowledge, HUNDESTEUER)).assignments == ()


def test_every_assignment_tells_origin_confidence_and_rule(knowledge):
    assigned = assign(service("Hundesteuer anmelden", HUNDESTEUER, codes=[(PVLAGEN, "1110300")]), knowledge)
    assert all(a.rule and 0 < a.confidence <= 1 and knowledge.situation(a.situation) for a in assigned.assignments)
