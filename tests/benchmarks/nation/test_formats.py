"""What the nation's sources write is what the real readers understand, to the last service, key and link."""

import hashlib
from datetime import UTC, datetime
from io import BytesIO

import pytest

from benchmarks.nation import address
from benchmarks.nation.answer import answer
from benchmarks.nation.formats.website import path_of
from benchmarks.nation.formats.xzufi import file_of
from benchmarks.nation.links import ways_of
from benchmarks.nation.message import Asked
from benchmarks.nation.nation import Nation
from benchmarks.nation.registry import lay_out
from benchmarks.nation.shelf import offers
from harvester.model import Context, Document, Found, Issue, Service
from harvester.registry import read_registry
from normalizers.website.sitemap import read_sitemap

NATION = Nation(1, 0.01)
AT = datetime(2026, 1, 15, 4, tzinfo=UTC)
SITES = ("openrathaus", "regioit", "citko", "gelsenkirchen", "generic")
CSV = "/suchdienst/api/v5/servicedescriptions/csv"
DETAIL = "/suchdienst/api/v6/servicedescriptions/{}/detail"


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("nation")
    count = lay_out(workspace, NATION)
    found = read_registry(workspace / "sources")
    assert not found.problems
    assert len(found.sources) == count
    return found


def ask(host, path, **query):
    found = answer(NATION, Asked("GET", host, path, query), 1)
    assert found.status == 200
    return found.body if isinstance(found.body, bytes) else b"".join(found.body)


def document(url, role, body, note=""):
    digest = hashlib.sha256(body).hexdigest()
    return Document(url, role, digest, len(body), "", "utf-8", AT, lambda: BytesIO(body), note)


def read(source, documents):
    context = Context(source.id, source.level, source.region, source.endpoint, source.options)
    normalize = source.spoken.load_normalizer()
    readings = [reading for one in documents for reading in normalize(one, context)]
    assert not [r for r in readings if isinstance(r, Issue) and r.severity != "info"]
    return {r.record.remote_id: r.record for r in readings if isinstance(r, Found) and isinstance(r.record, Service)}


def documents_of(shelf):
    host = address.town(shelf.base // 1000 - 1)
    match shelf.form:
        case "base":
            yield document("http://x/m.xml", "message", ask(address.BUND, f"/stammtexte/{file_of(shelf)}"))
        case "xzufi":
            yield document(
                "http://x/m.xml", "message", ask(address.land(int(shelf.ars[:2])), f"/xzufi/{file_of(shelf)}")
            )
        case "csv":
            yield document("http://x/csv", "csv", ask(address.PVOG, CSV, ars=shelf.ars))
        case "details":
            yield document("http://x/csv", "index", ask(address.PVOG, CSV, ars=shelf.ars))
            for offer in offers(NATION.dice, shelf, 1):
                told = ask(address.PVOG, DETAIL.format(offer.remote_id), ars=shelf.ars)
                yield document("http://x/detail", "detail", told, offer.remote_id)
        case "dldb":
            yield document(NATION.url(host, "/export"), "services", ask(host, "/export/dienstleistungen.json"))
        case _:
            for offer in offers(NATION.dice, shelf, 1):
                path = path_of(offer)
                yield document(NATION.url(host, path), "page", ask(host, path))


@pytest.mark.parametrize("form", ["base", "xzufi", "csv", "details", "dldb", *SITES])
def test_every_description_is_read_as_it_is_meant(registry, form):
    shelf = next(one for one in NATION.shelves() if one.form == form and not NATION.is_out(one, 1) and one.size < 150)
    read_back = read(registry.sources[shelf.source], documents_of(shelf))
    meant = {offer.remote_id: offer for offer in offers(NATION.dice, shelf, 1)}
    assert read_back.keys() == meant.keys()
    for remote_id, service in read_back.items():
        offer = meant[remote_id]
        assert service.title == offer.name.strip()
        assert service.leika_keys == ((offer.key,) if offer.key else ())
        assert (service.regions or (registry.sources[shelf.source].region,)) == (shelf.ars,)
        online = {"apply"} if form in {"base", "xzufi"} else set()  # these name it as an online service of its own
        ways = {way.url for way in ways_of(NATION, offer) if way.purpose not in online}
        assert ways <= {link.url for link in service.links}


@pytest.mark.parametrize("form", SITES[1:])
def test_sitemaps_name_all_pages(form):
    shelf = next(one for one in NATION.shelves() if one.form == form and not NATION.is_out(one, 1))
    host = address.town(shelf.base // 1000 - 1)
    found = read_sitemap(document(NATION.url(host, "/sitemap.xml"), "sitemap", ask(host, "/sitemap.xml")))
    paths = {NATION.url(host, path_of(offer)) for offer in offers(NATION.dice, shelf, 1)}
    assert paths < {entry.url for entry in found.pages}


def test_base_texts_are_copied_to_the_letter(registry):
    base = NATION.base_shelf()
    there = {s.leika_keys: s for s in read(registry.sources[base.source], documents_of(base)).values()}
    same = 0
    for shelf in list(NATION.shelves())[1:20]:
        if shelf.form == "xzufi":
            for service in read(registry.sources[shelf.source], documents_of(shelf)).values():
                texts = (
                    {(t.module, t.html) for t in there[service.leika_keys].texts}
                    if service.leika_keys in there
                    else set()
                )
                same += len(texts & {(t.module, t.html) for t in service.texts}) >= 4
    assert same > 5
