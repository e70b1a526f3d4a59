"""PVOG's real answers of January 2025: the federal bulk CSV, and one detail."""

import json

from harvester.model import Found, Module, OnlineService, Service
from harvester.registry.options import PvogOptions
from normalizers.pvog import normalize
from normalizers.pvog.table import read_table
from tests.normalizers.reading import context, document, issues, records, resolve, unexplained, whole_locator
from tests.real.shared_data import real

CSV = "pvog/servicedescriptions_csv_ars_000000000000.csv"
DETAIL = "pvog/detail_v5_B100019_LB_574711.json"


def read(path: str, role: str):
    return list(normalize(document(real(path), role), context(PvogOptions())))


def detail() -> Service:
    return records(read(DETAIL, "detail"))[0]


def test_the_table_has_933_rows_of_911_services_374_of_them_with_a_link():
    table = read_table(document(real(CSV), "csv"))
    assert (len(table.rows), len(table.broken), table.expected) == (933, 0, 911)
    assert sum(bool(row.cells["Links"]) for row in table.rows) == 374


def test_the_table_gives_911_services_372_links_and_207_addresses():
    services = records(read(CSV, "csv"))
    assert len({service.remote_id for service in services}) == len(services) == 911
    assert sum(len(service.links) for service in services) == 372
    assert len({(service.remote_id, link.url) for service in services for link in service.links}) == 372
    assert len({link.url for service in services for link in service.links}) == 207


def test_every_service_of_the_table_has_its_key_a_time_and_tidy_names():
    services = records(read(CSV, "csv"))
    assert all(service.leika_keys and service.modified_at for service in services)
    assert not any('""' in service.title + service.official_title for service in services)


def test_the_table_is_read_without_a_loss():
    readings = read(CSV, "csv")
    assert [it.rule for it in issues(readings) if it.severity != "info"] == []
    assert [it.rule for it in issues(readings)] == ["pvog.same-address"] * 2
    assert [unexplained(it) for it in readings if isinstance(it, Found) and unexplained(it)] == []


def test_every_value_of_the_table_stands_where_its_origin_says():
    table = read_table(document(real(CSV), "csv"))
    cells = {row.number: row.cells for row in table.rows}
    for found in read(CSV, "csv"):
        if isinstance(found, Found) and isinstance(found.record, Service):
            row, _, column = found.record.provenance["title"].locator.partition("/")
            assert cells[int(row[4:-1])][column] == found.record.title


def test_the_detail_has_its_key_synonyms_situations_and_online_service():
    service = detail()
    assert service.remote_id == "B100019.LB.574711"
    assert service.leika_keys == ("99007002017000",)
    assert len(service.synonyms) == 10
    assert [code.code for code in service.situations if code.list_uri.endswith("pvlagen")] == ["1030200", "1140100"]
    assert [code.code for code in service.situations if code.list_uri.endswith("sdginformationsbereich")] == ["1020200"]
    assert (service.links[0].role, service.links[0].online_service) == ("apply", "B100019.OD.105136908")
    assert service.regions == ("000000000000",)
    assert str(service.modified_at) == "2024-01-24 12:21:29+00:00"


def test_the_detail_has_every_text_module_that_is_filled():
    found = {text.module for text in detail().texts}
    assert found == {
        Module.TITLE,
        Module.OFFICIAL_TITLE,
        Module.SUMMARY,
        Module.DESCRIPTION,
        Module.REQUIREMENTS,
        Module.DOCUMENTS,
        Module.FORMS,
        Module.FEES,
        Module.DEADLINES,
        Module.DURATION,
        Module.COMPETENT_OFFICE,
        Module.CONTACT,
        Module.PROCEDURE,
        Module.LEGAL_REMEDY,
        Module.OTHER,
    }


def test_no_word_of_a_filled_module_is_lost():
    words = " ".join(f"{text.html} {text.text}" for text in detail().texts)
    for module in json.loads(real(DETAIL))["details"]:
        for part in (module, *module.get("details", [])):
            if part["filled"] and not part["placeholder"]:
                for word in part["text"].replace("<", " <").split():
                    if word.isalpha():
                        assert word in words


def test_links_of_modules_have_the_role_of_their_module():
    roles = [link.role.value for link in detail().links]
    assert roles == ["apply", "information", "information", "information", "legal"]


def test_the_online_service_has_a_trust_level_and_tidy_ways_to_identify():
    (online,) = records(read(DETAIL, "detail"), OnlineService)
    assert online.trust_level == "15"
    assert len(online.identification) == 2
    assert not any("\n" in way or "  " in way for way in online.identification)


def test_the_detail_is_read_without_a_loss_and_every_origin_is_a_place_in_it():
    data = json.loads(real(DETAIL))
    readings = read(DETAIL, "detail")
    assert issues(readings) == []
    for found in readings:
        assert unexplained(found) == set()
        for origin in found.record.provenance.values():
            assert resolve(data, whole_locator(found, origin.locator))
