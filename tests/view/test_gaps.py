"""What a region has and lacks: counts with their denominators, never a percentage."""

import json

from harvester.cli import main
from harvester.view.gaps import find_gaps, siblings
from harvester.view.ozg import make_ozg, read_ozg
from harvester.view.place import pick_place
from tests.build import GELSENKIRCHEN, HERTEN, A, B, C
from tests.published import BOTTROP, KREIS, RECKLINGHAUSEN

OZG = make_ozg(
    {"1": "Umzug", "2": "Bauen", "3": "Hund", "4": "Nie gehört", "5": "Ohne Schlüssel"},
    [(A, "1", "2/3"), (B, "2", "4"), (C, "3", "5"), ("99999001001000", "4", "1 2/3")],
)


def gaps(db, region, *beside):
    place = pick_place(db, region)
    return find_gaps(db, place, [pick_place(db, told) for told in beside] or siblings(db, place), OZG)


def test_each_type_is_counted_with_its_denominator(db):
    found = gaps(db, GELSENKIRCHEN)
    told = {d.type: (d.of, d.described, d.linked, d.checked, d.works, d.online) for d in (*found.duties, found.all)}
    assert told == {
        "1": (1, 0, 0, 0, 0, 0),
        "2/3": (2, 1, 1, 1, 1, 1),
        "4": (1, 1, 0, 0, 0, 0),
        "5": (1, 0, 0, 0, 0, 0),
        "all": (4, 2, 1, 1, 1, 1),
    }
    assert found.no_key == 1
    assert (found.services, found.unkeyed, found.unlisted) == (3, 1, 0)


def test_the_level_is_that_of_the_most_specific_description(db):
    moving = next(duty for duty in gaps(db, GELSENKIRCHEN).duties if duty.type == "2/3")
    assert moving.by_level == {"bund": 0, "land": 0, "kreis": 0, "kommune": 1}
    moving = next(duty for duty in gaps(db, HERTEN).duties if duty.type == "2/3")
    assert moving.by_level == {"bund": 1, "land": 0, "kreis": 0, "kommune": 0}


def test_what_nobody_describes_is_named(db):
    assert [(m.ozg_id, m.name, m.types) for m in gaps(db, GELSENKIRCHEN).missing] == [
        ("3", "Hund", ("5",)),
        ("4", "Nie gehört", ("1", "2/3")),
    ]


def test_what_neighbours_offer_and_we_do_not_is_counted_among_those_that_describe_anything(db):
    found = gaps(db, GELSENKIRCHEN, HERTEN, RECKLINGHAUSEN)
    assert (found.neighbours, found.neighbours_of) == ((HERTEN,), 2)
    assert [(o.leika_key, o.title, o.neighbours, o.of) for o in found.offered] == [(C, "Hund anmelden", (HERTEN,), 1)]
    assert gaps(db, HERTEN, GELSENKIRCHEN).offered == ()


def test_neighbours_are_regions_of_the_same_kind_below_the_same_region(db):
    assert [place.ars for place in siblings(db, pick_place(db, GELSENKIRCHEN))] == [BOTTROP, KREIS]
    assert [place.ars for place in siblings(db, pick_place(db, HERTEN))] == [RECKLINGHAUSEN]


def test_a_key_with_other_details_belongs_to_the_same_ozg_service_where_that_is_clear():
    ozg = make_ozg({}, [("99115002060000", "1", "2"), ("99006012261000", "2", "2"), ("99006012262000", "3", "2")])
    assert ozg.find("99115002060017") == "1"
    assert ozg.find("99115002999000") == "1"
    assert ozg.find("99006012261005") == "2"
    assert ozg.find("99006012999000") is None
    assert ozg.find("99999999999999") is None


def test_the_projects_list_has_what_its_description_says():
    ozg = read_ozg()
    assert len(ozg.names) == 557
    assert set(ozg.types) <= set(ozg.names)


def test_the_command_line_tells_the_gaps(two_days, capsys):
    assert main(["-w", str(two_days.root), "gaps", "Gelsenkirchen", "--beside", "Herten", "--json"]) == 0
    assert [o["title"] for o in json.loads(capsys.readouterr().out)["offered"]] == ["Hund anmelden"]
    assert main(["-w", str(two_days.root), "gaps", "Gelsenkirchen", "--beside", "Herten"]) == 0
    assert "1 of 1" in capsys.readouterr().out
