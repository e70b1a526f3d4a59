"""The data dictionary and datasette's metadata say what the schema is; both are made from it."""

import importlib.util
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from harvester.catalogue import dictionary
from harvester.catalogue.dictionary import DictionaryError, read_dictionary
from tests.published import publish_two_days

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("dictionary_script", ROOT / "docs" / "dictionary.py")
SCRIPT = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(SCRIPT)
METADATA = json.loads((ROOT / "examples/readers/datasette.json").read_text(encoding="utf-8"))["databases"]["catalogue"]


def test_the_page_is_the_one_the_schema_gives():
    page = (ROOT / "docs/catalogue.md").read_text(encoding="utf-8")
    assert page == SCRIPT.markdown(), "run: python docs/dictionary.py"


def test_datasettes_metadata_is_the_one_the_schema_gives():
    text = (ROOT / "examples/readers/datasette.json").read_text(encoding="utf-8")
    assert json.loads(text) == SCRIPT.datasette(), "run: python docs/dictionary.py"


def test_every_value_that_the_schema_allows_is_explained():
    for table in read_dictionary():
        for column in table.columns:
            words = set(re.findall(r"\w+", column.about))
            assert set(column.values) <= words, f"{table.name}.{column.name}"


@pytest.mark.parametrize(
    "change", [{"nothing": {"about": "", "columns": {}}}, {"meta": {"about": "", "columns": {"key": ""}}}]
)
def test_a_table_or_column_without_a_meaning_is_an_error(monkeypatch, change):
    meanings = yaml.safe_load((ROOT / "harvester/catalogue/dictionary.yml").read_text(encoding="utf-8")) | change
    monkeypatch.setattr(dictionary.yaml, "safe_load", lambda _: meanings)
    with pytest.raises(DictionaryError, match="not in both"):
        read_dictionary()


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = publish_two_days(tmp_path_factory.mktemp("dictionary"))
    yield made
    made.state.close()


def test_a_published_catalogue_has_the_tables_and_columns_of_the_dictionary(bench):
    with closing(sqlite3.connect(bench.catalogue)) as db:
        for name, table in METADATA["tables"].items():
            assert [row[1] for row in db.execute(f"PRAGMA table_info({name})")] == list(table["columns"])


@pytest.mark.parametrize("query", METADATA["queries"].values(), ids=METADATA["queries"])
def test_datasettes_queries_run_with_the_parameters_they_name(bench, query):
    told = dict.fromkeys(query["params"], "x")
    assert isinstance(bench_ask(bench, query["sql"], told), list)
    assert query["title"]


def bench_ask(bench, sql, told):
    with closing(sqlite3.connect(f"file:{bench.catalogue}?mode=ro", uri=True)) as db:
        return db.execute(sql, told).fetchall()


def test_datasette_serves_the_catalogue_with_its_metadata(bench):
    pytest.importorskip("datasette", reason="datasette is not installed; it is optional")
    metadata = str(ROOT / "examples/readers/datasette.json")
    command = [sys.executable, "-m", "datasette", str(bench.catalogue), "--metadata", metadata, "--get"]
    for path, word in (
        ("/catalogue/service.json?_shape=array", "Wohnsitz anmelden"),
        ("/catalogue/ask_region.json?ars=055620020020", "Hund"),
    ):
        done = subprocess.run([*command, path], capture_output=True, encoding="utf-8", check=True)
        assert word in done.stdout
