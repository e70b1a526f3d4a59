"""One service from several records: who speaks first, and what the others add."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.merge import combine
from harvester.model import Audience, Code, Level, Link, LinkRole
from tests.build import START, A, B, service, voice

SITUATION = Code(list_uri="urn:x", code="1010000")
CITY = voice(
    service(
        "s",
        "Anmelden",
        keys=[A],
        texts={"fees": "Kostenlos in der Stadt"},
        links=["https://stadt.example"],
        synonyms=("Umzug",),
    ),
    "stadt",
)
BUND = voice(
    service(
        "b",
        "Anmeldung nach dem Bundesmeldegesetz",
        keys=[B],
        official_title="Meldewesen",
        texts={"fees": "Kostenlos", "deadlines": "Zwei Wochen"},
        links=["https://bund.example", "https://stadt.example"],
        audience=(Audience.CITIZEN,),
        situations=(SITUATION,),
        synonyms=("Umzug", "Einzug"),
        page="https://bund.example/seite",
        modified_at=START + timedelta(days=30),
    ),
    "bund",
    Level.BUND,
)
PAGE = voice(
    service("p", "Alles über Umzüge", keys=[A, B], regions=["055130000000"], links=["https://seite.example"]),
    "andere",
    Level.KOMMUNE,
    contributes=True,
)


def test_the_one_nearest_to_the_citizen_speaks_first_however_old_it_is():
    assert combine([BUND, CITY]).service.title == "Anmelden"


def test_on_one_level_the_freshest_speaks_first():
    old = voice(service("a", "Alt", modified_at=START), "a")
    new = voice(service("b", "Neu", modified_at=START + timedelta(days=1)), "b")
    undated = voice(service("c", "Undatiert"), "c")
    assert [v.record.title for v in combine([undated, old, new]).voices] == ["Neu", "Alt", "Undatiert"]


def test_of_equally_fresh_ones_the_fullest_then_the_name_decides():
    empty, full = voice(service("1"), "a"), voice(service("1", texts={"fees": "5 Euro"}), "b")
    assert combine([empty, full]).voices == (full, empty)
    assert combine([voice(service("1"), "b"), empty]).voices[0] == empty


def test_texts_are_filled_in_from_the_others_never_overruled():
    texts = {text.module: text.text for text in combine([BUND, CITY]).service.texts}
    assert texts == {"fees": "Kostenlos in der Stadt", "deadlines": "Zwei Wochen"}


def test_links_and_lists_are_united_each_value_once_the_first_ones_first():
    united = combine([BUND, CITY]).service
    assert [link.url for link in united.links] == ["https://stadt.example", "https://bund.example"]
    assert (united.synonyms, united.leika_keys) == (("Umzug", "Einzug"), (A, B))
    assert (united.audience, united.situations) == ((Audience.CITIZEN,), (SITUATION,))


def test_empty_fields_are_filled_in():
    united = combine([BUND, CITY]).service
    assert (united.official_title, united.page) == ("Meldewesen", "https://bund.example/seite")


def test_a_contributor_gives_links_but_no_title_keys_or_regions():
    united = combine([PAGE, BUND]).service
    assert [link.url for link in united.links][-1] == "https://seite.example"
    assert (united.title, united.leika_keys, united.regions) == (BUND.record.title, (B,), ())


def test_the_same_address_in_another_role_is_another_link():
    form = Link(url="https://stadt.example", role=LinkRole.FORM)
    united = combine([CITY, voice(service("x", links=[form]), "x", Level.LAND)]).service
    assert [link.role for link in united.links] == [LinkRole.APPLY, LinkRole.FORM]


def test_a_single_record_is_taken_as_it_is():
    alone = combine([CITY])
    assert alone.service is CITY.record
    assert alone.taken[""] == (0, "")


@pytest.mark.parametrize("order", list(permutations([CITY, BUND, PAGE])))
def test_taken_tells_for_every_value_the_voice_and_the_path_where_it_stands(order):
    combined = combine(order)
    for path, value in values_of(combined.service):
        index, own = combined.taken[path]
        assert value in [v for p, v in values_of(combined.voices[index].record) if p == own], path


@pytest.mark.parametrize("order", list(permutations([CITY, BUND, PAGE])))
def test_the_order_of_voices_makes_no_difference(order):
    assert combine(order) == combine([CITY, BUND, PAGE])


def values_of(record):
    """Path and value of everything that a record says; of lists the first value."""
    for name in ("title", "official_title", "page", "modified_at"):
        if getattr(record, name):
            yield name, getattr(record, name)
    for name in ("leika_keys", "regions", "audience", "leika_types", "synonyms", "situations", "organisations"):
        if getattr(record, name):
            yield name, getattr(record, name)[0]
    yield from ((f"texts/{text.module}/{text.language}", text) for text in record.texts)
    yield from ((f"links/{index}", link) for index, link in enumerate(record.links))


VOICES = st.lists(
    st.builds(
        lambda name, level, title, fees, days, link: voice(
            service(
                "1",
                title,
                texts={"fees": fees} if fees else {},
                links=[link],
                modified_at=START + timedelta(days=days) if days else None,
            ),
            name,
            level,
        ),
        st.sampled_from("abcdef"),
        st.sampled_from(Level),
        st.sampled_from(["Anmelden", "Abmelden"]),
        st.sampled_from(["", "frei", "5 Euro"]),
        st.integers(0, 2),
        st.sampled_from(["https://x.example", "https://y.example"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda v: v.member.ref,
)


@given(VOICES, st.randoms())
def test_no_order_of_any_voices_makes_a_difference(voices, random):
    assert combine(random.sample(voices, len(voices))) == combine(voices)
