"""Addresses as editors type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.address import clean_address, is_template


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("https://www.stadt.example/a?b=1#c", "https://www.stadt.example/a?b=1#c"),
        ("  http://stadt.example/ \n", "http://stadt.example/"),
        ("\u200bhttps://stadt.example/\ufeffa\u00ad", "https://stadt.example/a"),
        ("www.stadt.example", "https://www.stadt.example"),
        ("WWW.stadt.example/a", "https://WWW.stadt.example/a"),
        ("//stadt.example/a", "https://stadt.example/a"),
        ("HTTPS://stadt.example", "https://stadt.example"),
        ("https://stadt.example/ein formular.pdf", "https://stadt.example/ein%20formular.pdf"),
        ("https://stadt.example/lan\n   ge-zeile", "https://stadt.example/lange-zeile"),
        ("https://stadt.example/?a=1&amp;b=2", "https://stadt.example/?a=1&b=2"),
        ("https://stadt.example:8443/a", "https://stadt.example:8443/a"),
        ("https://www.köln.example/straße", "https://www.köln.example/straße"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://[abcd:db8::1]/a", "https://[abcd:db8::1]/a"),
    ],
)
def test_an_address_is_kept_and_tidied(raw, url):
    assert clean_address(raw) == (url, False, "")


@pytest.mark.parametrize("raw", ["", "   ", "\u200b\n", "\ufeff"])
def test_nothing_is_no_problem(raw):
    assert clean_address(raw) == ("", False, "")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("javascript:alert(1)", "its scheme is 'javascript'"),
        ("JavaScript:alert(1)", "its scheme is 'javascript'"),
        ("java\nscript:alert(1)", "its scheme is 'javascript'"),
        ("data:text/html,hallo", "its scheme is 'data'"),
        ("mailto:amt@stadt.example", "its scheme is 'mailto'"),
        ("ftp://stadt.example/a", "its scheme is 'ftp'"),
        ("/formular.pdf", "is relative"),
        ("formular.pdf", "is relative"),
        ("stadt.example:8080/a", "is relative"),
        ("#oben", "is relative"),
        ("{adresse}", "is relative"),
        ("http://", "has no host"),
        ("https:stadt.example", "has no host"),
        ("https:\\\\stadt.example", "has no host"),
        ("http:///pfad", "has no host"),
        ("https://https://stadt.example", "names its scheme twice"),
        ("https://amt:geheim@stadt.example/", "carries a user name"),
        ("https://[stadt.example/", "cannot be read"),
        ("https://stadt.example:achtzig/", "cannot be read"),
        ("https://a.example https://b.example", "more than one address"),
        ("https://a.example\nwww.b.example", "more than one address"),
    ],
)
def test_what_no_browser_can_open_is_a_problem_with_a_reason(raw, why):
    address = clean_address(raw)
    assert (address.url, address.template) == ("", False)
    assert why in address.problem


def test_a_problem_shows_no_more_than_the_beginning_of_a_long_address():
    assert len(clean_address("x" * 10_000).problem) < 250


@pytest.mark.parametrize(
    "url",
    [
        "https://stadt.example/#/services/{serviceId}",
        "https://stadt.example/#/services/${serviceId}",
        "https://stadt.example/%7BserviceId%7D/x",
        "https://stadt.example/%7bserviceId%7d",
        "https://{mandant}.stadt.example/",
        "https://stadt.example/{}",
        "https://stadt.example/plz/[plz]",
        "https://stadt.example/?plz=[PLZ]&x=1",
        "https://stadt.example/?ort=<ort>",
        "https://stadt.example/?ort=%3COrt%3E",
        "https://stadt.example/?gebiets_id=",
        "https://stadt.example/?a=1&oeId=&b=2",
        "https://stadt.example/?plz=#oben",
        "https://[mandant]/x?plz=",
    ],
)
def test_an_address_with_gaps_is_a_template(url):
    assert clean_address(url) == (url, True, "")


@pytest.mark.parametrize(
    "url",
    [
        "https://stadt.example/?gebiets_id=123&oeId=4&plz=45879",
        "https://stadt.example/?tx_news[uid]=5&tx_news[action]=show",
        "https://stadt.example/termin?anliegen[]=120335",
        "https://stadt.example/?q=&suche=",
        "https://stadt.example/?xplz=",
        "https://stadt.example/?List={3F2504E0-4F89-11D3-9A0C-0305E82C3301}",
        "https://stadt.example/?List=%7B3F2504E0-4F89-11D3-9A0C-0305E82C3301%7D",
        'https://stadt.example/#{"seite":1}',
        "https://stadt.example/?state=%7B%22a%22:1%7D",
    ],
)
def test_brackets_and_empty_parameters_of_real_addresses_are_no_gaps(url):
    assert not is_template(url)


@given(st.text())
def test_any_text_is_an_address_or_a_problem_and_never_both(raw):
    address = clean_address(raw)
    assert not (address.url and address.problem)
    assert address.url == "" or address.url.startswith(("https://", "http://"))
    address.problem.encode()


@given(st.from_regex(r"(https?://|www\.|//)?[a-z]{1,8}\.example/[a-z{}\[\]=&?# ]{0,20}", fullmatch=True))
def test_cleaning_an_address_twice_changes_nothing(raw):
    once = clean_address(raw)
    assert clean_address(once.url) == once or once.problem
