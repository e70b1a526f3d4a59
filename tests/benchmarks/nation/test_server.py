"""The nation's server: many hosts on one port, unchanged answers short, another day when it is asked for."""

import socket
import sys
from contextlib import closing

import httpx
import pytest

from benchmarks.nation import address
from benchmarks.nation.formats.xzufi import file_of
from benchmarks.nation.nation import Nation
from benchmarks.nation.server import SO_BINDTODEVICE, listen
from benchmarks.nation.serving import serving
from benchmarks.nation.weather import Weather, host_weather, page_weather

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 answers on Linux alone")


@pytest.fixture(scope="module")
def served():
    with serving(1, 0.005) as nation:
        yield nation


@pytest.fixture
def client():
    with httpx.Client(trust_env=False) as client:
        yield client


def test_a_file_is_whole_and_short_when_it_is_known(served, client):
    nation = served.nation
    shelf = nation.land_shelf(5)
    url = nation.url(address.land(5), f"/xzufi/{file_of(shelf)}")
    first = client.get(url)
    assert first.text.rstrip().endswith("</xzufi:transfer.schreibe.loesche.020301>")
    assert first.text.count("<xzufi:leistung>") == shelf.size
    again = client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_day_changes_what_has_changed_and_nothing_else(served, client):
    nation = served.nation
    shelves = [nation.town_shelves(town)[0] for town in nation.towns if "xzufi" in town.forms]
    urls = {shelf: nation.url(address.land(int(shelf.ars[:2])), f"/xzufi/{file_of(shelf)}") for shelf in shelves}
    served.set_day(1)
    one = {shelf: client.get(url).text for shelf, url in urls.items()}
    served.set_day(2)
    two = {shelf: client.get(url).text for shelf, url in urls.items()}
    served.set_day(1)
    assert served.told()["day"] == 1
    changed = sum(one[shelf] != two[shelf] for shelf in shelves)
    assert 0 < changed < len(shelves)
    assert {shelf: client.get(url).text for shelf, url in urls.items()} == one


def test_links_are_well_gone_broken_or_silent_as_the_nation_says(served, client):
    nation = served.nation
    host, day = address.provider(1), served.told()["day"]
    wanted = {Weather.FINE: 200, Weather.GONE: 404, Weather.BROKEN: 500}
    for number in range(120):
        path = f"/onlinedienste/{number}"
        assert client.get(nation.url(host, path)).status_code == wanted[page_weather(nation, host, path, day)]
    assert client.get(nation.url(host, "/5f3c2a9b8d7e6f1a0c")).status_code == 404
    assert client.head(nation.url(address.LAWS, "/gesetze/1")).content == b""


def test_errors_pass_and_what_is_gone_stays_gone():
    nation = Nation(1, 0.01)
    pages = [(address.provider(1), f"/onlinedienste/{number}") for number in range(3_000)]
    one, two = ([page_weather(nation, *page, day) for page in pages] for day in (1, 2))
    gone = [{place for place, weather in enumerate(day) if weather is Weather.GONE} for day in (one, two)]
    broken = [{place for place, weather in enumerate(day) if weather is Weather.BROKEN} for day in (one, two)]
    assert gone[0] == gone[1]
    assert gone[0]
    assert broken[0]
    assert not broken[0] & broken[1]


def test_a_site_that_is_out_gives_nothing(served, client):
    nation = served.nation
    host = address.town(next(iter(nation.down(1))))
    try:
        assert client.get(nation.url(host, "/sitemap.xml")).status_code == 500
    except httpx.TransportError:
        assert host_weather(nation, host, 1) is Weather.SILENT


def test_one_socket_hears_all_of_loopback_and_nothing_else():
    with closing(listen(0)) as sock:
        assert sock.getsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, 16).rstrip(b"\0") == b"lo"
        for host in (address.town(3), address.PVOG):
            socket.create_connection((host, sock.getsockname()[1]), timeout=5).close()


def test_another_port_is_another_nation():
    assert Nation(1, 0.002, 1).url("127.66.0.1") != Nation(1, 0.002, 2).url("127.66.0.1")
