"""What counts as a loss between two builds."""

import shutil

import pytest

from harvester.catalogue.gate import compare_builds
from harvester.catalogue.publish import NotPublishableError
from tests.build import GELSENKIRCHEN, Bench, document, service, source

CITY, LAND = source("stadt"), source("nrw", level="land", region="050000000000")


def services(count: int, start: int = 0):
    return [
        service(
            str(n),
            f"Leistung {n}",
            keys=[f"990010010{n:02}000"],
            regions=[GELSENKIRCHEN],
            links=[f"https://x.example/{n}"],
        )
        for n in range(start, start + count)
    ]


@pytest.fixture
def losses(bench: Bench):
    """Losses between a build and the next one; each step is a list of sources with all they have."""

    def losses(before, after, **more):
        for step in (before, after):
            if bench.catalogue.exists():
                shutil.copyfile(bench.catalogue, bench.root / "old.db")
            for of, records in step:
                bench.run(of, document(f"https://{of.id}.example", *records))
            bench.build()
        return compare_builds(bench.catalogue, bench.root / "old.db", max_drop=0.3, **more)

    return losses


def test_everything_is_there(losses):
    assert (
        losses([(CITY, services(20)), (LAND, services(20, 30))], [(CITY, services(20)), (LAND, services(25, 30))]) == []
    )


def test_a_loss_is_told_for_source_level_and_addresses(losses):
    assert losses([(CITY, services(20)), (LAND, services(20, 30))], [(CITY, services(5))]) == [
        "source stadt: 5 services instead of 20",
        "level kommune: 5 services instead of 20",
        "addresses: 25 instead of 40",
    ]


@pytest.mark.parametrize(("before", "after"), [(20, 14), (9, 1), (100, 70)])
def test_small_losses_pass(losses, before, after):
    assert losses([(CITY, services(before)), (LAND, services(1, 0))], [(CITY, services(after))]) == []


def test_an_approved_loss_passes_and_another_does_not(losses):
    found = losses(
        [(CITY, services(20)), (LAND, services(20, 30))],
        [(CITY, services(5)), (LAND, services(5, 30))],
        excused=["stadt"],
    )
    assert found == ["source nrw: 5 services instead of 20", "level land: 5 services instead of 20"]


def test_services_of_two_sources_that_grow_together_are_not_lost(losses):
    """What the Land said alone is told by the city now, with the Land's statements below."""
    assert losses([(LAND, services(20))], [(CITY, services(20))]) == []


def test_an_empty_catalogue_is_a_loss_however_small_it_was(losses, bench: Bench):
    losses([(CITY, services(2))], [])
    bench.run(CITY, document("https://stadt.example"))
    empty = source("stadt", services={"min": 0})
    bench.run(empty, document("https://stadt.example"))
    bench.state.conn.execute("UPDATE record SET status = 'withdrawn'")
    bench.state.conn.execute("UPDATE source SET revision = revision + 1")
    with pytest.raises(NotPublishableError, match="the whole catalogue: 0 services instead of 2"):
        bench.build()
