"""The project's own registry: nothing is wrong with it, and the region it is for is whole."""

from pathlib import Path

import pytest

from harvester.registry import read_registry

FOLDER = Path(__file__).parents[2] / "sources"
BODIES = {
    "055120000000": "bottrop",
    "055130000000": "gelsenkirchen",
    "055620000000": "kreis-recklinghausen",
    "055620004004": "castrop-rauxel",
    "055620008008": "datteln",
    "055620012012": "dorsten",
    "055620014014": "gladbeck",
    "055620016016": "haltern-am-see",
    "055620020020": "herten",
    "055620024024": "marl",
    "055620028028": "oer-erkenschwick",
    "055620032032": "recklinghausen",
    "055620036036": "waltrop",
}


@pytest.fixture(scope="module")
def registry():
    return read_registry(FOLDER)


def test_nothing_is_wrong_with_any_file(registry):
    assert registry.problems == []
    assert len(registry.sources) == len(list(FOLDER.rglob("*.yml")))


@pytest.mark.parametrize(("ars", "name"), BODIES.items())
def test_each_body_of_the_region_is_asked_through_pvog_and_has_an_entry_for_its_own_site(registry, ars, name):
    pvog, site = registry.sources[f"pvog-nw-{name}"], registry.sources[f"website-nw-{name}"]
    assert {pvog.region, site.region} == {ars}
    assert pvog.enabled
    assert pvog.options.details
    assert pvog.options.organisations
    assert pvog.options.online_services


def test_a_site_that_is_on_names_its_product_and_one_that_is_off_says_why_in_both_languages(registry):
    for name, source in registry.sources.items():
        if source.interface != "website":
            continue
        (file,) = FOLDER.rglob(f"{name}.yml")
        comment = [line for line in file.read_text("utf-8").splitlines() if line.startswith("#")]
        if source.enabled:
            assert source.options.product != "generic", name
        else:
            assert [line.split(":")[0] for line in comment if ":" in line] == ["# Abgeschaltet", "# Off"], name


def test_bund_land_and_berlin_are_there(registry):
    spoken = {(source.level, source.interface) for source in registry.sources.values()}
    assert {("bund", "pvog"), ("bund", "fim"), ("bund", "openpvog"), ("land", "pvog"), ("land", "linklist")} <= spoken
    assert registry.sources["dldb-berlin"].region == "110000000000"
