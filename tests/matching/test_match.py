"""Who gets a key, who is proposed to an editor, and who stays without."""

import csv
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.matching import Match, Named, OfficialLinks, Review, Table, make_official_links, match, read_model
from harvester.matching.clues import find_clues
from harvester.matching.entries import Entry, Knowledge
from harvester.matching.page import page_of
from harvester.matching.rank import order
from harvester.model import LeikaKey, Link, LinkRole, Module, Service, Text
from harvester.situations.words import make_words, read_words
from tests.matching.conftest import MODEL

PAGES = list(csv.DictReader((Path(__file__).parent / "pages.csv").read_text(encoding="utf-8").splitlines()))
OWN_PAGE = "https://stadt.example/buergerservice/535"
NO_WORDS = make_words([])


def page(title: str, keywords: str = "", text: str = "", **more) -> Service:
    texts = (Text(language="de", module=Module.DESCRIPTION, html=f"<p>{text}</p>", text=text),) if text else ()
    return Service(remote_id="1", title=title, synonyms=tuple(filter(None, keywords.split("|"))), texts=texts, **more)


def small(*entries: Entry, superseded=None, seen=()) -> Table:
    return Table(Knowledge(entries, frozenset(seen), superseded or {}), NO_WORDS)


def test_pages_of_our_own_get_the_right_object_and_what_is_no_service_gets_none(table: Table):
    assigned = right = 0
    for row in PAGES:
        found = match(page(row["title"], row["keywords"], row["text"]), table)
        if isinstance(found, Match):
            assigned += 1
            right += found.leika_keys[0][:8] == row["leika_object"]
    services = sum(bool(row["leika_object"]) for row in PAGES)
    assert right / assigned >= 0.95
    assert right / services >= 0.5


def test_nothing_below_the_threshold_is_assigned(table: Table):
    for row in PAGES:
        match match(page(row["title"], row["keywords"], row["text"]), table):
            case Match(score=score):
                assert score >= read_model().sure
            case Review(score=score):
                assert score < read_model().sure


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([w for r in PAGES for w in f"{r['title']} {r['text']}".split()]), min_size=1, max_size=9)
)
def test_no_made_up_title_gets_a_key_below_the_threshold(table: Table, words: list[str]):
    found = match(page(" ".join(words)), table, model=MODEL)
    if isinstance(found, Match):
        assert found.score >= MODEL.sure
        assert found.evidence


def test_a_key_of_the_source_is_never_touched(table: Table):
    assert match(page("Hundesteuer", leika_keys=(LeikaKey("99050012104000"),)), table) is None


def test_a_page_in_another_language_is_not_read(table: Table):
    assert match(page("Hundesteuer", language="en"), table) is None


def test_the_order_of_what_is_known_does_not_matter(table: Table):
    entries = [entry for entry in table.entries if entry.key[2:5] in ("102", "110", "050")]
    shuffled = entries.copy()
    random.Random(1).shuffle(shuffled)
    first, second = (Table(Knowledge(tuple(some)), read_words()) for some in (entries, shuffled))
    for row in PAGES[:12]:
        service = page(row["title"], row["keywords"], row["text"])
        assert match(service, first, model=MODEL) == match(service, second, model=MODEL)


def test_a_runner_up_as_good_as_the_first_leaves_it_to_a_person():
    table = small(
        Entry("99001001000000", "Parkausweis", "object"),
        Entry("99001002000000", "Parkausweis", "object"),
        *(Entry(f"990020{n:02}000000", f"Anderes{n}", "object") for n in range(40)),
    )
    found = match(page("Parkausweis", text="Den Parkausweis gibt es hier."), table, model=MODEL)
    assert not isinstance(found, Match)


def test_a_superseded_object_is_never_assigned_but_its_successors_are_proposed():
    entries = (
        Entry("99001001000000", "Schulmarke", "object"),
        Entry("99001002000000", "Neue Wertmarke", "object"),
        *(Entry(f"990020{n:02}000000", f"Anderes{n}", "object") for n in range(40)),
    )
    service = page("Schulmarke", "Schulmarke", "Die Schulmarke gibt es hier.")
    found = match(service, small(*entries, superseded={"99001001": ("99001002",)}), model=MODEL)
    assert isinstance(found, Review)
    assert found.proposals == ("99001002000000",)
    assert "abgelöst" in found.reason_de


def test_a_shared_legal_basis_decides_between_equal_names():
    entries = (
        Entry("99001001000000", "Erlaubnis Sammlung", "object", "waffg:10"),
        Entry("99001002000000", "Erlaubnis Sammlung", "object", "krwg:18"),
        *(Entry(f"990020{n:02}000000", f"Anderes{n}", "object", "bgb") for n in range(40)),
    )
    legal = Text(language="de", module=Module.LEGAL_BASIS, html="<p>§ 18 KrWG</p>", text="§ 18 KrWG")
    service = page("Erlaubnis Sammlung").model_copy(update={"texts": (legal,)})
    found = find_clues(page_of(service), small(*entries))
    assert order(found, MODEL.rank)[0].code == "99001002"
    assert found["99001002"].law > found["99001001"].law == 0


def links(*keys: str, url: str = OWN_PAGE) -> OfficialLinks:
    return make_official_links((url, Named(key, "pvog-nw", "Amtlicher Titel")) for key in keys)


def test_an_official_record_that_links_to_the_page_gives_its_key(table: Table):
    service = page("Etwas ganz anderes", page="http://stadt.example/buergerservice/535/#top")
    found = match(service, table, links("99115005104000"))
    assert isinstance(found, Match)
    assert found.leika_keys == ("99115005104000",)
    assert found.rule == "matching/link"
    assert "pvog-nw" in found.evidence[0].told_de


def test_a_page_that_serves_several_keys_gets_them_all(table: Table):
    found = match(page("Urkunden", page=OWN_PAGE), table, links("99027002012000", "99059004012000", "99101004012000"))
    assert isinstance(found, Match)
    assert len(found.leika_keys) == 3


def test_an_address_of_very_many_services_says_nothing(table: Table):
    many = links(*(f"990500{n:02}000000" for n in range(10, 20)))
    assert match(page("Startseite", page=OWN_PAGE), table, many) is None


def test_a_page_whose_wording_contradicts_the_link_goes_to_review(table: Table):
    found = match(
        page("Hundesteuer: Hund anmelden", "Hundesteuer", "Hundesteuer zahlen.", page=OWN_PAGE),
        table,
        links("99107023017000"),
    )
    assert isinstance(found, Review)
    assert {"99107023017000", "99102013000000"} <= set(found.proposals)


def test_a_source_cannot_testify_for_its_own_page(table: Table):
    official = links("99115005104000").beside(["pvog-nw"])
    assert match(page("Impressum", page=OWN_PAGE), table, official) is None


def test_the_action_in_the_title_reaches_the_eleventh_digit(table: Table):
    found = match(page("Hundesteuer Abmeldung", "Hundesteuer|Hund abmelden", "Hundesteuer"), table, model=MODEL)
    assert found is not None
    keys = found.leika_keys if isinstance(found, Match) else found.proposals
    assert keys[0] == "99102013070000"


def test_without_an_action_the_key_ends_at_the_object(table: Table):
    found = match(page("Hundesteuer", "Hundesteuer", "Hundesteuer"), table, model=MODEL)
    assert found is not None
    keys = found.leika_keys if isinstance(found, Match) else found.proposals
    assert keys[0] == "99102013000000"


def test_the_alternatives_are_other_objects_surest_first(table: Table):
    found = match(page("Hundesteuer", "Hundesteuer"), table, model=MODEL)
    assert found is not None
    assert len(found.alternatives) > 1
    assert all(first.share >= second.share for first, second in pairwise(found.alternatives))


def test_a_form_that_official_records_use_for_one_object_supports_the_wording(table: Table):
    apply = Link(url="https://formular.example/hund", role=LinkRole.APPLY)
    service = page("Hund anmelden", "Hund", links=(apply,))
    without = match(service, table, model=MODEL)
    with_it = match(service, table, links("99102013104000", url=apply.url), model=MODEL)
    assert with_it is not None
    if isinstance(without, Review) and without.score >= 0.5:
        assert isinstance(with_it, Match)


@pytest.mark.parametrize("title", ["", "   ", "§§§", "–", "x" * 900])
def test_odd_titles_do_no_harm(table: Table, title: str):
    assert match(page(title or "-"), table, model=MODEL) is None
