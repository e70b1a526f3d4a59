from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.catalogue.regions import read_regions
from tests.build import GELSENKIRCHEN, HERTEN, NRW, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.state.close()


@pytest.fixture(autouse=True)
def few_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The regions the tests speak of, for the table of all of them takes half a second a build."""
    everything = read_regions()
    few = {ars: everything[ars] for ars in ("000000000000", NRW, GELSENKIRCHEN, "055620000000", HERTEN)}
    monkeypatch.setattr("harvester.catalogue.build.read_regions", lambda: few)
