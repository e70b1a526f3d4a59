"""What addresses are on a town's site: services, pages that lead on, and what is never followed."""

import pytest

from harvester.errors import ConfigurationError
from harvester.registry.options import WebsiteOptions
from harvester.sites import Site, product_of, profile_named

ORA = "https://service.ort.example/dienstleistungen/-/egov-bis-detail/"
RIO = "https://portal.ort.example/detail/-/vr-bis-detail/"


def site(home: str, **options) -> Site:
    return Site.of(home, WebsiteOptions(**options))


@pytest.mark.parametrize(
    ("product", "url", "remote_id"),
    [
        ("openrathaus", ORA + "dienstleistung/1469/show", "1469"),
        (
            "openrathaus",
            "https://service.ort.example/suche/-/egov-bis-detail/dienstleistung/1469/show?p_p_id=1",
            "1469",
        ),
        ("openrathaus", ORA + "einrichtung/6205/show", None),
        ("openrathaus", ORA + "mitarbeiter/311/show", None),
        ("openrathaus", "https://andere.example/-/egov-bis-detail/dienstleistung/1469/show", None),
        ("regioit", RIO + "dienstleistung/60420/show", "60420"),
        ("regioit", RIO + "mitarbeiter/60420/show", None),
        (
            "citko",
            "https://sp.ort.example/dienstleistung/29b85423-3f3e-4a72-8a01-50d6f1259834",
            "29b85423-3f3e-4a72-8a01-50d6f1259834",
        ),
        ("citko", "https://sp.ort.example/extension/service/call/29b85423-3f3e-4a72-8a01-50d6f1259834", None),
        ("gelsenkirchen", "https://ort.example/de/_meta/buergerservice/691", "691"),
        ("gelsenkirchen", "https://ort.example/de/_meta/buergerservice/onlinedienste/bewohnerparken.aspx", None),
        ("generic", "https://ort.example/rathaus/leistungen/hund.html", "/rathaus/leistungen/hund.html"),
        ("generic", "https://www.ort.example/b%C3%BCrgerservice/hund", None),
        ("generic", "https://ort.example/leistungen/a-z", None),
        ("generic", "https://ort.example/leistungen/", None),
        ("generic", "https://ort.example/leistungen/mitarbeiter/erika", None),
        ("generic", "https://ort.example/leistungen/antrag.pdf", None),
        ("generic", "https://ort.example/en/leistungen/dog", None),
        ("generic", "https://ort.example/aktuelles/leistung-der-feuerwehr", None),
    ],
)
def test_pages_of_services(product, url, remote_id):
    home = "/".join(url.split("/")[:3]) + "/" if "andere" not in url else "https://service.ort.example/"
    there = site(home, product=product)
    assert there.identify(there.address(url)) == remote_id


def test_the_same_page_has_one_address():
    there = site("https://ort.example/")
    first = there.address("https://ort.example/leistungen/hund;jsessionid=1A?utm_source=x&b=2&a=1#oben")
    assert (
        first == there.address("/leistungen/hund?a=1&b=2&PHPSESSID=3") == "https://ort.example/leistungen/hund?a=1&b=2"
    )


@pytest.mark.parametrize(
    "url", ["mailto:a@b.example", "javascript:x()", "http://[", "http://ort.example:99999999/", "x" * 3000]
)
def test_what_is_no_address_is_none(url):
    assert site("https://ort.example/").address(url) == ""


def test_www_and_the_scheme_make_no_other_site():
    there = site("https://www.ort.example/")
    assert there.identify(there.address("http://ort.example/leistungen/hund")) == "/leistungen/hund"
    assert not there.own("https://ort.example:8443/leistungen/hund")


@pytest.mark.parametrize(
    "url",
    [
        "/service/kalender/2026/05",
        "/service?month=2031-01",
        "/service/suche?q=hund",
        "/service/print/hund",
        "/service/login",
        "/service/rathaus/service/rathaus/service/rathaus/service",
        "/service/mitarbeiter/",
        "/service/1/2/3/4/5/6/7/8/9/10/11/12",
    ],
)
def test_what_has_no_end_does_not_lead_on(url):
    there = site("https://ort.example/")
    assert not there.lists(there.address(url))
    assert there.lists(there.address("/rathaus/service"))


def test_a_source_may_say_what_is_a_service_there():
    there = site("https://ort.example/", services=[r"^/was/(?P<id>\w+)$"], never=["/was/nicht"])
    assert there.identify("https://ort.example/was/hund") == "hund"
    assert there.identify("https://ort.example/was/nicht") is None
    assert there.identify("https://ort.example/leistungen/hund") is None


def test_a_long_path_is_still_an_identifier():
    there = site("https://ort.example/")
    one, other = (there.identify(f"https://ort.example/leistungen/{'a' * 400}{end}") for end in "bc")
    assert one != other
    assert one is not None
    assert len(one) <= 300


@pytest.mark.parametrize(
    ("url", "product"),
    [
        (ORA + "dienstleistung/1/show", "openrathaus"),
        (RIO + "dienstleistung/1/show", "regioit"),
        ("https://sp.ort.example/extension/service/call/29b85423-3f3e-4a72-8a01-50d6f1259834", "citko"),
        ("https://www.gelsenkirchen.de/de/_meta/buergerservice/691", "gelsenkirchen"),
        ("https://ort.example/leistungen/hund", None),
    ],
)
def test_products_are_told_by_their_addresses(url, product):
    assert product_of(url) == product


def test_an_unknown_product_is_refused():
    with pytest.raises(ConfigurationError, match="no site profile 'typo9'"):
        profile_named("typo9")
    with pytest.raises(ValueError, match="no product 'typo9'; there are citko, gelsenkirchen, generic"):
        WebsiteOptions(product="typo9")


@pytest.mark.parametrize("field", ["services", "never"])
def test_what_is_no_pattern_is_refused(field):
    with pytest.raises(ValueError, match="no regular expression"):
        WebsiteOptions(**{field: ["("]})
