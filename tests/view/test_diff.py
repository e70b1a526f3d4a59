"""What differs between two builds."""

import json

import pytest

from harvester.catalogue.publish import build_id
from harvester.cli import main
from harvester.errors import UsageError
from harvester.view.diff import compare, find_build
from tests.build import HERTEN


def test_services_that_came_went_and_changed_with_texts_by_module(two_days):
    old = find_build(None, two_days.catalogue, two_days.builds)
    found = compare(old, two_days.catalogue)
    assert [(c.kind, c.title, c.module) for c in found.changes] == [
        ("removed", "Feuerwerk anzeigen", None),
        ("changed", "Wohnung anmelden", "fees"),
    ]
    assert [tuple(piece) for piece in found.changes[1].words] == [("gone", "5"), ("new", "6"), ("same", " Euro")]


def test_the_other_way_round_it_is_the_other_way_round(two_days):
    old = find_build(None, two_days.catalogue, two_days.builds)
    assert [c.kind for c in compare(two_days.catalogue, old).changes] == ["created", "changed"]


def test_a_region_sees_only_its_own(two_days):
    old = find_build(None, two_days.catalogue, two_days.builds)
    assert compare(old, two_days.catalogue, HERTEN).changes == ()
    assert len(compare(old, two_days.catalogue, "Gelsenkirchen").changes) == 2


def test_a_build_goes_by_its_id_or_its_file_and_an_unknown_one_is_told_those_that_are_kept(two_days):
    old = find_build(None, two_days.catalogue, two_days.builds)
    assert find_build(build_id(old), two_days.catalogue, two_days.builds) == old
    assert find_build(str(old), two_days.catalogue, two_days.builds) == old
    assert find_build(build_id(two_days.catalogue), two_days.catalogue, two_days.builds) == two_days.catalogue
    with pytest.raises(UsageError, match=build_id(old)):
        find_build("20200101T000000Z", two_days.catalogue, two_days.builds)
    with pytest.raises(UsageError, match="no earlier build is kept"):
        find_build(None, two_days.catalogue, two_days.root / "nowhere")
    with pytest.raises(UsageError, match="is no catalogue"):
        find_build(str(two_days.root / "state.db"), two_days.catalogue, two_days.builds)


def test_the_command_line_tells_differences_and_the_feed(two_days, capsys):
    workspace = ["-w", str(two_days.root)]
    assert main([*workspace, "diff"]) == 0
    assert "[-5-]{+6+} Euro" in capsys.readouterr().out
    assert main([*workspace, "diff", "--since", "2025-01-01", "--region", "Herten", "--json"]) == 0
    assert {event["kind"] for event in json.loads(capsys.readouterr().out)} == {"created"}
    assert main([*workspace, "diff", "--since", "never"]) == 2
    assert main([*workspace, "diff", "a", "b", "--since", "1"]) == 2
