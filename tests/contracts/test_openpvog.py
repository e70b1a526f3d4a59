"""Open-PVOG's export: what is asked for, how it is read, and what happens when it is otherwise."""

import pytest
from werkzeug import Request, Response

from harvester.model import Link
from harvester.registry.options import OpenPvogOptions
from harvester.run.judge import Verdict
from normalizers.openpvog import normalize
from tests.contracts.source import write
from tests.normalizers.reading import addresses, context, document, issues, records, unexplained

HEADER = (
    "leika_key;leika_name;leika_bezeichnung;ars;ars_name;ozgid;ozg_bezeichnung;url;online_status;aktiv;art_flaechendeckung;"
    "begruendung_nicht_beruecksichtigt;datenstand_pvog_import"
)
ROWS = [
    "99050012104000;Gewerbeanmeldung;Gewerbe anmelden;055130000000;Ort;106;Gewerbe;https://a.example/1;ok;true;x;;2026-11-01",
    "99050012104000;Gewerbeanmeldung;Gewerbe anmelden;055130000000;Ort;106;Gewerbe;https://a.example/2;nicht ok;true;x;;2026-11-01",
    "99050012104000;Gewerbeanmeldung;Gewerbe anmelden;055130000000;Ort;106;Gewerbe;https://a.example/3;ok;false;x;;2026-11-01",
    "99102013104000;Hundesteuer;;05;Land;107;Hund;;;true;x;;2026-11-01",
]
EXPORT = "\n".join([HEADER, *ROWS]) + "\n"
PATH = "/api/public/v1/dash/open-pvog/055130000000/export"


def read(body: str):
    return list(normalize(document(body, "export"), context(OpenPvogOptions(), "055130000000")))


def test_rows_of_one_service_are_one_record_with_the_addresses_in_force():
    readings = read(EXPORT)
    trade, dog = records(readings)
    assert (trade.title, trade.leika_keys, trade.regions) == (
        "Gewerbe anmelden",
        ("99050012104000",),
        ("055130000000",),
    )
    assert addresses(trade.links) == [("apply", "https://a.example/1"), ("apply", "https://a.example/2")]
    assert (dog.title, dog.regions, dog.links) == ("Hundesteuer", ("050000000000",), ())
    assert all(isinstance(link, Link) for link in trade.links)
    assert [unexplained(it) for it in readings if hasattr(it, "record")] == [set(), set()]


def test_the_data_hubs_opinion_on_a_link_is_kept_beside_it_and_told_if_it_is_bad():
    readings = read(EXPORT)
    rules = [readings[0].record.provenance[f"links/{n}"].rule for n in (0, 1)]
    assert rules == ["openpvog.link.ok", "openpvog.link.not-ok"]
    (issue,) = issues(readings)
    assert (issue.severity, issue.rule) == ("info", "openpvog.link-not-ok")


def test_a_new_column_is_reported_and_a_missing_one_is_an_issue():
    told = read("leika_key;leika_bezeichnung;ars;url;neu\n99050012104000;Gewerbe;;https://a.example/;1\n")
    rules = [it.rule for it in issues(told)]
    assert rules.count("openpvog.unknown-field") == 1
    assert rules.count("openpvog.missing-field") == 9


def test_the_export_proves_what_it_lists(town):
    town.pages[PATH] = EXPORT
    write(town, "openpvog", "/api", include_above=True)
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.COMPLETE, 2)
    assert town.asked == [PATH + "?filetype=csv&includeAbove=true&includeBelow=false"]


def test_only_the_type_the_service_takes_is_asked_for(town):
    town.pages[PATH] = lambda r: (
        Response(EXPORT) if r.headers["Accept"] == "application/octet-stream" else Response(status=406)
    )
    write(town, "openpvog", "/api")
    assert town.run().verdict is Verdict.COMPLETE


@pytest.mark.parametrize(
    ("answer", "why"),
    [(413, "too large for an export"), ("<html>Fehler</html>", "lacks the columns"), ("", "lacks the columns")],
)
def test_what_is_no_export_is_told(town, answer, why):
    town.pages[PATH] = answer
    write(town, "openpvog", "/api")
    outcome = town.run()
    assert outcome.verdict in {Verdict.FAILED, Verdict.PARTIAL}
    assert why in outcome.judgement.reason


def test_a_busy_service_is_asked_again(town):
    answers = [Response(status=429, headers={"Retry-After": "0"})]

    def answer(_: Request) -> Response:
        return answers.pop() if answers else Response(EXPORT)

    town.pages[PATH] = answer
    write(town, "openpvog", "/api")
    assert town.run().verdict is Verdict.COMPLETE
