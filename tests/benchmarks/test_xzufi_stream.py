"""Sample data is the same for the same seed, well-formed, and has no service twice."""

import zlib

import pytest
from lxml import etree

from benchmarks.xzufi_stream import MESSAGE, XzufiStream
from harvester.model import Ars, LeikaKey

NS = {"x": "http://xoev.de/schemata/xzufi/2_2_0"}


@pytest.fixture(scope="module")
def message():
    return etree.fromstring(b"".join(XzufiStream(300).parts()))


def test_the_same_seed_gives_the_same_bytes():
    assert b"".join(XzufiStream(30, seed=7).parts()) == b"".join(XzufiStream(30, seed=7).parts())


def test_another_seed_gives_other_texts():
    assert XzufiStream(1, seed=7).service(0) != XzufiStream(1, seed=8).service(0)


def test_a_service_is_the_same_in_every_size():
    small, large = (b"".join(XzufiStream(size).parts()).splitlines() for size in (10, 450))
    assert large[: len(small) - 1] == small[:-1]


def test_the_index_names_the_message(tmp_path):
    size = XzufiStream(5).write(tmp_path)
    assert (tmp_path / "index.txt").read_bytes() == f"{MESSAGE}\r\n".encode()
    assert (tmp_path / MESSAGE).stat().st_size == size


def test_every_service_is_one_of_its_own(message):
    services = message.findall("x:schreibe/x:leistung", NS)
    assert len(services) == 300
    assert len({s.findtext("x:id", None, NS) for s in services}) == 300
    named = {
        (LeikaKey(s.findtext("x:referenzLeiKa/code", None, NS)), Ars(s.findtext("x:gueltigkeitGebietID", None, NS)))
        for s in services
    }
    assert len(named) == 300


def test_keys_stay_apart_far_beyond_the_usual_size():
    stream = XzufiStream(1)
    numbers = [*range(0, 5_000_000, 50_021), *range(624_600, 624_700)]
    roots = [etree.fromstring(f"<r xmlns:xzufi='{NS['x']}' xmlns:xsi='x'>{stream.service(n)}</r>") for n in numbers]
    keys = [
        (r.findtext(".//x:referenzLeiKa/code", None, NS), r.findtext(".//x:gueltigkeitGebietID", None, NS))
        for r in roots
    ]
    assert len(set(keys)) == len(numbers)
    assert all(LeikaKey(key) for key, _ in keys)


def test_every_service_has_the_modules_of_a_real_one(message):
    for service in message.findall("x:schreibe/x:leistung", NS):
        codes = [code.text for code in service.findall("x:modulText/x:leikaTextmodul/code", NS)]
        assert codes == ["02", "03", "05", "06", "07", "08", "09", "11", "15", "22", "23", "24"]
        for module in ("modulFrist", "modulKosten", "modulBearbeitungsdauer"):
            assert service.findtext(f"x:{module}/x:beschreibung", None, NS)
        assert len(service.findall(".//x:begriff", NS)) == 2
        assert len(service.findall(".//x:weiterfuehrenderLink", NS)) in (2, 3)
        text = service.findtext("x:modulText[4]/x:inhalt", None, NS)
        assert text.startswith("<p>")
        assert "&nbsp;" in text


def test_a_service_is_about_ten_kilobytes_and_no_copy_of_its_neighbours():
    data = b"".join(XzufiStream(100).parts())
    assert 9_500 < len(data) / 100 < 11_500
    assert len(zlib.compress(data, 6)) > len(data) / 12  # as a real export of a city does
