"""Rules of single fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from harvester.model import LinkRole, Module, clean_text
from normalizers.address import clean_address
from normalizers.xzufi.identifier import COMPETENCE, SERVICE, read_id
from normalizers.xzufi.language import preferred, read_language
from normalizers.xzufi.link import read_address
from normalizers.xzufi.region import Inside, read_region
from tests.normalizers.xzufi.making import message, module, read, read_one, service


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (None, "de"),
        ("", "de"),
        ("de", "de"),
        ("de-DE", "de"),
        ("de_DE", "de"),
        ("DE", "de"),
        ("deu", "de"),
        ("Deutsch", "de"),
        ("en-GB", "en"),
        ("es-419", "es"),
        ("de-x-leicht", "de-x-leicht"),
        ("de-DE-x-leicht", "de-x-leicht"),
        ("zh-Hans", "zh-hans"),
        ("eng-GB", "en"),
        ("!", "und"),
        ("d", "und"),
    ],
)
def test_language_codes(code, language):
    assert read_language(code) == language


def test_german_goes_before_other_languages():
    assert preferred(["en", "de"]) == "de"
    assert preferred(["pl", "en"]) == "pl"


@pytest.mark.parametrize(
    ("xml", "kind", "found"),
    [
        ('<id schemeAgencyID="L100002"> 4711 </id>', SERVICE, "L100002.LB.4711"),
        ("<id>4711</id>", SERVICE, "4711"),
        ('<id schemeAgencyID="L1" schemeID="Z">1</id>', SERVICE, "L1.LB.1"),
        ('<id schemeAgencyID="L1" schemeID="Z">1</id>', COMPETENCE, "L1.ZS.Z.1"),
        ('<id schemeID="Z">1</id>', COMPETENCE, "Z.1"),
        ('<id schemeAgencyID="L1"> </id>', SERVICE, ""),
    ],
)
def test_identifiers(xml, kind, found):
    assert read_id(etree.fromstring(xml), kind) == found


def test_no_identifier_element_is_no_identifier():
    assert read_id(None, SERVICE) == ""


@pytest.mark.parametrize(
    ("key", "ars"),
    [
        ("055130000000", "055130000000"),
        ("05 513 0000 000", "055130000000"),
        ("05", "050000000000"),
        ("055", "055000000000"),
        ("05562", "055620000000"),
        ("055624004", "055624004000"),
        ("05513000", "055130000000"),
        ("0", "000000000000"),
        ("00", "000000000000"),
        ("0000000000000000", "000000000000"),
        ("05562004", "055620004004"),
        ("09184148", "091840148148"),
        ("05562999", None),
        ("0556", None),
        ("٠٥", None),
        ("NRW", None),
    ],
)
def test_regional_keys(key, ars):
    region = read_region(key, "liste")
    assert region.ars == ars
    assert bool(region.problem) == (ars is None)


@pytest.mark.parametrize(
    ("within", "region", "inside"),
    [
        (None, "055130000000", True),
        ("00", "055130000000", True),
        ("05", "055130000000", True),
        ("05", "090000000000", False),
        ("05562", "055620004004", True),
        ("05562", "055130000000", False),
        ("055130000000", "055130000000", True),
        ("055130000000", "050000000000", False),
        ("055620004004", "055620004004", True),
        ("055620004004", "055620004005", False),
    ],
)
def test_regions_inside_others(within, region, inside):
    assert Inside(within)((region,)) is inside


def test_a_record_without_regions_is_everywhere():
    assert Inside("05513")(())


def test_records_outside_are_left_out_and_counted():
    def at(number, key):
        return service(f"<x:gueltigkeitGebietID>{key}</x:gueltigkeitGebietID>", number)

    found, issue = read(message(at(1, "055130000000"), at(2, "09"), at(3, "00")), regions_within="05513")
    assert found.record.remote_id == "L1.LB.1"
    assert issue.message == "Records were left out because all their regions lie outside regions_within (2×)."
    assert issue.locator == "/*/schreibe[2]/leistung"


@given(st.from_regex(r"https?://[a-z0-9.-]{1,20}(/[a-zA-Z0-9._~/%?=&{}\[\]-]{0,20})?", fullmatch=True))
def test_the_short_way_for_plain_addresses_leads_to_the_same(raw):
    assert read_address(raw) == clean_address(raw)


def test_roles_of_links_follow_their_module():
    link = "<x:weiterfuehrenderLink><x:uri>https://a.example/{}</x:uri></x:weiterfuehrenderLink>"
    codes = ("06", "07", "14", "23")
    found, _ = read_one(
        "".join(module(code, "Text").replace("</x:modulText>", link.format(code) + "</x:modulText>") for code in codes)
    )
    roles = [it.role for it in found.links]
    assert roles == [LinkRole.INFORMATION, LinkRole.LEGAL, LinkRole.FORM, LinkRole.CONTACT]


FRAGMENTS = [
    "kurz",
    "&lt;p&gt;Absatz&lt;/p&gt;",
    "&lt;ul&gt;&lt;li&gt;Punkt&lt;/li&gt;&lt;/ul&gt;",
    "a &lt;b&gt;fett&lt;/b&gt;",
    "x &amp;amp; y",
]


@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4))
def test_joined_texts_are_clean_texts(fragments):
    found, issues = read_one("".join(module("06", fragment) for fragment in fragments))
    (text,) = [it for it in found.texts if it.module is Module.DESCRIPTION]
    assert clean_text(text.html) == (text.html, text.text)
    assert text.text.count("\n") == len(dict.fromkeys(fragments)) - 1
    assert issues == []


def test_texts_keep_their_languages_apart():
    found, _ = read_one(
        module("06", "Deutsch", "de") + module("06", "English", "en") + module("06", "Nochmals", "de-DE")
    )
    assert [(it.language, it.text) for it in found.texts[1:]] == [("de", "Deutsch\nNochmals"), ("en", "English")]


def test_markup_that_nobody_escaped_is_read():
    found, _ = read_one(module("06", "1 &lt; 2 <p>Absatz <b>fett</b></p> Rest"))
    assert found.texts[1].text == "1 < 2\nAbsatz fett\nRest"


def test_a_title_in_another_language_keeps_the_official_one():
    found, _ = (
        read(
            message(
                f"<x:leistung><x:id>1</x:id>{module('03', 'Hello', 'en')}{module('02', 'Amtlich', 'de')}</x:leistung>"
            )
        )[0],
        None,
    )
    assert (found.record.title, found.record.official_title, found.record.language) == ("Hello", "Amtlich", "en")


def test_a_title_that_is_too_long_costs_only_its_record():
    broken, whole = read(message(service(title="x" * 1001), service(number=2)))
    assert (broken.severity, broken.rule, broken.remote_id) == ("error", "xzufi.invalid", "L1.LB.1")
    assert whole.record.remote_id == "L1.LB.2"


def test_two_records_in_one_element_have_places_of_their_own():
    first, second = read(message(service(number=1) + service(number=2)))
    assert (first.locator, second.locator) == ("/*/schreibe[1]/leistung", "/*/schreibe[1]/leistung[2]")


@pytest.mark.parametrize(
    ("betrag", "text"),
    [
        ("0", "Es fallen Kosten von 0,00 Euro an."),
        ("12,5", "Es fallen Kosten von 12,50 Euro an."),
        ("-3", "Kosten: -3"),
        ("NaN", "Kosten: NaN"),
        ("1E999999", "Kosten: 1E999999"),
    ],
)
def test_amounts(betrag, text):
    found, _ = read_one(f"<x:modulKosten><x:kosten><x:betrag>{betrag}</x:betrag></x:kosten></x:modulKosten>")
    assert found.texts[1].text == text


def test_placeholders_are_no_explanations_of_fees():
    entry = "<x:kosten><x:betrag>1</x:betrag><x:beschreibung>nicht angegeben</x:beschreibung></x:kosten>"
    found, _ = read_one(f"<x:modulKosten>{entry}</x:modulKosten>")
    assert found.texts[1].text == "Es fallen Kosten von 1,00 Euro an."


@given(st.text(max_size=40))
def test_any_text_in_any_field_is_read_without_a_stumble(text):
    safe = "".join(char for char in text if char.isprintable()).replace("&", "&amp;").replace("<", "&lt;")
    fields = (
        f"<x:referenzLeiKa><code>{safe}</code></x:referenzLeiKa>"
        f"<x:gueltigkeitGebietID>{safe}</x:gueltigkeitGebietID>"
        f"<x:versionsinformation><x:geaendertDatumZeit>{safe}</x:geaendertDatumZeit></x:versionsinformation>"
        f"<x:modulFrist><x:frist><x:dauer>{safe}</x:dauer><x:einheit>{safe}</x:einheit></x:frist></x:modulFrist>"
        f"<x:modulFrist><x:frist><x:von>{safe}</x:von></x:frist></x:modulFrist>"
        f"<x:modulKosten><x:kosten><x:betrag>{safe}</x:betrag></x:kosten></x:modulKosten>"
        f"<x:modulUrsprungsportal><x:uri>{safe}</x:uri></x:modulUrsprungsportal>" + module("06", safe)
    )
    body = message(service(fields))
    assert read(body) == read(body)
    assert read(body)[0].record.title == "Titel"
