"""harvester.toml: everything is optional, and a mistake is told with file, line and key."""

import pytest

from harvester.data import data_file
from harvester.errors import ConfigurationError, Exit, HarvesterError
from harvester.workspace import Settings, Workspace


def problems(root, text):
    (root / "harvester.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError) as error:
        _ = Workspace(root).settings
    assert error.value.exit is Exit.WRONG_USE
    prefix = f"{root / 'harvester.toml'}:"
    assert all(problem.startswith(prefix) for problem in error.value.problems)
    return [problem.removeprefix(prefix) for problem in error.value.problems]


@pytest.mark.parametrize("text", [None, "", "[fetch]\n"])
def test_without_settings_the_defaults_hold(tmp_path, text):
    if text is not None:
        (tmp_path / "harvester.toml").write_text(text)
    assert Workspace(tmp_path).settings == Settings()


def test_what_is_set_holds(tmp_path):
    (tmp_path / "harvester.toml").write_text('[fetch]\nallow_addresses = ["127.0.0.0/8"]\n[catalogue]\nkeep = 3\n')
    settings = Workspace(tmp_path).settings
    assert settings.catalogue.keep == 3
    assert [str(network) for network in settings.fetch.allow_addresses] == ["127.0.0.0/8"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[fetch]\n\ntimeout = 0\n", "3: fetch.timeout: Input should be greater than 0"),
        ("[fetch]\nnope = 1\n", "2: fetch.nope: unknown setting"),
        ("# x\n[nope]\ntimeout = 1\n", "2: nope: unknown setting"),
        ("[politeness]\ninterval = 1\n[fetch]\ninterval = 1\n", "4: fetch.interval: unknown setting"),
        ("fetch = 3\n", "1: fetch: Input should be a valid dictionary"),
        ("[catalogue]\nkeep = 0\n", "2: catalogue.keep: Input should be greater than or equal to 1"),
        ("\ncatalogue.keep = 'x'\n", "2: catalogue.keep: Input should be a valid integer"),
        (
            "[fetch]\ncontact = 'https://link.example.org'\n",
            "2: fetch.contact: the contact address stands in the user agent",
        ),
        ("[fetch]\nallow_addresses = ['x']\n", "2: fetch.allow_addresses.0: Input is not a valid IPv4 network"),
        ("[fetch]\ntimeout =\n", "2: not readable as TOML: Invalid value"),
        ("[fetch]\ncontact = 'x", "2: not readable as TOML"),
        ("[fetch]\n[fetch]\n", "2: not readable as TOML"),
        (b"[fetch]\ncontact = '\xfc'\n", "2: the file must be UTF-8"),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path, text, told):
    assert problems(tmp_path, text)[0].startswith(told)


def test_all_mistakes_are_told_at_once(tmp_path):
    assert len(problems(tmp_path, "[fetch]\ntimeout = 0\nretries = 99\n")) == 2


def test_everything_a_harvest_makes_is_in_the_workspace(tmp_path):
    workspace = Workspace(tmp_path)
    places = (
        workspace.sources,
        workspace.state_file,
        workspace.catalogue_file,
        workspace.builds,
        workspace.snapshots,
        workspace.runs,
    )
    assert {place.parent for place in places} == {tmp_path}
    assert len(set(places)) == len(places)


def test_the_projects_data_is_found():
    assert data_file("regions.csv").is_file()


def test_a_missing_data_file_is_a_broken_installation():
    with pytest.raises(HarvesterError, match="install the harvester again"):
        data_file("nope.csv")
