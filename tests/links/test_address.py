import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.links.address import Address, Refusal, read_address

READ = {
    "https://stadt.example/a": "https://stadt.example/a",
    "HTTPS://Stadt.Example": "https://stadt.example/",
    "https://straße.de/": "https://xn--strae-oqa.de/",
    "https://bafög.de/": "https://xn--bafg-7qa.de/",
    "https://b%C3%A4r.de/": "https://xn--br-via.de/",
    "https://mu\u0308nchen.de/": "https://xn--mnchen-3ya.de/",
    "https://a_b.example/": "https://a_b.example/",
    "https://stadt.example:443/": "https://stadt.example/",
    "http://stadt.example:8080/": "http://stadt.example:8080/",
    "http://2130706433/": "http://127.0.0.1/",
    "http://0177.0.0.1/": "http://127.0.0.1/",
    "http://0x7f.1/": "http://127.0.0.1/",
    "http://[::FFFF:127.0.0.1]/": "http://[::ffff:7f00:1]/",
    "http:\\\\stadt.example\\a": "http://stadt.example/a",
    "http:/stadt.example/a": "http://stadt.example/a",
    " https://stadt.example/\u200b": "https://stadt.example/",
    "https://stadt.example/a b": "https://stadt.example/a%20b",
    "https://stadt.example/a\tb\n": "https://stadt.example/ab",
    "https://stadt.example/ä": "https://stadt.example/%C3%A4",
    "https://stadt.example/%C3%A4": "https://stadt.example/%C3%A4",
    "https://stadt.example/100%": "https://stadt.example/100%",
    "https://stadt.example/?q=ä": "https://stadt.example/?q=%C3%A4",
    "https://stadt.example/a#:~:text=Amt": "https://stadt.example/a",
    "https://stadt.example/#/route": "https://stadt.example/",
    "https://stadt.example/a/../b/./c": "https://stadt.example/b/c",
    "https://stadt.example/a/%2E%2e/b": "https://stadt.example/b",
}

REFUSED = {
    "": "address-empty",
    "   ": "address-empty",
    "www.stadt.example/a": "address-no-scheme",
    "//stadt.example/a": "address-no-scheme",
    "Rathaus": "address-no-scheme",
    "http://": "address-no-host",
    "https:///": "address-no-host",
    "http://:80/": "address-no-host",
    f"https://{'a' * 64}.de/": "address-bad-host",
    f"https://{'ä' * 60}.de/": "address-bad-host",
    "https://a..de/": "address-bad-host",
    "https://1.2.3.4.5/": "address-bad-host",
    "https://256.1.1.1/": "address-bad-host",
    "https://[::1/": "address-bad-host",
    "https://sta dt.example/": "address-bad-host",
    "https://stadt.example:0/": "address-bad-port",
    "https://stadt.example:99999/": "address-bad-port",
    "https://stadt.example:ab/": "address-bad-port",
    "https://user:geheim@stadt.example/": "userinfo",
    "https://stadt.example/{serviceId}": "template",
    "https://stadt.example/%7BserviceId%7D": "template",
    "https://stadt.example/${id}": "template",
    "mailto:amt@stadt.example": "scheme",
    "tel:+49209": "scheme",
    "ftp://stadt.example/": "scheme",
    "javascript:void(0)": "script-address",
    "data:text/html,x": "script-address",
    "https://stadt.example/\x07a": "address-control",
    "https://stadt.example/" + "a" * 8_000: "address-too-long",
}


@pytest.mark.parametrize(("text", "url"), READ.items())
def test_what_a_browser_can_open_is_read_as_browsers_do(text, url):
    read = read_address(text)
    assert isinstance(read, Address)
    assert read.url == url


@pytest.mark.parametrize(("text", "code"), REFUSED.items())
def test_what_no_browser_can_open_or_we_may_not_ask_for_is_refused_with_its_code(text, code):
    read = read_address(text)
    assert isinstance(read, Refusal)
    assert read.code == code


def test_a_missing_scheme_comes_with_the_address_that_may_be_meant():
    assert read_address("www.stadt.example/a") == Refusal("address-no-scheme", hint="https://www.stadt.example/a")


def test_what_was_mended_is_named():
    read = read_address(" http:\\\\stadt.example\\a b")
    assert isinstance(read, Address)
    assert set(read.repairs) == {"outer-space", "backslash", "space"}


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("/neu", "https://stadt.example/neu"),
        ("neu", "https://stadt.example/a/neu"),
        ("?q=1", "https://stadt.example/a/b?q=1"),
        ("//kreis.example/x", "https://kreis.example/x"),
        ("../x", "https://stadt.example/x"),
        ("https:neu", "https://stadt.example/a/neu"),
        ("/übersicht", "https://stadt.example/%C3%BCbersicht"),
        ("http://stadt.example/{x}", "http://stadt.example/%7Bx%7D"),
    ],
)
def test_targets_of_redirects_are_read_relative_to_the_page(target, url):
    base = read_address("https://stadt.example/a/b?c=1")
    assert isinstance(base, Address)
    read = read_address(target, base)
    assert isinstance(read, Address)
    assert read.url == url


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_reading_is_stable(text):
    for attempt in (text, f"https://{text}", f"https://stadt.example/{text}"):
        read = read_address(attempt)
        if isinstance(read, Address):
            assert read.url.isascii()
            again = read_address(read.url)
            # A template is refused as a source writes it; percent-encoded by us it would be one again.
            assert isinstance(again, Refusal) or again.url == read.url
