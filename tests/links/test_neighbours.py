"""Where a page that is gone may be now."""

import pytest

from harvester.fetch.snapshots import SnapshotStore
from harvester.links.neighbours import Place, guess
from harvester.run.site_pages import site_pages
from tests.build import Bench, document, service, source

GONE = "https://stadt.example/alt/hundesteuer-anmelden.html"
NEW = "https://stadt.example/leistungen/hundesteuer-anmelden"


def test_a_page_with_the_old_title_is_proposed():
    found = guess(
        GONE, "Hundesteuer anmelden", [Place(NEW, "Hundesteuer: anmelden"), Place("https://stadt.example/b", "Pass")]
    )
    assert found is not None
    assert (found.place.url, found.by_title) == (NEW, True)


def test_without_a_title_the_name_in_the_address_tells():
    found = guess(GONE, "", [Place(NEW), Place("https://stadt.example/leistungen/reisepass")])
    assert found is not None
    assert (found.place.url, found.by_title) == (NEW, False)


@pytest.mark.parametrize(
    ("url", "others"),
    [
        (GONE, [NEW, "https://stadt.example/formulare/hundesteuer-anmelden.php"]),  # two of them: nobody can tell
        ("https://stadt.example/alt/12345678", ["https://stadt.example/neu/12345678"]),  # a number names nothing
        ("https://stadt.example/alt/info", ["https://stadt.example/neu/info"]),  # so short a name is no name
        (GONE, [GONE]),
    ],
)
def test_what_is_not_sure_is_not_proposed(url, others):
    assert guess(url, "", [Place(other) for other in others]) is None


def test_pages_come_from_the_last_harvest_and_from_sitemaps(tmp_path):
    bench = Bench(tmp_path)
    bench.run(source("stadt"), document(NEW, service("1", title="Hundesteuer anmelden")))
    store = SnapshotStore(tmp_path / "snapshots")
    sha256 = store.put(b"https://stadt.example/a\nhttps://anderswo.example/b\n")
    bench.state.conn.execute(
        "INSERT INTO document SELECT source_id, ?, 'sitemap', note, ?, size, media_type, charset, fetched_at, reader, services,"
        " errors, unread, unnamed, warnings, filled, read_at, seen_at FROM document",
        ("https://stadt.example/sitemap.txt", sha256),
    )
    found = list(site_pages(bench.state.conn, store)(frozenset({"stadt.example"})))
    bench.state.close()
    assert found == [Place(NEW, "Hundesteuer anmelden"), Place("https://stadt.example/a")]
