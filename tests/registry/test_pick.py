"""Which sources a run takes: those named, else all enabled ones, narrowed by level and region."""

import pytest

from harvester.errors import UsageError
from harvester.model import BUND, Ars, Level
from harvester.registry import Registry, Source


def source(source_id, level, region, *, enabled=True):
    return Source(
        id=source_id,
        title=source_id,
        level=level,
        region=Ars(region),
        interface="dldb",
        endpoint="https://example.org/",
        publisher={"name": "x"},
        enabled=enabled,
    )


REGISTRY = Registry(
    sources={
        s.id: s
        for s in (
            source("bund", "bund", BUND),
            source("nw", "land", "050000000000"),
            source("kreis-re", "kreis", "055620000000"),
            source("recklinghausen", "kommune", "055620032032"),
            source("gelsenkirchen", "kommune", "055130000000"),
            source("asleep", "kommune", "055130000000", enabled=False),
        )
    },
    files={},
    unreadable=frozenset({"broken"}),
)


def picked(*ids, **narrow):
    return [s.id for s in REGISTRY.pick(ids, **narrow)]


def test_without_names_all_enabled_sources_are_taken():
    assert picked() == ["bund", "nw", "kreis-re", "recklinghausen", "gelsenkirchen"]


def test_named_sources_come_in_the_order_given_once_each_disabled_ones_too():
    assert picked("asleep", "bund", "asleep") == ["asleep", "bund"]


def test_a_level_narrows():
    assert picked(level=Level.KOMMUNE) == ["recklinghausen", "gelsenkirchen"]
    assert picked("bund", "nw", level=Level.LAND) == ["nw"]


def test_a_region_takes_in_the_regions_inside_it():
    assert picked(region=Ars("055620000000")) == ["kreis-re", "recklinghausen"]
    assert picked(region=Ars("050000000000")) == ["nw", "kreis-re", "recklinghausen", "gelsenkirchen"]
    assert picked(region=BUND) == picked()


def test_level_and_region_hold_together():
    assert picked(level=Level.KOMMUNE, region=Ars("055620000000")) == ["recklinghausen"]


def test_an_unknown_name_is_an_error_that_says_where_to_look():
    with pytest.raises(UsageError, match="no source nope; harvester sources list shows them all"):
        picked("bund", "nope")


def test_a_source_whose_file_is_broken_is_told_apart():
    with pytest.raises(UsageError, match="no source broken; its file has errors: harvester sources lint"):
        picked("broken")
