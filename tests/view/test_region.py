"""A region as a portal shows it."""

from harvester.view.links import Substitute
from harvester.view.place import pick_place
from harvester.view.region import view_regions
from tests.build import GELSENKIRCHEN, HERTEN, NRW
from tests.published import BASE, BUND, DEAD, LIVING


def seen(db, *regions):
    view = view_regions(db, [pick_place(db, region) for region in regions])
    return {service.title: service for service in view.services}


def test_own_and_parent_regions_show_of_each_key_the_most_specific_description(db):
    assert set(seen(db, GELSENKIRCHEN)) == {"Wohnung anmelden", "Stadtrundgang buchen", "Bauantrag stellen"}
    assert set(seen(db, HERTEN)) == {"Wohnsitz anmelden", "Bauantrag stellen", "Hund anmelden"}


def test_a_region_shows_what_the_view_of_the_catalogue_shows(db):
    for ars in (GELSENKIRCHEN, HERTEN, NRW, BUND):
        query = "SELECT service_id FROM v_service_for_region WHERE ars = ? AND rank = 1"
        assert {s.id for s in seen(db, ars).values()} == {row[0] for row in db.execute(query, (ars,))}


def test_the_precision_is_said(db):
    there = seen(db, GELSENKIRCHEN)
    told = {title: (s.regions[0].precision, s.regions[0].valid_in) for title, s in there.items()}
    assert told == {
        "Wohnung anmelden": ("exact", GELSENKIRCHEN),
        "Stadtrundgang buchen": ("assumed", GELSENKIRCHEN),
        "Bauantrag stellen": ("parent", NRW),
    }


def test_links_of_less_specific_descriptions_stand_beside_the_own_ones_with_state_and_origin(db):
    service = seen(db, GELSENKIRCHEN)["Wohnung anmelden"]
    told = [(link.url, link.role, link.state, link.usable, link.stated_by == service.id) for link in service.links]
    assert told == [
        (DEAD, "apply", "dead", False, True),
        (LIVING, "apply", "ok", True, False),
        (BASE, "information", "unchecked", True, False),
    ]
    assert len(service.others) == 1


def test_a_dead_link_has_the_best_living_one_as_its_substitute(db):
    service = seen(db, GELSENKIRCHEN)["Wohnung anmelden"]
    dead = service.links[0]
    assert dead.substitute == Substitute(url=LIVING, because="dieselbe Leistung bei: Quelle bund")


def test_the_competent_office_is_the_nearest_and_what_it_rests_on_is_said(db):
    def office(title, region):
        found = seen(db, region)[title].regions[0].office
        return found and (found.name, found.precision)

    assert office("Wohnsitz anmelden", BUND) == ("Bundesamt", "exact")
    assert office("Wohnsitz anmelden", HERTEN) == ("Bundesamt", "parent")
    assert office("Wohnung anmelden", GELSENKIRCHEN) == ("Bundesamt", "parent")
    assert office("Hund anmelden", HERTEN) == ("Bürgerbüro", "assumed")
    assert office("Bauantrag stellen", HERTEN) is None


def test_an_umbrella_portal_sees_each_description_once_with_all_the_regions_it_serves(db):
    there = seen(db, GELSENKIRCHEN, HERTEN)
    told = {title: [held.ars for held in s.regions] for title, s in there.items()}
    assert told == {
        "Wohnung anmelden": [GELSENKIRCHEN],
        "Wohnsitz anmelden": [HERTEN],
        "Stadtrundgang buchen": [GELSENKIRCHEN],
        "Bauantrag stellen": [GELSENKIRCHEN, HERTEN],
        "Hund anmelden": [HERTEN],
    }
