"""Each folder under tests/cases/pvog and tests/cases/dldb: what goes in, and what has to come out."""

import json
from pathlib import Path

import pytest

from harvester.model import Found
from harvester.registry.options import DldbOptions, PvogOptions
from normalizers import dldb, pvog
from tests.normalizers.reading import (
    as_data,
    case_folders,
    context,
    document,
    expected,
    resolve,
    unexplained,
    whole_locator,
)

NORMALIZERS = {"pvog": (pvog.normalize, PvogOptions()), "dldb": (dldb.normalize, DldbOptions())}
ROLES = {("pvog", ".csv"): "csv", ("pvog", ".json"): "detail", ("dldb", ".json"): "services"}
FOLDERS = [*case_folders("pvog"), *case_folders("dldb")]


def read(folder: Path):
    source = next(folder.glob("input.*"))
    interface = folder.parent.name
    normalize, options = NORMALIZERS[interface]
    doc = document(source.read_bytes(), ROLES[interface, source.suffix])
    return list(normalize(doc, context(options, "059990000000")))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_case_reads_as_expected(folder):
    assert as_data(read(folder)) == expected(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_reading_twice_gives_the_same(folder):
    assert read(folder) == read(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_value_has_an_origin_and_every_origin_a_value(folder):
    assert [unexplained(it) for it in read(folder) if isinstance(it, Found) and unexplained(it)] == []


@pytest.mark.parametrize(
    "folder", [path for path in FOLDERS if (path / "input.json").exists()], ids=lambda path: path.name
)
def test_origins_in_json_are_pointers_to_something(folder):
    data = json.loads((folder / "input.json").read_text("utf-8"))
    for found in read(folder):
        if isinstance(found, Found):
            for origin in found.record.provenance.values():
                assert resolve(data, whole_locator(found, origin.locator)) not in (None, "")
