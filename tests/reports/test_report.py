"""Reports say what needs a person, whose it is and what mends it; nothing from a stranger harms who reads them."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator

from harvester.cli import main
from harvester.plain import plain
from harvester.reports.html import render_report
from harvester.reports.markdown import render_markdown
from harvester.reports.need import Urgency
from harvester.reports.reasons import told_in
from harvester.reports.report import Report, report_schema
from harvester.reports.store import write_report
from harvester.run import run
from harvester.state import open_state
from harvester.words import Words, texts_of
from tests.reports.workspace import NOW, Desk

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
EVIL = "<script>alert('1')</script><img src=x onerror=alert(2)>\u202egpj.exe\u200f\x1b[31m\x07 {{7*7}} **fett** `rm` "


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "workspace")


def kinds(report):
    return [need.kind for need in report.needs]


def test_a_quiet_day_needs_nobody(desk):
    desk.source("a")
    desk.run("a", "complete", HOUR)
    desk.service("a", "Wohnsitz anmelden")
    report = desk.report()
    assert report.needs == ()
    assert "Heute braucht es niemanden." in render_report(report)


def test_the_most_urgent_comes_first_and_says_everything(desk):
    for name in ("held", "failed", "fine"):
        desk.source(name)
    desk.run("held", "complete", 2 * DAY)
    held = desk.run(
        "held", "held", HOUR, live=3, reason="97 of 100 services would vanish, more than the 20% allowed at once."
    )
    for n in (3, 2, 1):
        desk.run("failed", "failed", n * DAY, reason="A document did not arrive: x: gone.")
    desk.run("fine", "complete", HOUR)
    sid = desk.service("fine", "Hund anmelden", situation="")
    desk.link(sid, "https://weg.example/a", "dead", code="http-404")
    desk.link(sid, "https://alt.example/b", suggestion="https://neu.example/b", code="moved-permanently")
    report = desk.report()
    assert kinds(report) == ["failed", "held", "dead_links", "suggestions", "unsorted"] or kinds(report)[:2] == [
        "held",
        "failed",
    ]
    assert {need.kind: need.urgency for need in report.needs} == {
        "held": Urgency.NOW, "failed": Urgency.NOW, "dead_links": Urgency.WEEK, "suggestions": Urgency.WEEK, "unsorted": Urgency.WEEK,
    }  # fmt: skip
    need = {need.kind: need for need in report.needs}
    assert need["held"].commands[0] == f'harvester approve {held} --because "…"'
    assert need["held"].cause == "97 von 100 Leistungen verschwänden auf einmal, mehr als die erlaubten 20 %."
    assert need["held"].mail.to == "amt@stadt.example"
    assert "97 von 100" in need["held"].mail.body
    assert need["failed"].since == (NOW - 3 * DAY + timedelta(minutes=2)).isoformat()
    assert "3 Läufe hintereinander" in need["failed"].cause
    assert need["failed"].owner == "Stadt failed (herausgebende Stelle)"
    (link,) = need["dead_links"].links
    assert (link.host, link.trend, link.services) == ("weg.example", "still", ("Hund anmelden",))
    assert "404" in link.cause
    assert "https://weg.example/a" in need["dead_links"].mail.body
    assert "→ https://neu.example/b" in need["suggestions"].mail.body
    assert need["unsorted"].rows[0].title == "Hund anmelden"


def test_a_source_that_is_slow_for_us_is_not_blamed_on_its_publisher(desk):
    desk.source("a")
    desk.run("a", "failed", HOUR, reason="The run was stopped: it took longer than 60 s and was stopped; raise …")
    (need,) = desk.report().needs
    assert (need.owner, need.mail) == ("Betrieb der Ernte", None)


def test_an_interrupted_run_is_nobodys_failure(desk):
    desk.source("a")
    desk.run("a", "complete", DAY)
    cut_off = desk.run("a", "failed", HOUR, reason="The run was interrupted.")
    with closing(open_state(desk.workspace.state_file)) as state:
        state.conn.execute("UPDATE run SET interrupted = 1 WHERE id = ?", (cut_off,))
    assert desk.report().needs == ()


def test_a_file_that_cannot_be_read_needs_its_operator(desk):
    (desk.root / "sources" / "kaputt.yml").write_text("id: [", "utf-8")
    (need,) = desk.report().needs
    assert (need.kind, need.urgency, need.commands) == ("registry", Urgency.NOW, ("harvester sources lint",))


@pytest.mark.parametrize(("built", "told"), [(30 * MINUTE, []), (5 * HOUR, ["catalogue"])])
def test_a_catalogue_that_was_refused_is_told(desk, built, told):
    desk.source("a")
    done = desk.run("a", "complete", HOUR)
    with closing(open_state(desk.workspace.state_file)) as state:
        state.conn.execute("UPDATE run SET changed = 3 WHERE id = ?", (done,))
    with closing(sqlite3.connect(desk.workspace.catalogue_file)) as db, db:
        db.execute("INSERT INTO meta VALUES ('built_at', ?)", ((NOW - built).isoformat(),))
    assert kinds(desk.report()) == told


def test_expectations_that_get_tight_are_told_before_a_run_is_held(desk):
    desk.source("a", expectations={"services": {"min": 90}})
    for n, live in enumerate((120, 110, 104, 97)):
        desk.run("a", "complete", (5 - n) * DAY, live=live)
    (need,) = desk.report().needs
    assert need.kind == "drift"
    assert any("min: 67" in fact.text for fact in need.facts)


def test_dead_links_stand_with_the_authority_that_is_competent_and_else_with_the_publisher(desk):
    desk.source("land")
    for n, office in enumerate(("Amt A", "Amt A", "Amt B", "")):
        sid = desk.service("land", f"Leistung {n}")
        desk.link(sid, f"https://x.example/{n}", "dead", code="http-404")
        if office:
            desk.office(sid, office, email=f"{office[-1].lower()}@stadt.example")
    found = {need.subject: need for need in desk.report().needs if need.kind == "dead_links"}
    assert {name: len(need.links) for name, need in found.items()} == {"Amt A": 2, "Amt B": 1, "Stadt land": 1}
    assert found["Amt A"].owner == "Amt A (zuständige Stelle)"
    assert (found["Amt B"].mail.to, found["Stadt land"].mail.to) == ("b@stadt.example", "amt@stadt.example")


def test_an_address_that_many_authorities_name_is_the_publishers(desk):
    """It stands in a text that is written once for all of them: four hundred mails would mend nothing."""
    desk.source("land")
    for n in range(6):
        sid = desk.service("land", f"Leistung {n}")
        desk.link(sid, "https://x.example/stammtext", "dead", code="http-404")
        desk.office(sid, f"Amt {n}")
    (need,) = [need for need in desk.report().needs if need.kind == "dead_links"]
    assert (need.subject, len(need.links)) == ("Stadt land", 1)


def test_what_works_again_stands_beside_what_is_still_dead_and_is_not_counted(desk):
    desk.source("a")
    sid = desk.service("a", "Hund anmelden")
    desk.link(sid, "https://a.example/tot", "dead", code="http-404")
    desk.link(sid, "https://a.example/stumm", "dead", code="http-404", outcome="blocked")
    desk.link(sid, "https://a.example/heil", "ok")
    desk.event("link_fixed", "https://a.example/heil", entity="link")
    (need,) = [need for need in desk.report().needs if need.kind == "dead_links"]
    assert {link.url[18:]: link.trend for link in need.links} == {"tot": "still", "stumm": "unknown", "heil": "mended"}
    assert need.count == 2
    assert "heil" not in need.mail.body + " ".join(need.commands)


def test_a_proposal_can_be_taken_over_by_a_printed_command(desk):
    desk.source("a")
    sid = desk.service("a", "Hund anmelden")
    desk.link(sid, "https://a.example/tot", "dead", code="http-404", suggestion="https://a.example/da")
    (need,) = [need for need in desk.report().needs if need.kind == "dead_links"]
    assert need.commands[0] == "harvester links accept https://a.example/tot https://a.example/da"


def test_a_link_that_broke_today_is_new_and_one_that_comes_and_goes_is_flapping(desk):
    desk.source("a")
    sid = desk.service("a", "x")
    for url in ("https://a.example/neu", "https://a.example/alt", "https://a.example/wechsel"):
        desk.link(sid, url, "dead", code="http-404")
    desk.event("link_broken", "https://a.example/neu", entity="link")
    for kind in ("link_broken", "link_fixed", "link_broken"):
        desk.event(kind, "https://a.example/wechsel", entity="link")
    (need,) = desk.report().needs
    assert {link.url[18:]: link.trend for link in need.links} == {"neu": "new", "alt": "still", "wechsel": "flapping"}
    assert need.urgency is Urgency.TODAY


def test_changes_are_told_word_by_word(desk):
    desk.source("a")
    sid = desk.service("a", "Personalausweis beantragen")
    desk.event("changed", sid, name="texts/fees/de", old="Es kostet 28,80 Euro.", new="Es kostet 37,00 Euro.")
    report = desk.report()
    page = render_report(report)
    assert "<del>28,80</del><ins>37,00</ins>" in page
    assert "Text: Gebühren" in page
    assert report.summary.changed == 1


@pytest.mark.parametrize("what", ["report", "portal"])
def test_both_languages_have_all_texts(what):
    for name, texts in texts_of(what).items():
        assert set(texts) == {"de", "en"}, name
        assert re.findall(r"{(\w+)}", texts["de"]) or not re.findall(r"{(\w+)}", texts["en"]), name
        assert set(re.findall(r"{(\w+)}", texts["de"])) == set(re.findall(r"{(\w+)}", texts["en"])), name


def test_numbers_and_dates_are_written_as_in_the_language():
    assert Words("de").number(1234567.5, 1) == "1.234.567,5"
    assert Words("en").number(1234567.5, 1) == "1,234,567.5"
    assert Words("de").moment("2026-11-23T23:30:00+00:00") == "24.11.2026, 00:30"


def test_an_english_report_is_english(desk):
    desk.source("a")
    desk.run("a", "failed", HOUR, reason="The source gave no document.")
    page = render_report(desk.report("en"))
    assert '<html lang="en">' in page
    assert "One thing needs a person." in page
    assert "The source gave no document." in page
    assert "Zuständig" not in page


def test_reasons_of_the_judge_are_german_in_a_german_report():
    assert told_in("de", "Only 3 of 5 documents were seen (index).") == "Nur 3 von 5 Dokumenten wurden gesehen."
    assert told_in("en", "The source gave no document.") == "The source gave no document."


# Strangers' texts


def hostile(desk):
    desk.source(
        "a", title=EVIL * 3, publisher={"name": EVIL, "contact": "x\r\nBcc: all@example.org, amt@stadt.example"}
    )
    desk.run("a", "failed", HOUR, reason=EVIL)
    sid = desk.service("a", EVIL * 50, situation="")
    desk.link(sid, "javascript:alert(1)", "dead", code="http-404")
    desk.link(sid, "https://b.example/$(reboot)'\"<b>", "dead", code="http-404")
    desk.link(sid, "https://c.example/\u202egpj", "dead", code="http-404", suggestion="javascript:alert(2)")
    desk.event("changed", sid, name=EVIL, old=EVIL, new=EVIL[::-1])
    desk.event("created", EVIL, new=EVIL)
    return desk.report()


def test_hostile_text_is_harmless_in_the_page(desk):
    page = render_report(hostile(desk))
    assert "<script" not in page
    assert "<img" not in page
    assert not re.search(r'href="(?!https?://|#|index\.html|data:,)', page)
    assert "{{7*7}}" in page
    assert not set(page) & set("\u202e\u200f\u2066\x1b\x07")


def test_hostile_text_is_harmless_in_a_mail(desk):
    report = hostile(desk)
    markdown = render_markdown(report)
    assert not set(markdown) & set("\u202e\u200f\x1b\x07")
    assert "<script" not in markdown.replace("\\<script", "")
    assert "**fett**" not in markdown
    for need in report.needs:
        if need.mail:
            assert "\n" not in need.mail.subject + need.mail.to
            assert need.mail.to == "" or re.fullmatch(r"[\w.]+@[\w.]+", need.mail.to)


def test_hostile_addresses_are_no_commands(desk):
    commands = [command for need in hostile(desk).needs for command in need.commands]
    assert all(command.startswith("harvester ") for command in commands)
    assert not any("\u202e" in command for command in commands)
    (quoted,) = [command for command in commands if "reboot" in command]
    assert quoted == """harvester links confirm 'https://b.example/$(reboot)'"'"'"<b>' alive"""


@pytest.mark.parametrize("text", ["a\x1b]0;x\x07b", "a\u202eb", "a\r\nb", "a\u2066b\u2069", "a\U000e0041b", "\x9b31ma"])
def test_plain_text_is_one_line_without_anything_that_steers(text):
    assert re.fullmatch(r"[ -~]+", plain(text))


def test_plain_text_has_an_end():
    assert len(plain("x" * 10**7, 50)) == 50


# Files


def test_the_files_of_a_report_and_the_list_of_all(desk, tmp_path):
    desk.source("a")
    desk.run("a", "held", HOUR, reason="x")
    report = desk.report()
    page = write_report(report, tmp_path / "reports")
    assert page.name == "2026-11-23.html"
    document = json.loads(page.with_suffix(".json").read_text("utf-8"))
    Draft202012Validator.check_schema(report_schema())
    Draft202012Validator(report_schema()).validate(document)
    assert Report.model_validate(document | {}).needs[0].kind == "held"
    index = (tmp_path / "reports" / "index.html").read_text("utf-8")
    assert 'href="2026-11-23.html"' in index
    assert 'src="badges/a.svg"' in index
    assert "angehalten" in (tmp_path / "reports" / "badges" / "a.svg").read_text("utf-8")
    assert not list((tmp_path / "reports").rglob("*.half"))


# The command


@pytest.fixture
def call(desk, capsys, monkeypatch):
    monkeypatch.setattr(run, "utc_now", lambda: NOW)

    def call(*arguments):
        code = main(["-w", str(desk.root), *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_what_was_dealt_with_waits_until_its_cause_changes(desk, call):
    desk.source("a")
    desk.run("a", "failed", DAY, reason="gone")
    key = desk.report().needs[0].key
    assert call("report", "--done", key, "--because", "Mail an die Stadt")[0] == 0
    report = desk.report()
    assert report.needs == ()
    assert "Mail an die Stadt" in report.waiting[0].done_by
    desk.run("a", "complete", 3 * HOUR)
    desk.run("a", "failed", HOUR, reason="gone again")
    assert kinds(desk.report()) == ["failed"]


def test_wrong_use_of_the_report_is_told(call):
    assert call("report", "--done", "nope", "--because", "x")[0] == 2
    assert call("report", "--day", "gestern")[0] == 2
    assert call("report", "nope")[0] == 2
    assert call("report", "--lang", "fr")[0] == 2


def test_a_run_has_a_report_of_its_own(desk, call):
    desk.source("a")
    desk.source("b")
    failed = desk.run("a", "failed", HOUR, reason="gone")
    desk.run("b", "failed", HOUR, reason="gone")
    code, out, _ = call("report", failed, "--json")
    assert (code, [need["subject"] for need in json.loads(out)["needs"]]) == (0, ["a"])
    assert (desk.root / "reports" / f"run-{failed}.html").exists()


def test_the_terminal_shows_needs_and_commands(desk, call):
    desk.source("a")
    desk.run("a", "failed", HOUR, reason=EVIL)
    code, out, _ = call("report")
    assert code == 0
    assert "harvester run a" in out
    assert not set(out) & set("\u202e\x1b\x07")
    assert json.loads(call("report", "--schema")[1])["title"] == "Report"
