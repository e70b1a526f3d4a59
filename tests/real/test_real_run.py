"""Real input, served over loopback and harvested by the command line, gives the figures that were counted by hand."""

import json
import sqlite3
from contextlib import closing

import pytest

from harvester.cli import main
from tests.real.shared_data import real

_SETTINGS = (
    '[fetch]\nallow_addresses = ["127.0.0.0/8"]\n[politeness]\ninterval = 0\n[run]\nworkers = 0\n[links]\nbudget = 0\n'
)
_CSV = "pvog/servicedescriptions_csv_ars_000000000000.csv"
_DETAIL = "pvog/detail_v5_B100019_LB_574711.json"
_MUNICH = "dldb-munich/services_de.json"


def _workspace(root, **sources):
    (root / "sources").mkdir()
    (root / "harvester.toml").write_text(_SETTINGS, encoding="utf-8")
    for name, text in sources.items():
        (root / "sources" / f"{name}.yml").write_text(
            f"id: {name}\ntitle: Test\npublisher: {{name: Test}}\n{text}", encoding="utf-8"
        )
    return root


def _ask(root, query, *parameters):
    with closing(sqlite3.connect(root / "catalogue.db")) as db:
        return db.execute(query, parameters).fetchall()


def test_the_federal_table_of_pvog(httpserver, tmp_path):
    body = real(_CSV)
    httpserver.expect_request(
        "/api/v5/servicedescriptions/csv", query_string={"ars": "000000000000"}
    ).respond_with_data(body, content_type="text/csv")
    root = _workspace(
        tmp_path, bund=f'level: bund\nregion: "000000000000"\ninterface: pvog\nendpoint: {httpserver.url_for("/api")}\n'
    )
    assert main(["-w", str(root), "run"]) == 0
    assert _ask(root, "SELECT count(*) FROM service") == [(911,)]
    assert _ask(root, "SELECT count(*), count(DISTINCT link_id) FROM service_link") == [(372, 207)]
    assert _ask(root, "SELECT verdict, records FROM source") == [("complete", 911)]


def test_a_detail_of_pvog_with_everything_it_says(httpserver, tmp_path, capsys):
    detail = json.loads(real(_DETAIL))
    header = "ID-LB|Leikaschlüssel|Name|Name2|Updatedatum|ID-OD|Bezeichnung OD|Links\n"
    table = f"{header}{detail['id']}|{detail['leikakeys'][0]}|A|B|20.01.2025 00:48|||\n"
    httpserver.expect_request("/api/v5/servicedescriptions/csv").respond_with_data(table, content_type="text/csv")
    httpserver.expect_request(f"/api/v6/servicedescriptions/{detail['id']}/detail").respond_with_data(
        real(_DETAIL), content_type="application/json"
    )
    options = "options: {details: true}\n"
    endpoint = httpserver.url_for("/api")
    root = _workspace(
        tmp_path, bund=f'level: bund\nregion: "000000000000"\ninterface: pvog\nendpoint: {endpoint}\n{options}'
    )
    assert main(["-w", str(root), "run"]) == 0
    assert _ask(root, "SELECT leika_key, title FROM service") == [("99007002017000", "Ausbildungsgeld beantragen")]
    modules = {row[0] for row in _ask(root, "SELECT module FROM service_text WHERE language = 'de'")}
    told = {"description", "requirements", "documents", "forms", "fees", "deadlines", "competent_office", "procedure"}
    assert modules >= told | {"legal_remedy", "duration", "summary", "contact"}
    assert "author" not in modules  # a placeholder in the source
    stated = "SELECT situation_id FROM service_situation JOIN situation ON situation.id = situation_id WHERE taxonomy_id = 'pvlagen'"
    assert {row[0] for row in _ask(root, stated)} == {"pvlagen:1030200", "pvlagen:1140100"}
    assert ("apply",) in _ask(root, "SELECT role FROM service_link JOIN online_service o ON o.id = online_service_id")
    found = _ask(root, "SELECT title FROM service_search WHERE service_search MATCH 'Ausbildungsförderung'")
    assert found == [("Ausbildungsgeld beantragen",)]
    capsys.readouterr()
    assert main(["-w", str(root), "explain", detail["id"], "fees", "--json"]) == 0
    (evidence,) = json.loads(capsys.readouterr().out)["evidence"]
    assert evidence["raw"] == '"<p>Keine</p>"'
    assert evidence["locator"] == "/details/6/text"
    assert evidence["rule"]
    assert evidence["snapshot"]


def test_munich(httpserver, tmp_path):
    httpserver.expect_request("/services_de.json").respond_with_data(real(_MUNICH), content_type="application/json")
    endpoint = httpserver.url_for("/services_de.json")
    root = _workspace(
        tmp_path, muenchen=f'level: kommune\nregion: "091620000000"\ninterface: dldb\nendpoint: {endpoint}\n'
    )
    assert main(["-w", str(root), "run"]) == 0
    assert _ask(root, "SELECT count(*), count(leika_key) FROM service") == [(287, 132)]
    texts = _ask(root, "SELECT html || text FROM service_text UNION ALL SELECT title FROM service")
    assert not [text for (text,) in texts if any(sign in text for sign in "\u200b\u200c\u200d\u2060\ufeff")]
    assert _ask(root, "SELECT url FROM link WHERE url LIKE '%{%' OR url LIKE '%\\%7B%' ESCAPE '\\'") == []


def test_every_field_of_every_service_is_explained(httpserver, tmp_path, capsys):
    httpserver.expect_request("/services_de.json").respond_with_data(real(_MUNICH), content_type="application/json")
    endpoint = httpserver.url_for("/services_de.json")
    root = _workspace(
        tmp_path, muenchen=f'level: kommune\nregion: "091620000000"\ninterface: dldb\nendpoint: {endpoint}\n'
    )
    assert main(["-w", str(root), "run"]) == 0
    capsys.readouterr()
    for (service,) in _ask(root, "SELECT id FROM service ORDER BY id LIMIT 25"):
        assert main(["-w", str(root), "explain", service, "--json"]) == 0
        for evidence in json.loads(capsys.readouterr().out)["evidence"]:
            assert evidence["rule"], evidence
            assert not evidence["problem"], evidence
            if evidence["rule"].startswith("matching/"):  # no source states the key, so the reasons are the evidence
                assert evidence["reason"], evidence
                continue
            assert evidence["snapshot"], evidence
            assert evidence["raw"], evidence


@pytest.mark.parametrize("verb", ["explain", "try"])
def test_what_does_not_exist_is_told(verb, tmp_path, capsys):
    root = _workspace(tmp_path)
    assert main(["-w", str(root), verb, "http://127.0.0.1:9/nothing"]) == 2
    assert capsys.readouterr().err
