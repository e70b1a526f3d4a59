"""What every interface keeps to, whatever it speaks: pages in their order, patience, and no trust in half an answer."""

from collections.abc import Callable

import pytest
from werkzeug import Request, Response

from harvester.registry import read_registry
from harvester.run.judge import Verdict
from tests.contracts.harvest import collect, read
from tests.contracts.sites import SITES, Site
from tests.website.town import Town

EVERY = pytest.mark.parametrize("site", SITES.values(), ids=SITES)
DATA = [pytest.param(site, path, id=f"{name}-{path}") for name, site in SITES.items() for path in site.data]
_ENDLESS = ("index.txt", "/leistungen/hund")
"""A plain list and a web page have no end that must be there: only the connection tells that they are cut off."""
FRAMED = [it for it in DATA if not str(it.values[1]).endswith(_ENDLESS)]


def laid(town: Town, site: Site) -> Town:
    site.lay(town)
    return town


def spoil(town: Town, path: str, change: Callable[[Response], Response]) -> None:
    """From now on answer at a path with what becomes of the answer there."""
    whole = town.pages[path]

    def answer(request: Request) -> Response:
        said = whole(request) if callable(whole) else Response(whole.replace("{home}", town.home))
        if not callable(whole):
            said.content_type = "application/xml" if path.endswith(".xml") else "text/html; charset=utf-8"
        return change(said)

    town.pages[path] = answer


def half(answer: Response) -> Response:
    body = answer.get_data()
    return Response(body[: len(body) * 2 // 3], content_type=answer.content_type)


def broken_off(answer: Response) -> Response:
    """Half the bytes, though all of them were promised."""
    told = half(answer)
    told.automatically_set_content_length = False
    told.headers["Content-Length"] = str(len(answer.get_data()))
    return told


@EVERY
def test_a_whole_harvest_is_complete_and_asks_for_each_page_once_and_in_order(town, site):
    outcome = laid(town, site).run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.COMPLETE, site.services)
    assert tuple(path for path in town.asked if path != "/robots.txt") == site.asked


@pytest.mark.parametrize(("site", "path"), DATA)
def test_who_is_busy_is_asked_again(town, site, path):
    laid(town, site)
    refusals = [Response(status=429, headers={"Retry-After": "0"})]
    spoil(town, path, lambda answer: refusals.pop() if refusals else answer)
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.COMPLETE, site.services)
    assert not refusals


@pytest.mark.parametrize(("site", "path"), DATA)
def test_an_answer_that_breaks_off_proves_nothing_and_takes_nothing_away(town, site, path):
    check_half(laid(town, site), site, path, broken_off)


@pytest.mark.parametrize(("site", "path"), FRAMED)
def test_an_answer_that_ends_early_proves_nothing_and_takes_nothing_away(town, site, path):
    check_half(laid(town, site), site, path, half)


def check_half(town: Town, site: Site, path: str, cut: Callable[[Response], Response]) -> None:
    assert town.run().verdict is Verdict.COMPLETE
    spoil(town, path, cut)
    outcome = town.run()
    assert outcome.verdict in {Verdict.PARTIAL, Verdict.FAILED}
    assert outcome.changes.removed == 0
    assert town.rows("SELECT count(*) FROM service") == [(site.services,)]


@EVERY
def test_a_field_that_was_renamed_is_reported_as_new_and_missed(town, site):
    path, before, after = site.change
    spoil(
        laid(town, site),
        path,
        lambda answer: Response(
            answer.get_data().replace(before.encode(), after.encode()), content_type=answer.content_type
        ),
    )
    (source,) = read_registry(town.workspace.sources).sources.values()
    _, told = read(source, collect(source, town.workspace.root / "bare"))
    assert told == site.told
