"""The JSON Schema and the lint agree: what the schema refuses, the lint refuses, so what the lint takes passes both."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harvester.registry import INTERFACES, Source, read_source
from harvester.registry.schema import source_schema

ROOT = Path(__file__).parents[2]
FILES = sorted(
    file for place in ("sources", "examples/emscher-lippe/sources") for file in (ROOT / place).rglob("*.yml")
)
SCHEMA = Draft202012Validator(source_schema())
EVERY_VARIABLE = {"DEMO_CLIENT_ID": "x", "DEMO_CLIENT_SECRET": "y", "NAME": "de"}

GOOD = {
    "id": "a-1",
    "title": "Titel",
    "level": "kommune",
    "region": "055130000000",
    "interface": "pvog",
    "endpoint": "https://example.org/",
    "options": {"details": True, "client_id": "${NAME}", "language": "de"},
    "publisher": {"name": "Stadt", "homepage": "https://example.org/", "contact": "amt@example.org"},
    "licence": {"name": "CC0-1.0", "url": "https://example.org/", "attribution": "Stadt"},
    "schedule": "0 3 * * *",
    "politeness": {"requests_per_second": 2, "concurrency": 1},
    "expectations": {"services": {"min": 1, "max": 5}, "max_drop": 0.2, "fields": {"fees": 0.5}, "grace": 1},
    "enabled": True,
}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 60),
    st.floats(-1, 60),
    st.sampled_from(
        [
            "",
            "x",
            "5",
            "true",
            "land",
            "a-2",
            "pvog",
            "dldb",
            "xzufi",
            "index",
            "055130000000",
            "https://example.org/",
            "${NAME}",
            "* * * * *",
        ]
    ),
    st.lists(st.integers(), max_size=1),
    st.dictionaries(
        st.sampled_from(["name", "min", "fees", "details", "token_url"]), st.sampled_from(["x", 1, True]), max_size=2
    ),
)
PLACES = [
    *((name,) for name in GOOD),
    *((name, below) for name, value in GOOD.items() if isinstance(value, dict) for below in value),
    ("expectations", "services", "min"),
    ("expectations", "services", "max"),
    ("expectations", "fields", "fees"),
    ("options", "regions_within"),
    ("options", "client_secret"),
    ("options", "nope"),
    ("nope",),
]
CHANGES = st.lists(st.tuples(st.sampled_from(PLACES), st.one_of(VALUES, st.just(...))), min_size=1, max_size=3)


def changed(changes):
    """The good source with values replaced, or taken out."""
    data = yaml.safe_load(yaml.safe_dump(GOOD))
    for place, value in changes:
        within = data
        for step in place[:-1]:
            within = within.get(step) if isinstance(within, dict) else None
        if isinstance(within, dict):
            within.pop(place[-1], None)
            if value is not ...:
                within[place[-1]] = value
    return data


def lint(data, folder):
    file = folder / f"{data.get('id')}.yml".replace("/", "_")
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    try:
        return read_source(file, EVERY_VARIABLE)
    finally:
        file.unlink()


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(source_schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_source_of_the_project_passes_both(file):
    assert isinstance(read_source(file, EVERY_VARIABLE), Source)
    assert [error.message for error in SCHEMA.iter_errors(yaml.safe_load(file.read_text(encoding="utf-8")))] == []


def test_the_good_source_passes_both(tmp_path):
    assert SCHEMA.is_valid(GOOD)
    assert isinstance(lint(GOOD, tmp_path), Source)


@given(CHANGES)
def test_what_the_schema_refuses_the_lint_refuses(tmp_path_factory, changes):
    data = changed(changes)
    found = lint(data, tmp_path_factory.getbasetemp())
    if isinstance(found, Source):
        assert [error.message for error in SCHEMA.iter_errors(data)] == []


@pytest.mark.parametrize(
    "change",
    [
        (("nope",), 1),
        (("options", "nope"), 1),
        (("options", "client_id"), "s3cret"),
        (("options",), None),
        (("region",), 55130000000),
        (("region",), "05513"),
        (("interface",), "nope"),
        (("interface",), "dldb"),  # details is no option of it
        (("endpoint",), "ftp://example.org"),
        (("enabled",), "true"),
        (("expectations", "fields"), {"nope": 0.5}),
        (("expectations", "services", "min"), -1),
        (("title",), ...),
    ],
)
def test_what_the_schema_can_say_it_says(tmp_path, change):
    """So that an editor shows it while one types."""
    data = changed([change])
    assert not SCHEMA.is_valid(data)
    assert isinstance(lint(data, tmp_path), list)


def test_a_variable_may_stand_for_a_text_but_not_for_a_truth_value():
    assert SCHEMA.is_valid(changed([(("options", "language"), "${NAME}")]))
    assert not SCHEMA.is_valid(changed([(("options", "details"), "${NAME}")]))


@pytest.mark.parametrize("name", sorted(n for n, i in INTERFACES.items() if i.spider.startswith("spiders.")))
def test_every_field_is_described_for_editors(name):
    schema = source_schema()
    options = schema["$defs"][INTERFACES[name].options.__name__]
    for model in (schema, options, schema["$defs"]["Expectations"]):
        for field, about in model["properties"].items():
            assert about.get("description"), field
