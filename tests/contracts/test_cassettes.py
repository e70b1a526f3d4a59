"""Every interface has a recorded exchange, which gives the same harvest with no server at all."""

import pytest
import vcr

from harvester.codelists.refresh import check_list
from harvester.workspace import Workspace
from tests.codelists.test_codelists import FILE as CODES
from tests.contracts.harvest import collect, read
from tests.contracts.record import FOLDER, HOME, source_at
from tests.contracts.sites import SITES
from tests.website.town import serve


@pytest.mark.parametrize("name", SITES)
def test_a_recorded_harvest_is_played_back_without_a_network(tmp_path, name):
    source = source_at(name, HOME, tmp_path / "source")
    with vcr.use_cassette(str(FOLDER / f"{name}.yaml"), record_mode="none", allow_playback_repeats=False) as played:
        titles, told = read(source, collect(source, tmp_path / "bare"))
    assert len(titles) == SITES[name].services
    assert {severity for severity, _ in told} <= {"info"}
    assert played.all_played


@pytest.mark.parametrize("name", SITES)
def test_what_is_played_back_is_what_a_server_says(tmp_path, name):
    source = source_at(name, HOME, tmp_path / "source")
    with vcr.use_cassette(str(FOLDER / f"{name}.yaml"), record_mode="none"):
        played = read(source, collect(source, tmp_path / "played"))
    with serve(tmp_path) as town:
        SITES[name].lay(town)
        live = source_at(name, town.home, tmp_path / "live")
        assert read(live, collect(live, tmp_path / "asked")) == played


def test_a_code_list_is_held_against_its_recorded_version(tmp_path):
    (tmp_path / "harvester.toml").write_text("[politeness]\ninterval = 0\n", "utf-8")
    (tmp_path / "pvlagen.csv").write_text(CODES, "utf-8")
    with vcr.use_cassette(str(FOLDER / "codelist.yaml"), record_mode="none") as played:
        found = check_list(Workspace(tmp_path), "pvlagen", repository=HOME, file=tmp_path / "pvlagen.csv")
    assert (found.version, found.added, found.removed) == ("5", (("1010300", "Danach"),), (("1020000", "Alt"),))
    assert played.all_played


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_cassette_tells_nothing_of_where_it_was_made(file):
    text = file.read_text("utf-8")
    assert "127.0.0.1" not in text
    assert "localhost" not in text
    assert "tmp" not in text
    assert HOME in text
