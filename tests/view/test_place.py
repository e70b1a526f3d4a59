"""Which region is meant: never a guess."""

import pytest

from harvester.view.place import Place, UnknownRegionError, find_places, inside, pick_place
from tests.build import GELSENKIRCHEN, HERTEN
from tests.published import KREIS, RECKLINGHAUSEN

_CITY = Place(GELSENKIRCHEN, "Gelsenkirchen", "kreisfreie Stadt")


@pytest.mark.parametrize("told", [GELSENKIRCHEN, "05513", "05513000", "Gelsenkirchen", " gelsenkirchen "])
def test_a_region_goes_by_its_regional_key_its_municipal_key_and_its_name(db, told):
    assert pick_place(db, told) == _CITY


@pytest.mark.parametrize(("told", "near"), [("Gelsenkirhen", GELSENKIRCHEN), ("Recklinghsn", RECKLINGHAUSEN)])
def test_what_is_misspelt_is_not_taken_for_a_region_but_the_near_ones_are_named(db, told, near):
    with pytest.raises(UnknownRegionError, match=near):
        pick_place(db, told)


@pytest.mark.parametrize("told", ["", "999999999999", "0551300", "Atlantis am Nordpol", "%", "12345678901234"])
def test_an_unknown_region_is_an_error_that_says_what_to_do(db, told):
    with pytest.raises(UnknownRegionError, match=r"name|key"):
        pick_place(db, told)


def test_a_postal_code_is_known_by_the_addresses_of_offices_and_by_nothing_else(db):
    (found,) = find_places(db, "45699")
    assert found.place.ars == HERTEN
    assert found.because == "1 office with the postal code 45699"
    with pytest.raises(UnknownRegionError, match="no office of the catalogue has an address with this postal code"):
        pick_place(db, "45879")


def test_several_candidates_are_told_with_what_speaks_for_each(db, monkeypatch):
    told = lambda *_: [(HERTEN, "2 offices"), (RECKLINGHAUSEN, "1 office")]  # noqa: E731 - a stand-in
    monkeypatch.setattr("harvester.view.place.places_of_postal_code", told)
    with pytest.raises(UnknownRegionError, match="may be 2 regions") as error:
        pick_place(db, "45699")
    assert HERTEN in str(error.value)
    assert RECKLINGHAUSEN in str(error.value)


def test_five_digits_that_are_the_key_of_a_kreis_and_a_postal_code_are_both(db, monkeypatch):
    monkeypatch.setattr("harvester.view.place.places_of_postal_code", lambda *_: [(HERTEN, "1 office")])
    assert {found.place.ars for found in find_places(db, "05562")} == {KREIS, HERTEN}


def test_regions_inside_another_are_those_of_the_table(db):
    (kreis,) = (found.place for found in find_places(db, KREIS))
    assert [place.ars for place in inside(db, kreis)] == [KREIS, HERTEN, RECKLINGHAUSEN]
