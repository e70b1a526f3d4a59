"""Services and online services of the bulk CSV."""

import pytest

from harvester.model import DocumentError, OnlineService
from harvester.registry.options import PvogOptions
from normalizers.pvog import normalize
from tests.normalizers.reading import addresses, context, document, issues, records, rules

HEADER = "ID-LB|Leikaschlüssel|Name|Name2|Updatedatum|ID-OD|Bezeichnung OD|Links\n"


def read(*rows: str, role: str = "csv", header: str = HEADER, region: str = "055130000000"):
    body = header + "".join(f"{row}\n" for row in rows)
    return list(normalize(document(body, role), context(PvogOptions(), region)))


def test_rows_of_a_service_need_not_stand_together():
    readings = read(
        "B1.LB.1|99102013104000|Hund|Hund anmelden|20.01.2025 00:48|OD1|Portal|https://a.example/",
        "B1.LB.2|99102013070000|Hund|Hund abmelden|20.01.2025 00:48|||",
        "B1.LB.1|99102013104000|Hund|Hund anmelden|20.01.2025 00:48|OD2|Amt|https://b.example/",
    )
    assert [(it.remote_id, it.title, len(it.links)) for it in records(readings)] == [
        ("B1.LB.1", "Hund anmelden", 2),
        ("B1.LB.2", "Hund abmelden", 0),
    ]
    assert issues(readings) == []


def test_an_address_stands_once_per_service_and_the_second_online_service_is_told():
    readings = read(
        "B1.LB.1|99102013104000|Hund|Hund|20.01.2025 00:48|OD1|Portal|https://a.example/",
        "B1.LB.1|99102013104000|Hund|Hund|20.01.2025 00:48|OD2|Schnittstelle|https://a.example/",
    )
    assert addresses(records(readings)[0].links) == [("apply", "https://a.example/")]
    assert [it.remote_id for it in records(readings, OnlineService)] == ["OD1", "OD2"]
    assert rules(readings) == [("info", "pvog.same-address", "table/row[2]/Links")]


def test_an_online_service_is_one_record_however_many_services_it_serves():
    readings = read(
        "B1.LB.1|99102013104000|Hund|Hund|20.01.2025 00:48|OD1|Portal|https://a.example/",
        "B1.LB.2|99102013070000|Katze|Katze|20.01.2025 00:48|OD1|Portal|https://a.example/2",
        "B1.LB.3|99102013070000|Maus|Maus|20.01.2025 00:48|OD1|Portal|",
    )
    portal = records(readings, OnlineService)
    assert [it.remote_id for it in portal] == ["OD1"]
    assert addresses(portal[0].links) == [("apply", "https://a.example/"), ("apply", "https://a.example/2")]


def test_the_region_of_the_services_is_the_one_that_was_asked_for():
    assert records(read("B1.LB.1|99102013104000|Hund|Hund|20.01.2025 00:48|||"))[0].regions == ("055130000000",)


def test_a_service_without_a_name_for_citizens_has_its_official_one():
    service = records(read("B1.LB.1|99102013104000|Hundesteuer Anmeldung||20.01.2025 00:48|||"))[0]
    assert (service.title, service.official_title) == ("Hundesteuer Anmeldung", "Hundesteuer Anmeldung")


def test_keys_of_all_rows_of_a_service_are_its_keys():
    readings = read(
        "B1.LB.1|99102013104000|Hund|Hund|20.01.2025 00:48|||",
        "B1.LB.1|99102013070000, 4711|Hund|Hund|20.01.2025 00:48|||",
    )
    assert records(readings)[0].leika_keys == ("99102013104000", "99102013070000")
    assert rules(readings) == [("warning", "pvog.key", "table/row[2]/Leikaschlüssel")]


def test_a_name_beyond_all_bounds_is_an_error_of_that_service_alone():
    readings = read(
        f"B1.LB.1|99102013104000|Hund|{'x' * 1001}|20.01.2025 00:48|||",
        "B1.LB.2|99102013104000|Katze|Katze|20.01.2025 00:48|||",
    )
    assert [it.remote_id for it in records(readings)] == ["B1.LB.2"]
    assert rules(readings) == [("error", "pvog.invalid", "table")]


def test_a_table_of_nothing_but_nameless_rows_complains_about_each():
    assert rules(read("|||||||")) == [("error", "pvog.no-id", "table/row[1]/ID-LB")]


def test_a_missing_column_one_can_do_without_is_a_warning():
    readings = read("B1.LB.1|99102013104000|Hund|OD1|", header="ID-LB|Leikaschlüssel|Name|ID-OD|Links\n")
    assert [it.title for it in records(readings)] == ["Hund"]
    assert {it.message for it in issues(readings, "warning")} >= {
        "The column 'Name2' is missing.",
        "The column 'Updatedatum' is missing.",
        "The column 'Bezeichnung OD' is missing.",
    }


def test_as_an_index_the_table_gives_no_records_and_tells_its_broken_rows():
    readings = read("B1.LB.1|99102013104000|Hund|Hund|20.01.2025 00:48|||", "B1.LB.2|zu kurz", role="index")
    assert rules(readings) == [("error", "pvog.row-width", "table/row[2]")]
    assert len(readings) == 1


def test_an_unknown_role_is_refused():
    with pytest.raises(DocumentError, match="no documents of the role 'message'"):
        read(role="message")


def test_a_service_may_have_a_name_for_citizens_alone():
    service = records(read("B1.LB.1|99102013104000||Hund anmelden|20.01.2025 00:48|||"))[0]
    assert (service.title, service.official_title) == ("Hund anmelden", "")


def test_an_online_service_beyond_all_bounds_leaves_the_service_alone():
    readings = read(f"B1.LB.1|99102013104000|Hund|Hund|20.01.2025 00:48|{'x' * 301}|Portal|https://a.example/")
    assert len(records(readings)) == 1
    assert [it.rule for it in issues(readings, "error")] == ["pvog.invalid"]
