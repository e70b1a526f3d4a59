"""The synthetic nation: the same bytes for the same seed, in every order and process, and of the size its scale says."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from itertools import chain, pairwise
from pathlib import Path
from random import Random
from statistics import median

import pytest

from benchmarks.nation import address
from benchmarks.nation.answer import answer
from benchmarks.nation.formats.website import path_of
from benchmarks.nation.formats.xzufi import file_of
from benchmarks.nation.message import Asked
from benchmarks.nation.nation import Nation
from benchmarks.nation.regions import laender, municipalities
from benchmarks.nation.shelf import offers
from benchmarks.nation.truth import links_per_host, truth_of
from harvester.catalogue.regions import read_regions

ROOT = Path(__file__).resolve().parents[3]
DIGEST = "from tests.benchmarks.nation.test_nation import *; print(digest_of(Nation({}, 0.002), {}))"


def body_of(found):
    return found.body if isinstance(found.body, bytes) else b"".join(found.body)


def requests_of(nation, day=1):
    """A request for every kind of document, and more than one of most."""
    csv, api = "/suchdienst/api/v5/servicedescriptions/csv", "/suchdienst/api/v6/servicedescriptions"
    yield Asked("GET", address.LAWS, "/gesetze/17")
    for shelf in nation.shelves():
        land = int(shelf.ars[:2] or 0)
        some = offers(nation.dice, shelf, day)[:3]
        match shelf.form:
            case "base":
                yield Asked("GET", address.BUND, f"/stammtexte/{file_of(shelf)}")
            case "xzufi":
                yield Asked("GET", address.land(land), "/xzufi/index.txt")
                yield Asked("GET", address.land(land), f"/xzufi/{file_of(shelf)}")
            case "csv" | "details":
                yield Asked("GET", address.PVOG, csv, {"ars": shelf.ars})
                for offer in some:
                    yield Asked("GET", address.PVOG, f"{api}/{offer.remote_id}/detail", {"ars": shelf.ars})
            case "dldb":
                yield Asked("GET", address.town(shelf.base // 1000 - 1), "/export/dienstleistungen.json")
            case _:
                host = address.town(shelf.base // 1000 - 1)
                yield Asked("GET", host, "/dienstleistungen" if shelf.form == "openrathaus" else "/sitemap.xml")
                yield from (Asked("GET", host, path_of(offer)) for offer in some)


def digest_of(nation, day, order=None):
    asked = list(requests_of(nation, day))
    made = list(enumerate(asked))
    if order is not None:
        Random(order).shuffle(made)
    found = {place: body_of(answer(nation, one, day)) for place, one in made}
    return hashlib.sha256(b"\n".join(found[place] for place in sorted(found))).hexdigest()


def test_documents_are_the_same_in_every_order_and_differ_by_seed_and_day():
    first = digest_of(Nation(1, 0.002), 1)
    assert digest_of(Nation(1, 0.002), 1, order=7) == first
    assert digest_of(Nation(2, 0.002), 1) != first
    assert digest_of(Nation(1, 0.002), 2) != first


def test_documents_are_the_same_in_another_process():
    told = DIGEST.format(1, 2)
    run = subprocess.run(
        [sys.executable, "-c", told],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == digest_of(Nation(1, 0.002), 2)


def test_a_file_is_made_in_small_parts():
    nation = Nation(1, 0.01)
    town = next(town for town in nation.towns if "xzufi" in town.forms and town.size > 120)
    found = answer(nation, Asked("GET", address.land(town.land), f"/xzufi/{file_of(nation.town_shelves(town)[0])}"), 1)
    parts = list(found.body)
    assert len(parts) > 3
    assert max(map(len, parts)) < 600_000


def test_towns_are_real_and_as_many_as_the_scale_says():
    assert len(municipalities(0.005)) == 55
    assert len(municipalities(1)) == 11_000
    known = read_regions()
    assert all(known[town.ars].name == town.name for town in municipalities(0.1))
    assert len({town.ars[:2] for town in municipalities(0.1)}) >= 14
    assert len(laender()) == 16


def test_a_nation_grows_as_its_scale_does():
    small, large = truth_of(Nation(1, 0.005), 1), truth_of(Nation(1, 0.02), 1)
    assert large.services == pytest.approx(4 * small.services, rel=0.05)
    assert large.services == pytest.approx(20_000, rel=0.03)


def test_towns_publish_in_all_ways():
    forms = Counter(chain.from_iterable(town.forms for town in Nation(1, 0.02).towns))
    assert forms.keys() == {
        *("xzufi", "details", "csv", "dldb"),
        *("openrathaus", "regioit", "citko", "gelsenkirchen", "generic"),
    }
    assert forms["xzufi"] > sum(forms.values()) / 2


def test_half_a_percent_changes_in_a_day():
    nation = Nation(1, 0.01)
    services = changes = 0
    for shelf in nation.shelves():
        for day in range(2, 8):
            before = {offer.number: offer.version for offer in offers(nation.dice, shelf, day - 1)}
            after = {offer.number: offer.version for offer in offers(nation.dice, shelf, day)}
            services += len(before)
            changes += len(before.items() ^ after.items()) - len(
                {n for n in before.keys() & after.keys() if before[n] != after[n]}
            )
    assert changes / services == pytest.approx(0.005, rel=0.15)


def test_what_is_gone_does_not_come_back():
    nation = Nation(1, 0.005)
    shelf = next(iter(nation.shelves()))
    days = [{offer.number for offer in offers(nation.dice, shelf, day)} for day in range(1, 120)]
    gone = set()
    for before, after in pairwise(days):
        gone |= before - after
        assert not gone & after
    assert gone


def test_few_hosts_have_most_links():
    counts = sorted(links_per_host(Nation(1, 0.01)).values(), reverse=True)
    assert counts[0] > 8 * median(counts)
    assert sum(counts[: len(counts) // 10]) > 0.3 * sum(counts)


def test_towns_have_most_of_their_services_from_a_common_stock():
    held = Counter(offer.key for shelf in Nation(1, 0.005).shelves() for offer in offers(Nation(1).dice, shelf, 1))
    assert held.most_common(1)[0][1] > 20


def test_some_hosts_are_out_and_what_was_seen_of_them_stays():
    nation = Nation(1, 0.02)
    for day in (1, 2, 3):
        assert 0 < len(nation.down(day)) <= len(nation.sites) * 0.05
    out = next(shelf for shelf in nation.shelves() if nation.is_out(shelf, 2))
    assert nation.last_seen(out, 2) == (0 if nation.is_out(out, 1) else 1)
    truth = truth_of(nation, 2)
    assert truth.sources[out.source].out
    assert truth.sources[out.source].seen == 0
