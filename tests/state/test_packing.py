"""Records as they are kept, and what counts as their content."""

from datetime import datetime, timedelta, timezone

from harvester.model import Ars, Origin
from harvester.state import Packer
from tests.build import GELSENKIRCHEN, HERTEN, START, A, B, gone, service

HOME = Ars(GELSENKIRCHEN)
FULL = service(
    "1", "Führungszeugnis", keys=[B, A], texts={"fees": "13 Euro"}, links=["https://x.example"], synonyms=("FZ",)
)


def test_a_record_comes_back_as_it_was():
    packer = Packer()
    dated = FULL.model_copy(update={"modified_at": START})
    packed = packer.pack(dated, HOME)
    assert packer.unpack_service(packed.content, packed.modified_at) == dated


def test_places_and_dates_of_change_are_no_content():
    packer = Packer()
    moved = FULL.model_copy(update={"modified_at": START, "provenance": {"title": Origin(locator="name", rule="x")}})
    assert packer.pack(moved, HOME).hash == packer.pack(FULL, HOME).hash
    assert packer.unpack_provenance(packer.pack(moved, HOME).provenance) == moved.provenance


def test_anything_else_is_content():
    packer = Packer()
    others = [
        FULL.model_copy(update=change)
        for change in ({"title": "x"}, {"texts": ()}, {"links": ()}, {"page": "https://y"})
    ]
    assert len({packer.pack(record, HOME).hash for record in (FULL, *others)}) == 5


def test_keys_and_regions_are_sorted_and_stand_once():
    packed = Packer().pack(service("1", keys=[A, B, A], regions=[HERTEN, GELSENKIRCHEN, HERTEN]), HOME)
    assert (packed.keys, packed.scope) == (f"{A} {B}", f"{GELSENKIRCHEN} {HERTEN}")


def test_a_service_without_regions_is_at_home_where_its_source_is():
    assert Packer().pack(service("1"), HOME).scope == GELSENKIRCHEN


def test_times_are_kept_in_utc_so_that_they_compare_as_texts():
    berlin = datetime(2025, 6, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    for moment in (berlin, berlin.astimezone(START.tzinfo).replace(tzinfo=None)):
        packed = Packer().pack(FULL.model_copy(update={"modified_at": moment}), HOME)
        assert packed.modified_at == "2025-05-31T23:30:00+00:00"


def test_a_deletion_is_kept_under_the_opposite_of_its_kind():
    assert Packer().pack(gone("1", "organisation"), HOME).kind == "-organisation"
