"""What holds in a place: the shelf agrees with the catalogue's own questions, and counts a service once."""

import pytest

from harvester.portal.published import Published
from harvester.portal.shelf import EMPTY, Entry, lay_upon, put_together
from harvester.portal.shelves import shelf_of, situations_of
from harvester.view.place import Place
from harvester.view.region import view_regions
from harvester.view.tiles import count_tiles
from tests.build import GELSENKIRCHEN, HERTEN
from tests.published import BOTTROP, BUND, KREIS


@pytest.fixture
def here(two_days):
    published = Published(two_days.catalogue)
    with published.read() as reading:
        yield reading
    published.close()


def entry(service_id, key, valid_in, *, changed_at="2026-11-24", audience="citizen", situations=()):
    return Entry(
        service_id=service_id,
        key=key,
        slug=service_id,
        title=service_id,
        level="kommune",
        language="de",
        audience=frozenset({audience}),
        changed_at=changed_at,
        precision="exact",
        valid_in=valid_in,
        situations=frozenset(situations),
        order=(service_id, service_id),
    )


@pytest.mark.parametrize("ars", [GELSENKIRCHEN, HERTEN, BOTTROP, KREIS, BUND])
def test_a_shelf_holds_what_the_catalogue_says(here, ars):
    shelf = shelf_of(here, (ars,))
    row = here.db.execute("SELECT ars, name, kind FROM region WHERE ars = ?", (ars,)).fetchone()
    view = view_regions(here.db, [Place(*row)])
    assert {item.shown.service_id for item in shelf.items} == {service.id for service in view.services}
    assert shelf.items
    for service in view.services:
        found = shelf.find(service.id)
        assert [entry.service_id for entry in found.descriptions[1:]] == sorted(
            service.others, key=[entry.service_id for entry in found.descriptions].index
        )


@pytest.mark.parametrize("portal", ["gelsenkirchen", "emscher-lippe"])
@pytest.mark.parametrize("ars", [GELSENKIRCHEN, HERTEN, BOTTROP])
def test_tiles_count_what_the_catalogue_counts(here, portal, ars):
    shelf, situations = shelf_of(here, (ars,)), situations_of(here, portal)
    counted = {
        tile.id: (tile.title, sum(tile.id in situations.tiles_of(item.situations) for item in shelf.items))
        for tile in situations.tiles.values()
    }
    assert counted == count_tiles(here.db, portal, ars)


def test_the_nearest_description_counts_and_of_two_the_newest():
    land = lay_upon(EMPTY, [entry("land", "k", "05", situations=["a"]), entry("other", "o", "05")])
    city = lay_upon(
        land,
        [entry("older", "k", "0551", changed_at="2026-01-01"), entry("newer", "k", "0551", changed_at="2026-02-01")],
    )
    item = city.find("land")
    assert [found.service_id for found in item.descriptions] == ["newer", "older", "land"]
    assert item.shown.service_id == "newer"
    assert item.situations == {"a"}
    assert [found.shown.service_id for found in city.items] == ["newer", "other"]
    assert city.find("nobody") is None


def test_a_region_without_anything_of_its_own_is_the_one_above():
    land = lay_upon(EMPTY, [entry("land", "k", "05")])
    assert lay_upon(land, []) is land


def test_under_the_umbrella_a_service_counts_once_and_names_its_regions():
    land = lay_upon(EMPTY, [entry("land", "k", "05")])
    shelves = {
        "a": lay_upon(land, [entry("in-a", "k", "a"), entry("only-a", "x", "a")]),
        "b": lay_upon(land, [entry("in-b", "k", "b")]),
    }
    both = put_together(shelves)
    assert [item.shown.service_id for item in both.items] == ["land", "only-a"]
    assert [item.bodies for item in both.items] == [("a", "b"), ("a",)]
    assert both.find("in-b") is both.items[0]


def test_audiences_are_those_of_any_description():
    land = lay_upon(EMPTY, [entry("land", "k", "05", audience="business")])
    city = lay_upon(land, [entry("city", "k", "a", audience="citizen")])
    assert len(city.pick(None, "business")) == len(city.pick(None, "citizen")) == 1
    assert city.pick(["nowhere"]) == []
