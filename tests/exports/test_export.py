"""Exports: the same catalogue gives the same bytes, nothing is ever half-written, and errors say what to do."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from hypothesis import given
from lxml import etree

from harvester.cli import main
from harvester.errors import UsageError
from harvester.exports import FORMATS, Export, ExportError, run_export
from harvester.exports.atom import _latest
from harvester.exports.csv_files import FILES
from harvester.exports.document import ServiceDocument
from harvester.exports.json_files import line
from harvester.view.changes import events_since
from harvester.view.open import open_catalogue
from harvester.view.place import UnknownRegionError
from harvester.view.service import WithdrawnServiceError
from tests.build import GELSENKIRCHEN, HERTEN
from tests.exports.documents import documents

PAGE = "https://portal.example/leistung/{slug}"


def export(bench, out, wanted, **more):
    return run_export(bench.catalogue, Export(wanted, out, page=PAGE, **more))


def content(path):
    """Every byte of an export, by file."""
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return {str(file.relative_to(path)): file.read_bytes() for file in files}


def ndjson(path):
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]


@given(documents())
def test_json_to_model_to_json_is_the_identity(document):
    assert line(ServiceDocument.model_validate_json(line(document))) == line(document)


@pytest.mark.parametrize("wanted", FORMATS)
def test_the_same_catalogue_gives_the_same_bytes(two_days, tmp_path, wanted):
    (tmp_path / "elsewhere").mkdir()
    first = export(two_days, tmp_path / "one", wanted)
    second = export(two_days, tmp_path / "elsewhere" / "two", wanted)
    assert content(tmp_path / "one") == content(tmp_path / "elsewhere" / "two")
    assert first.items == second.items > 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_is_read_back_from_a_file_is_what_the_catalogue_says(two_days, tmp_path):
    export(two_days, tmp_path / "all.ndjson", "ndjson")
    lines = (tmp_path / "all.ndjson").read_text(encoding="utf-8").splitlines(keepends=True)
    read = [ServiceDocument.model_validate_json(row) for row in lines]
    assert [line(document) for document in read] == lines
    assert [(s.id, s.title) for s in read] == two_days.ask("SELECT id, title FROM service ORDER BY id")
    moving = next(s for s in read if s.title == "Wohnsitz anmelden")
    assert next((text.module, text.text) for text in moving.texts) == ("description", "Wer umzieht, meldet sich an.")
    assert moving.links[0].online_service.title == "Anmeldung online"
    assert moving.competences[0].organisation.name == "Bundesamt"
    assert "Wohnen und Umzug" in {situation.name for situation in moving.situations}


def test_a_region_means_what_holds_there(two_days, tmp_path):
    export(two_days, tmp_path / "herten", "ndjson", region="Herten")
    assert {s["title"] for s in ndjson(tmp_path / "herten")} == {
        "Wohnsitz anmelden",
        "Bauantrag stellen",
        "Hund anmelden",
    }


def test_since_means_what_changed_after_that_event(two_days, tmp_path):
    (last,) = two_days.ask("SELECT max(seq) FROM event")[0]
    export(two_days, tmp_path / "new", "ndjson", since=str(last - 2))
    assert [s["title"] for s in ndjson(tmp_path / "new")] == ["Wohnung anmelden"]
    export(two_days, tmp_path / "changes", "changes", since=str(last - 2), region=GELSENKIRCHEN)
    assert [(e["seq"], e["kind"], e["field"]) for e in ndjson(tmp_path / "changes")] == [
        (last - 1, "removed", ""),
        (last, "changed", "texts/fees/de"),
    ]


def test_json_has_a_file_per_service_and_per_region(two_days, tmp_path):
    export(two_days, tmp_path / "json", "json")
    found = content(tmp_path / "json")
    for (sid,) in two_days.ask("SELECT id FROM service"):
        assert json.loads(found[f"services/{sid[1:3]}/{sid}.json"])["id"] == sid
    herten = json.loads(found[f"regions/{HERTEN}.json"])
    assert {s["title"] for s in herten["services"]} == {"Wohnsitz anmelden", "Bauantrag stellen", "Hund anmelden"}
    assert json.loads(found["export.json"])["services"] == 5


def test_csv_has_fixed_names_and_columns(two_days, tmp_path):
    export(two_days, tmp_path / "csv", "csv")
    assert set(content(tmp_path / "csv")) == {*FILES, "export.json"}
    with (tmp_path / "csv" / "services.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:7] == ["id", "slug", "leika_key", "title", "official_title", "summary", "level"]
    assert next(row["summary"] for row in rows if row["title"] == "Hund anmelden") == "Für „Hunde“ & Co."


def test_schema_org_says_what_a_search_engine_needs(two_days, tmp_path):
    export(two_days, tmp_path / "one.json", "schemaorg", service=_id(two_days, "Hund anmelden"))
    (service,) = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))["@graph"]
    assert service["@type"] == "GovernmentService"
    assert service["url"].startswith("https://portal.example/leistung/hund-anmelden-")
    assert service["areaServed"][0]["name"] == "Herten"
    assert service["serviceOperator"][0]["telephone"] == "02366 3030"


def test_atom_feeds_are_well_formed_and_tell_the_newest_first(two_days, tmp_path):
    export(two_days, tmp_path / "atom", "atom")
    names = set(content(tmp_path / "atom"))
    assert {f"region-{GELSENKIRCHEN}.atom", f"region-{HERTEN}.atom", "situation-pvlagen-1050200.atom"} <= names
    feed = etree.parse(tmp_path / "atom" / f"region-{GELSENKIRCHEN}.atom").getroot()
    space = {"a": "http://www.w3.org/2005/Atom"}
    titles = feed.xpath("a:entry/a:title/text()", namespaces=space)
    assert titles[:2] == ["Geändert: Wohnung anmelden (fees)", "Entfallen: Feuerwerk anzeigen"]
    ids = feed.xpath("a:entry/a:id/text()", namespaces=space)
    assert len(set(ids)) == len(ids)
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"a:{name}", space) is not None


def test_the_feeds_of_many_regions_say_what_each_would_be_told_alone(two_days, monkeypatch):
    monkeypatch.setattr("harvester.exports.atom._NEWEST", 3)
    with open_catalogue(two_days.catalogue) as db:
        regions = [row[0] for row in db.execute("SELECT ars FROM region")]
        told = _latest(db, 0, regions)
        assert told == {ars: list(events_since(db, 0, ars=ars, newest=3)) for ars in regions}
        assert any(told.values())


def test_a_sitemap_names_every_page_and_needs_to_know_the_portal(two_days, tmp_path):
    export(two_days, tmp_path / "map", "sitemap")
    index = etree.parse(tmp_path / "map" / "sitemap.xml")
    assert index.xpath("//*[local-name()='loc']/text()") == ["https://portal.example/sitemap-1.xml"]
    pages = etree.parse(tmp_path / "map" / "sitemap-1.xml").xpath("//*[local-name()='loc']/text()")
    assert set(pages) == {PAGE.format(slug=row[0]) for row in two_days.ask("SELECT slug FROM service")}
    with pytest.raises(UsageError, match="--page"):
        run_export(two_days.catalogue, Export("sitemap", tmp_path / "other"))
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    "page", ["portal.example/{slug}", "https://portal.example/", "https://x.example/{name}", "ftp://x/{id}"]
)
def test_an_address_of_a_portal_that_is_none_is_refused(two_days, tmp_path, page):
    with pytest.raises(UsageError, match="--page"):
        run_export(two_days.catalogue, Export("turtle", tmp_path / "out", page=page))


def _id(bench, title):
    return bench.ask("SELECT id FROM service WHERE title = ?", title)[0][0]


def test_an_unknown_region_a_withdrawn_service_and_an_unknown_format_are_errors_that_write_nothing(two_days, tmp_path):
    (gone,) = two_days.ask("SELECT entity_id FROM event WHERE kind = 'removed'")[0]
    for error, wrong in (
        (UnknownRegionError, {"wanted": "ndjson", "region": "Entenhausen"}),
        (WithdrawnServiceError, {"wanted": "schemaorg", "service": gone}),
        (UsageError, {"wanted": "pdf"}),
        (UsageError, {"wanted": "changes", "since": "999"}),
    ):
        with pytest.raises(error):
            export(two_days, tmp_path / "out", **wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wanted", ["ndjson", "csv"])
def test_what_is_there_is_only_replaced_with_force(two_days, tmp_path, wanted):
    export(two_days, tmp_path / "out", wanted)
    before = content(tmp_path / "out")
    with pytest.raises(UsageError, match="--force"):
        export(two_days, tmp_path / "out", wanted, region=HERTEN)
    assert content(tmp_path / "out") == before
    export(two_days, tmp_path / "out", wanted, region=HERTEN, force=True)
    assert content(tmp_path / "out") != before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_force_never_replaces_a_directory_that_is_no_export(two_days, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear", encoding="utf-8")
    for wanted in ("csv", "ndjson"):
        with pytest.raises(UsageError):
            export(two_days, tmp_path / "home", wanted, force=True)
    assert content(tmp_path / "home") == {"letter.txt": b"dear"}


def test_a_missing_folder_and_a_missing_catalogue_are_clear_errors(two_days, tmp_path):
    with pytest.raises(UsageError, match="make it first"):
        export(two_days, tmp_path / "no" / "out", "ndjson")
    with pytest.raises(UsageError, match="nothing was published yet"):
        run_export(tmp_path / "catalogue.db", Export("ndjson", tmp_path / "out"))


def test_a_catalogue_of_an_earlier_version_says_how_it_is_brought_up_to_date(two_days, tmp_path):
    old = tmp_path / "catalogue.db"
    shutil.copyfile(two_days.catalogue, old)
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("DROP VIEW service_text")
        db.execute("CREATE TABLE service_text (service_id, language, module, html, text)")
    with pytest.raises(UsageError, match="harvester catalogue build"):
        run_export(old, Export("ndjson", tmp_path / "out"))


_FULL = """
import resource, sys
from contextlib import closing
from pathlib import Path
from harvester.exports import Export, ExportError, run_export
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    run_export(Path(sys.argv[1]), Export(sys.argv[2], Path(sys.argv[3]), force=True))
except ExportError as error:
    print(error)
    raise SystemExit(int(error.exit))
"""


@pytest.mark.parametrize("wanted", ["ndjson", "csv", "json"])
def test_a_full_disk_leaves_the_earlier_export_and_nothing_half_written(two_days, tmp_path, wanted):
    export(two_days, tmp_path / "out", wanted, region=HERTEN)
    before = content(tmp_path / "out")
    command = [sys.executable, "-c", _FULL, str(two_days.catalogue), wanted, str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "the disk is full" in done.stdout
    assert content(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


_KILLED = """
import os, signal, sys
from pathlib import Path
from harvester.exports.write import MANIFEST, new_directory, new_file
target, kind = Path(sys.argv[1]), sys.argv[2]
with (new_file if kind == "ndjson" else new_directory)(target, force=True) as half:
    if kind != "ndjson":
        (half / MANIFEST).touch()
        os.replace(target, half.with_suffix(".old"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("wanted", ["ndjson", "csv"])
def test_what_a_killed_export_left_is_removed_by_the_next_one_to_the_same_place(two_days, tmp_path, wanted):
    export(two_days, tmp_path / "out", wanted)
    before = content(tmp_path / "out")
    command = [sys.executable, "-c", _KILLED, str(tmp_path / "out"), wanted]
    assert subprocess.run(command, check=False).returncode == -9
    assert len(list(tmp_path.glob(".out.*"))) == (1 if wanted == "ndjson" else 2)
    with pytest.raises(UsageError, match="exists"):
        export(two_days, tmp_path / "out", wanted)
    assert content(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_another_export_is_writing_stays(two_days, tmp_path):
    (tmp_path / f".out.{os.getppid()}.half").touch()
    (tmp_path / ".out.half").touch()
    (tmp_path / f".out2.{os.getpid()}.half").touch()
    export(two_days, tmp_path / "out", "ndjson")
    assert len(list(tmp_path.iterdir())) == 4


def test_a_reader_that_fails_on_the_way_leaves_nothing(two_days, tmp_path, monkeypatch):
    def break_off(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("harvester.exports.export.write_csv", break_off)
    with pytest.raises(ExportError, match="make room"):
        export(two_days, tmp_path / "out", "csv")
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_exports_and_shows_regions(two_days, tmp_path, capsys):
    workspace = ["-w", str(two_days.root)]
    assert main([*workspace, "catalogue", "export", "--format", "ndjson", "--out", str(tmp_path / "a"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"] == 5
    assert main([*workspace, "catalogue", "export", "--format", "ndjson", "--out", str(tmp_path / "a")]) == 2
    assert "--force" in capsys.readouterr().err
    assert main([*workspace, "region", "Herten", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["services"]) == 3
    assert main([*workspace, "region", "05562", "Gelsenkirchen", "--within"]) == 0
    assert "5 services, 2 of them with a usable link" in capsys.readouterr().out
    assert main([*workspace, "region", "Entenhausen"]) == 2
