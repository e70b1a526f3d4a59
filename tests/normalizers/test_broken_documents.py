"""Laws for documents that arrive broken: they are refused or read, and nothing else ever happens."""

import json
import random
from typing import Any

import pytest

from harvester.model import Found
from harvester.registry.options import DldbOptions, PvogOptions
from normalizers import dldb, pvog
from tests.normalizers.reading import CASES, context, document, outcome, unexplained

SAMPLES = {
    "csv": (pvog.normalize, PvogOptions(), CASES / "pvog" / "table" / "input.csv"),
    "index": (pvog.normalize, PvogOptions(), CASES / "pvog" / "table-oddities" / "input.csv"),
    "detail": (pvog.normalize, PvogOptions(), CASES / "pvog" / "detail" / "input.json"),
    "services": (dldb.normalize, DldbOptions(), CASES / "dldb" / "berlin" / "input.json"),
}
VALUES: list[Any] = [
    None,
    True,
    0,
    -1.5,
    "",
    "x",
    "<p>",
    "\ud800",
    "\x00",
    "99102013104000",
    [],
    [[]],
    [None],
    {},
    {"id": {}},
]


@pytest.mark.parametrize("role", SAMPLES)
def test_every_beginning_of_a_document_is_refused_or_read(role):
    normalize, options, path = SAMPLES[role]
    body = path.read_bytes()
    for end in range(0, len(body), max(1, len(body) // 400)):
        outcome(normalize, document(body[:end], role), context(options))


@pytest.mark.parametrize("role", ["detail", "services"])
def test_half_a_json_document_is_refused_wherever_it_ends(role):
    normalize, options, path = SAMPLES[role]
    body = path.read_bytes().rstrip()
    for end in range(0, len(body), max(1, len(body) // 200)):
        assert outcome(normalize, document(body[:end], role), context(options)) is None


def test_half_a_table_is_refused_unless_it_ends_with_a_row():
    body = SAMPLES["csv"][2].read_bytes()
    for end in range(len(body)):
        whole = body[:end].endswith(b"\n")
        assert (outcome(pvog.normalize, document(body[:end], "csv"), context(PvogOptions())) is not None) is whole


@pytest.mark.parametrize("role", SAMPLES)
@pytest.mark.parametrize("seed", range(150))
def test_a_document_with_damaged_bytes_is_refused_or_read(role, seed):
    normalize, options, path = SAMPLES[role]
    chance = random.Random(f"{role}{seed}")
    body = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(body))
        body[at : at + chance.choice([0, 1, 1, 1, 9])] = chance.choice(
            [b"", b'"', b"|", b"\n", b"\xff", b"{", b"]", b"null", b"0"]
        )
    outcome(normalize, document(bytes(body), role), context(options))


@pytest.mark.parametrize("role", ["detail", "services"])
@pytest.mark.parametrize("seed", range(250))
def test_json_with_values_of_other_types_is_read_and_explained(role, seed):
    normalize, options, path = SAMPLES[role]
    chance = random.Random(f"{role}{seed}")
    data = json.loads(path.read_text("utf-8"))
    for _ in range(chance.randint(1, 6)):
        damage(data, chance)
    doc = document(json.dumps(data), role)
    readings = outcome(normalize, doc, context(options)) or []
    assert outcome(normalize, doc, context(options)) in (readings, None)
    assert [unexplained(it) for it in readings if isinstance(it, Found) and unexplained(it)] == []
    for found in readings:
        if isinstance(found, Found):
            found.record.model_dump_json()


def damage(data: Any, chance: random.Random) -> None:
    """Replace, remove or wrap one value somewhere inside."""
    places = [(data, key) for key in data]
    for parent, key in places:
        value = parent[key]
        if isinstance(value, dict):
            places += [(value, inner) for inner in value]
        elif isinstance(value, list):
            places += [(value, index) for index in range(len(value))]
    parent, key = chance.choice(places)
    match chance.randrange(4):
        case 0:
            parent[key] = chance.choice(VALUES)
        case 1:
            parent[key] = [parent[key]]
        case 2:
            parent[key] = {"id": parent[key], "neu/alt~": 1}
        case _:
            del parent[key]
