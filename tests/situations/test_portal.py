import pytest

from harvester.data import data_file
from harvester.errors import ConfigurationError
from harvester.model import LeikaKey, Service
from harvester.situations import check_portal, explain, explain_title, read_portal, read_portals, review
from harvester.situations.assignment import Assigned, Assignment
from harvester.situations.finding import Finding


@pytest.mark.parametrize(("name", "tiles"), [("gelsenkirchen", 13), ("emscher-lippe", 35)])
def test_the_projects_own_portals_name_known_situations(knowledge, name, tiles):
    portal = read_portal(data_file(f"portals/{name}.yml"))
    assert len({tile.title for tile in portal.tiles}) == tiles
    assert check_portal(portal, knowledge) == []


def test_the_administrative_remainder_is_no_tile():
    portal = read_portal(data_file("portals/gelsenkirchen.yml"))
    assert "ozg:querschnittsleistungen" not in {sid for tile in portal.tiles for sid in tile.situations}


def test_a_file_that_is_no_portal_is_a_finding_and_the_others_count(tmp_path):
    good = "id: p\ntitle: P\nregions: []\nrest: R\ntiles: [{id: a, title: A, situations: ['ozg:umwelt']}]\n"
    for name, text in (("1", good), ("2", good), ("3", "tiles: [")):
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    portals, findings = read_portals(sorted(tmp_path.glob("*.yml")))
    assert [portal.id for portal in portals] == ["p"]
    assert [(f.rule, f.entity_id) for f in findings] == [
        ("situations.portal-invalid", "2"),
        ("situations.portal-invalid", "3"),
    ]


@pytest.mark.parametrize("second", ["a", "rest"])
def test_a_tile_has_an_id_of_its_own(tmp_path, second):
    file = tmp_path / "p.yml"
    tiles = ", ".join(f"{{id: {name}, title: T, situations: ['ozg:umwelt']}}" for name in ("a", second))
    file.write_text(f"id: p\ntitle: P\nregions: []\nrest: R\ntiles: [{tiles}]\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="same id"):
        read_portal(file)


def test_a_tile_with_an_unknown_situation_is_a_finding(knowledge, tmp_path):
    file = tmp_path / "p.yml"
    file.write_text(
        "id: p\ntitle: P\nregions: []\nrest: R\ntiles: [{id: a, title: A, situations: ['ozg:unfug']}]\n",
        encoding="utf-8",
    )
    assert [(f.rule, f.entity_id) for f in check_portal(read_portal(file), knowledge)] == [
        ("situations.unknown-code", "p/a")
    ]


@pytest.mark.parametrize("text", ["tiles: []", "- x", "a: [", ""])
def test_a_file_that_is_no_portal_is_a_configuration_error(tmp_path, text):
    file = tmp_path / "p.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"p\.yml"):
        read_portal(file)


def test_a_title_is_explained_by_its_words(knowledge):
    told = explain_title("Personalausweis verloren", knowledge)
    code, reasons = told.reasons[0]
    assert code == "querschnittsleistungen"
    assert any("ausw" in feature for feature, _ in reasons)
    assert told.guess is not None
    assert told.guess.fields[0][0] == code


def test_a_key_is_explained_by_its_record(knowledge):
    keys = (LeikaKey("99115005104000"), LeikaKey("99115005104999"), LeikaKey("99999999999999"))
    told = explain(Service(remote_id="s", title="Umzug", leika_keys=keys), knowledge)
    assert [level for _, level, _ in told.keys] == ["key.14", "prefix.11", "unknown"]


def test_review_lists_what_needs_a_person_most_used_first():
    def by(origin, confidence, *findings):
        return Assigned((Assignment("ozg:umwelt", origin, confidence, "r", 0),), findings)

    conflict = Finding("warning", "situations.conflict", "service", "c", "Uneinig.")
    services = [
        ("a", "Sicher", 9, by("key", 0.99)),
        ("b", "Ohne Lage", 1, Assigned((), ())),
        ("c", "Uneinig", 5, by("key", 0.99, conflict)),
        ("d", "Nur Titel", 5, by("text", 0.7)),
        ("e", "Klarer Titel", 7, by("text", 0.97)),
    ]
    cases = review(services)
    assert [case.service_id for case in cases] == ["d", "c", "b"]
    assert "70" in cases[0].reason
