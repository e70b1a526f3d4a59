"""The ingest benchmark measures what it says and refuses figures that would mean nothing."""

import json
import sys

import httpx
import pytest

from benchmarks.__main__ import main
from benchmarks.file_server import serving
from benchmarks.floor import count_records
from benchmarks.ingest import BenchmarkError, run_ingest
from benchmarks.xzufi_stream import MESSAGE, XzufiStream

# Stands in for the harvester: fetches the source as its YAML says and writes that many services.
FAKE = """
import pathlib, re, sqlite3, sys, urllib.request
workspace = pathlib.Path(sys.argv[2])
endpoint = re.search("endpoint: (.*)", (workspace / "sources/land/nw/benchmark.yml").read_text()).group(1)
get = lambda name: urllib.request.urlopen(endpoint + name).read()
message = get(get("index.txt").decode().strip())
db = sqlite3.connect(workspace / "catalogue.db")
db.execute("DROP TABLE IF EXISTS service")
db.execute("CREATE TABLE service (id)")
db.executemany("INSERT INTO service VALUES (?)", [(n,) for n in range(message.count(b"<xzufi:leistung>") - LOST)])
db.commit()
sys.exit(CODE)
"""


def fake(lost=0, code=0):
    return [sys.executable, "-c", FAKE.replace("LOST", str(lost)).replace("CODE", str(code))]


def test_the_floor_counts_every_record(tmp_path):
    XzufiStream(250).write(tmp_path)
    assert count_records(tmp_path / MESSAGE) == 250


def test_the_server_gives_a_length_and_no_validator(tmp_path):
    XzufiStream(3).write(tmp_path)
    with serving(tmp_path) as endpoint, httpx.Client(trust_env=False) as client:
        answer = client.get(endpoint + MESSAGE)
        assert answer.http_version == "HTTP/1.1"
        assert answer.content == (tmp_path / MESSAGE).read_bytes()
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert not {"etag", "last-modified"} & set(answer.headers)
        assert client.get(endpoint + "robots.txt").status_code == 404
        assert client.get(endpoint + "../test_ingest.py").status_code == 404


def test_figures_fit_together(tmp_path):
    figures = run_ingest(tmp_path / "b", 40, 1, fake())
    assert figures.services == figures.catalogue_services == 40
    assert figures.bytes == (tmp_path / "b" / "data" / MESSAGE).stat().st_size
    assert figures.cpu_ratio_to_lxml_floor == pytest.approx(figures.cpu_seconds / figures.floor_cpu_seconds, rel=0.05)
    assert figures.unchanged_ratio == pytest.approx(figures.unchanged_cpu_seconds / figures.cpu_seconds, rel=0.05)
    assert figures.peak_rss_mb > 1


def test_lost_services_void_the_figures(tmp_path):
    with pytest.raises(BenchmarkError, match="40 services and the catalogue 39"):
        run_ingest(tmp_path / "b", 40, 1, fake(lost=1))


def test_a_failed_harvest_voids_the_figures(tmp_path):
    with pytest.raises(BenchmarkError, match="ended with 4"):
        run_ingest(tmp_path / "b", 5, 1, fake(code=4))


def test_a_directory_with_something_in_it_is_refused(tmp_path, capsys):
    (tmp_path / "x").touch()
    with pytest.raises(SystemExit, match="2"):
        main(["ingest", "--services", "5", "--keep", str(tmp_path)])
    assert "not empty" in capsys.readouterr().err


@pytest.mark.slow
def test_the_harvester_finds_every_service(tmp_path, capsys):
    assert main(["ingest", "--services", "200", "--json", "--keep", str(tmp_path / "b")]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["catalogue_services"] == figures["services"] == 200
