from harvester.situations.mapping import read_map
from harvester.situations.taxonomy import Taxonomy, make_taxonomy

HEAD = Taxonomy("t", "Test", "urn:test", "1")


def row(code, parent="", name="Name", **more):
    return {"code": code, "name": name, "parent": parent, **more}


def rules(findings):
    return [finding.rule for finding in findings]


def test_a_list_is_read_with_parents_in_its_order():
    taxonomy, findings = make_taxonomy(HEAD, [row("1"), row("2", "1"), row("3", "2")])
    assert not findings
    assert [s.id for s in taxonomy.ancestors("t:3")] == ["t:3", "t:2", "t:1"]
    assert [s.position for s in taxonomy.situations.values()] == [0, 1, 2]


def test_a_cycle_is_a_finding_and_every_entry_stays_reachable():
    taxonomy, findings = make_taxonomy(HEAD, [row("1", "3"), row("2", "1"), row("3", "2"), row("4", "3")])
    assert rules(findings) == ["situations.cycle"]
    assert "t:1 → t:3 → t:2 → t:1" in findings[0].message
    assert [s.id for s in taxonomy.ancestors("t:4")] == ["t:4", "t:3", "t:2", "t:1"]


def test_an_entry_that_is_its_own_parent_is_a_cycle():
    taxonomy, findings = make_taxonomy(HEAD, [row("1", "1")])
    assert rules(findings) == ["situations.cycle"]
    assert taxonomy.situations["t:1"].parent is None


def test_an_unknown_parent_makes_a_root_and_a_finding():
    taxonomy, findings = make_taxonomy(HEAD, [row("2", "1")])
    assert rules(findings) == ["situations.unknown-parent"]
    assert taxonomy.situations["t:2"].parent is None


def test_of_two_entries_with_one_code_the_first_counts():
    taxonomy, findings = make_taxonomy(HEAD, [row("1", name="erste"), row("1", name="zweite"), row("")])
    assert rules(findings) == ["situations.twice", "situations.twice"]
    assert taxonomy.situations["t:1"].name == "erste"


def test_an_unknown_successor_is_a_finding():
    _, findings = make_taxonomy(HEAD, [row("1", retired="2026-01-01", successor="9")])
    assert rules(findings) == ["situations.unknown-successor"]


def test_a_map_row_with_an_unknown_entry_or_relation_is_left_out():
    situations = make_taxonomy(HEAD, [row("1"), row("2"), row("3", retired="2025-01-01")])[0].situations
    told = [("t:1", "t:2", "exact"), ("t:1", "t:9", "exact"), ("t:1", "t:2", "similar"), ("t:1", "t:3", "broad")]
    links, findings = read_map([{"from": a, "to": b, "relation": r, "origin": "test"} for a, b, r in told], situations)
    assert [(link.source, link.target) for link in links] == [("t:1", "t:2"), ("t:1", "t:3")]
    assert rules(findings) == ["situations.map-unknown", "situations.map-unknown", "situations.map-retired"]


def test_the_projects_own_lists_and_rules_have_no_findings(knowledge):
    assert knowledge.findings == ()


def test_the_projects_own_lists_are_whole(knowledge):
    ozg = knowledge.taxonomies["ozg"].situations.values()
    assert sum(s.parent is None for s in ozg) == 14
    assert sum(s.parent is not None for s in ozg) == 55
    assert len(knowledge.leika.entries) == 4813


def test_equal_codes_of_different_lists_stay_apart(knowledge):
    assert knowledge.situation("pvlagen:1010000").name == "Geburt"
    assert knowledge.situation("sdg:1010000").name == "Reisen innerhalb der Union"


def test_every_field_and_lage_leads_to_a_pv_lage(knowledge):
    lagen = list(knowledge.taxonomies["ozg"].situations)
    reached = {s for s in lagen if any(link.target.startswith("pvlagen:") for link in knowledge.links.get(s, ()))}
    assert reached == set(lagen)
