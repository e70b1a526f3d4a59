"""``harvester plan`` on the command line, and its page."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from harvester.cli import main
from harvester.plan.document import Plan
from harvester.plan.gantt import MOST, draw_gantt
from harvester.plan.page import render_plan
from harvester.plan.read import plan_workspace
from harvester.registry import read_registry
from harvester.state import open_state
from harvester.words import Words, texts_of
from harvester.workspace import Workspace

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "sources").mkdir()
    for number, (interface, more) in enumerate(
        [("dldb", {}), ("website", {"expectations": {"services": {"max": 900}}})]
    ):
        about = {
            "id": f"stadt-{number}",
            "title": f"Stadt <{number}>",
            "level": "kommune",
            "region": "055130000000",
            "interface": interface,
            "endpoint": f"https://www.stadt{number}.example/",
            "publisher": {"name": "Stadt"},
            **more,
        }
        (tmp_path / "sources" / f"stadt-{number}.yml").write_text(json.dumps(about), "utf-8")
    return Workspace(tmp_path)


def add_links(workspace, *hosts, links=3):
    with closing(open_state(workspace.state_file)) as state:
        rows = [(f"https://{host}/{n}", host, host) for host in hosts for n in range(links)]
        state.conn.executemany("INSERT INTO link (url, host, domain, added_at) VALUES (?, ?, ?, '')", rows)


def made_of(workspace, days=7.0):
    return plan_workspace(workspace, read_registry(workspace.sources).pick(), NOW, days)


def test_the_table_names_sources_hosts_and_what_to_do(workspace, capsys):
    assert main(["-w", str(workspace.root), "plan"]) == 0
    told = capsys.readouterr().out
    assert "Alles wird fertig. Am meisten zu tun hat stadt1.example" in told
    assert re.search(r"stadt-1 .* 1\.002 +\d+ +Schätzung", told)
    assert "Nach einem XZuFi-Export des Redaktionssystems fragen" in told
    assert not workspace.state_file.exists()


def test_english_is_spoken_where_it_is_asked_for(workspace, capsys):
    assert main(["-w", str(workspace.root), "plan", "--lang", "en"]) == 0
    assert "Everything gets done. The busiest host is stadt1.example" in capsys.readouterr().out
    assert main(["-w", str(workspace.root), "plan", "--lang", "fr"]) == 2


def test_the_document_is_the_whole_plan(workspace, capsys):
    assert main(["-w", str(workspace.root), "--json", "plan", "stadt-0", "--days", "2"]) == 0
    made = Plan.model_validate_json(capsys.readouterr().out)
    assert [one.id for one in made.sources] == ["stadt-0"]
    assert (made.ends - made.begins).days == 2


def test_an_unknown_source_is_wrong_use(workspace, capsys):
    assert main(["-w", str(workspace.root), "plan", "nirgends"]) == 2
    assert "no source nirgends" in capsys.readouterr().err


def test_strict_fails_where_the_week_is_too_short(workspace, capsys):
    assert main(["-w", str(workspace.root), "plan", "--strict"]) == 0
    file = workspace.sources / "stadt-1.yml"
    file.write_text(
        file.read_text("utf-8")[:-1] + ', "politeness": {"requests_per_second": 0.0005}}',
        "utf-8",
    )
    assert main(["-w", str(workspace.root), "plan", "--strict"]) == 1
    assert "stadt1.example schafft es nicht" in capsys.readouterr().out


def test_the_state_is_read_and_left_as_it_is(workspace):
    add_links(workspace, "www.example.org")
    before = workspace.state_file.read_bytes()
    made = made_of(workspace)
    assert {host.domain: host.links for host in made.hosts}["www.example.org"] == 3
    assert workspace.state_file.read_bytes() == before


def test_a_state_of_an_older_program_is_told(workspace, capsys):
    with closing(sqlite3.connect(workspace.state_file)) as conn:
        conn.execute("CREATE TABLE run (id)")
    assert main(["-w", str(workspace.root), "plan"]) == 1
    assert "the next harvester run brings it up to date" in capsys.readouterr().err


def test_the_page_says_the_same_and_takes_nothing_from_elsewhere(workspace, tmp_path, capsys):
    add_links(workspace, "boese<script>alert(1)</script>.example")
    file = tmp_path / "plan.html"
    assert main(["-w", str(workspace.root), "plan", "--html", str(file)]) == 0
    page = file.read_text("utf-8")
    assert "<script" not in page
    assert "boese&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page)
    assert page.count('<rect class="sources"') > 8
    assert '<html lang="de">' in page
    assert str(file) in capsys.readouterr().err


def test_the_picture_has_the_busiest_hosts_and_bars_inside_it(workspace):
    add_links(workspace, *(f"stadt-{n}.example" for n in range(80)), links=2)
    made = made_of(workspace, days=3)
    gantt = draw_gantt(made, Words("de", "plan"))
    assert len(gantt.rows) == MOST
    assert gantt.rows[0].name == "stadt1.example"
    for row in gantt.rows:
        assert row.stripes
        assert all(gantt.left <= one.x and one.x + one.width <= gantt.width + 2 for one in row.stripes)
    assert [name for _, name in gantt.days] == ["Mi 25.11.", "Do 26.11.", "Fr 27.11."]
    assert "Gezeichnet sind die 60 Server" in render_plan(made, Words("de", "plan"))


def test_an_empty_plan_has_a_page_too(tmp_path):
    (tmp_path / "sources").mkdir()
    for language in ("de", "en"):
        page = render_plan(made_of(Workspace(tmp_path)), Words(language, "plan"))
        assert Words(language, "plan")("head.empty") in page


def test_every_text_is_there_in_both_languages():
    for name, texts in texts_of("plan").items():
        assert texts.keys() == {"de", "en"}, name
        assert set(re.findall(r"{(\w+)}", texts["de"])) == set(re.findall(r"{(\w+)}", texts["en"])), name
