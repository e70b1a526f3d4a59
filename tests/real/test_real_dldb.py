"""Munich's real service directory of June 2026."""

import json
import unicodedata

from harvester.model import Found
from harvester.registry.options import DldbOptions
from normalizers.dldb import normalize
from normalizers.dldb.export import read_export
from tests.normalizers.reading import context, document, issues, records, resolve, unexplained, whole_locator
from tests.real.shared_data import real

SERVICES = "dldb-munich/services_de.json"


def read():
    return list(normalize(document(real(SERVICES), "services"), context(DldbOptions())))


def test_it_has_287_services_as_declared_and_132_with_a_key():
    services = records(read())
    assert len(services) == read_export(document(real(SERVICES), "services")).declared == 287
    assert sum(bool(service.leika_keys) for service in services) == 132


def test_no_invisible_character_is_left_anywhere():
    assert "\u200b" in json.loads(real(SERVICES))["data"][0]["description"]
    for service in records(read()):
        values = service.model_dump_json(exclude={"provenance"})
        assert not [letter for letter in values if unicodedata.category(letter) in {"Cf", "Cc"}]


def test_no_template_is_an_address():
    services = records(read())
    links = [link for service in services for link in service.links]
    assert any(link.template for link in links)
    assert not any("{" in link.url for link in links if not link.template)
    assert [service.page for service in services if service.page] == []


def test_it_is_read_without_a_loss():
    assert issues(read()) == []


def test_every_value_has_an_origin_that_is_a_place_in_the_document():
    data = json.loads(real(SERVICES))
    for found in read():
        assert isinstance(found, Found)
        assert unexplained(found) == set()
        for origin in found.record.provenance.values():
            assert resolve(data, whole_locator(found, origin.locator)) not in (None, "")
