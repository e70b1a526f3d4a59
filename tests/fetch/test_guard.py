"""The program asks public servers only, however an address is spelled."""

import asyncio
from ipaddress import ip_address, ip_network

import pytest

from harvester.fetch import Ask, Clock
from harvester.fetch.errors import AddressRefused, FetchError, InvalidAddress, SchemeRefused
from harvester.fetch.guard import AddressGuard, check_url
from harvester.fetch.names import Names
from tests.fetch.road import make_fetcher, settings

REFUSED_ADDRESSES = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",  # a metadata service (Alibaba)
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",  # a metadata service (Azure)
    "169.254.169.254",  # the metadata service
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",  # a metadata service (Oracle)
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",  # a metadata service (Amazon)
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
PUBLIC_ADDRESSES = [
    "9.9.9.9",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "193.99.144.80",
    "2a00:1450::1",
    "2001:4860:4860::8888",
    "::ffff:9.9.9.9",
    "64:ff9b::909:909",
]
# Spellings of loopback that C libraries and browsers take for an address.
ODD_HOSTS = ["2130706433", "0x7f000001", "0x7F.0.0.1", "017700000001", "0177.0.0.1", "127.1", "127.0.1", "0"]


@pytest.mark.parametrize("text", REFUSED_ADDRESSES)
def test_what_is_not_public_is_refused(text: str) -> None:
    assert AddressGuard().refusal(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC_ADDRESSES)
def test_what_is_public_passes(text: str) -> None:
    assert AddressGuard().refusal(ip_address(text)) is None


@pytest.mark.parametrize("text", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_an_allowed_network_passes_and_only_that(text: str) -> None:
    guard = AddressGuard([ip_network("127.0.0.0/8")])
    assert guard.refusal(ip_address(text)) is None
    assert guard.refusal(ip_address("10.0.0.1"))
    assert guard.refusal(ip_address("::1"))


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_odd_spellings_are_what_they_mean(host: str) -> None:
    async def never(host: str, port: int) -> list[str]:
        raise AssertionError(f"asked the name service for {host}:{port}")

    names = Names(AddressGuard(), Clock(), never)
    with pytest.raises(AddressRefused, match=r"is (loopback|unspecified)"):
        asyncio.run(names.addresses(host, 80, 1))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:7f00:1]", *ODD_HOSTS, "10.0.0.1", "169.254.169.254"])
def test_the_fetcher_refuses_before_it_connects(host: str, tmp_path) -> None:
    async def go() -> None:
        async with make_fetcher(tmp_path, settings(allow_addresses=())) as fetcher:
            await fetcher.fetch(Ask(f"http://{host}:9/"))

    # httpx itself takes some of the odd spellings for no address at all, which is as good.
    with pytest.raises((AddressRefused, InvalidAddress)):
        asyncio.run(go())


def test_the_refusal_says_what_to_do(tmp_path) -> None:
    async def go() -> None:
        async with make_fetcher(tmp_path, settings(allow_addresses=())) as fetcher:
            await fetcher.fetch(Ask("http://127.0.0.1:9/"))

    with pytest.raises(AddressRefused) as caught:
        asyncio.run(go())
    assert caught.value.code == "address-refused"
    assert "http://127.0.0.1:9/" in str(caught.value)
    assert "allow_addresses" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("ftp://stadt.example/", SchemeRefused),
        ("file:///etc/passwd", SchemeRefused),
        ("javascript:alert(1)", SchemeRefused),
        ("mailto:post@stadt.example", SchemeRefused),
        ("data:text/plain,x", SchemeRefused),
        ("stadt.example/amt", SchemeRefused),
        ("", SchemeRefused),
        ("https://user:geheim@stadt.example/", InvalidAddress),
        ("https://stadt.example@127.0.0.1/", InvalidAddress),
        ("https:///pfad", InvalidAddress),
        ("https://stadt.example:0/", InvalidAddress),
        ("https://stadt.example:99999/", InvalidAddress),
        ("https://stadt.example\\@127.0.0.1/", InvalidAddress),
        ("https://stadt .example/", InvalidAddress),
        ("https://stadt.example/a\tb", InvalidAddress),
        ("https://stadt.example/a\nb", InvalidAddress),
        (f"https://{'a' * 64}.example/", InvalidAddress),
        ("https://[::1", InvalidAddress),
        ("https://%zz.example/", InvalidAddress),
        ("https://stadt..example/", InvalidAddress),
    ],
)
def test_addresses_that_cannot_be_fetched(text: str, error: type[FetchError]) -> None:
    with pytest.raises(error):
        check_url(text)


def test_a_password_is_not_repeated_in_the_message() -> None:
    with pytest.raises(InvalidAddress) as caught:
        check_url("https://user:geheim@stadt.example/")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "fetched"),
    [
        ("https://bafög.example/ä?q=ü#oben", "https://xn--bafg-7qa.example/%C3%A4?q=%C3%BC"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("HTTPS://STADT.example:443/A", "https://stadt.example/A"),
        (" https://stadt.example/ ", "https://stadt.example/"),
    ],
)
def test_addresses_as_they_are_sent(text: str, fetched: str) -> None:
    url = check_url(text)
    assert f"{url.scheme}://{url.raw_host.decode()}{url.raw_path.decode()}" == fetched
