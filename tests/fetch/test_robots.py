"""robots.txt is read once per host and obeyed; what cannot be read allows nothing for now (RFC 9309)."""

import asyncio
from collections.abc import Sequence

import pytest

from harvester.fetch import Ask, Fetched
from harvester.fetch.errors import ConnectFailed, RobotsRefused
from harvester.fetch.robots import DAY, HOUR, RobotsCache
from tests.fetch.road import MIDNIGHT, FakeTime

RULES = b"\xef\xbb\xbf" + b"User-agent: *\nDisallow: /intern\n\nUser-agent: egov-harvester\nDisallow: /nur-fuer-uns\n"


class Host:
    """A host that gives one answer after another to robots.txt, the last one for ever."""

    def __init__(self, *answers: tuple[int, bytes] | Exception) -> None:
        self.time = FakeTime()
        self.asked: list[Ask] = []
        self.robots = RobotsCache(self._fetch, self.time.clock)
        self._answers = answers

    async def _fetch(self, ask: Ask) -> Fetched:
        answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
        self.asked.append(ask)
        await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return Fetched(ask.url, ask.url, status, (), (), None, body, not_modified=False, fetched_at=MIDNIGHT)

    def refusals(self, *paths: str) -> Sequence[str | None]:
        async def go() -> list[str | None]:
            rules = await asyncio.gather(*(self.robots.rules(f"https://stadt.example{path}") for path in paths))
            return [one.refusal(f"https://stadt.example{path}") for one, path in zip(rules, paths, strict=True)]

        return asyncio.run(go())


def test_the_rules_of_our_own_name_count() -> None:
    host = Host((200, RULES))
    assert host.refusals("/intern", "/nur-fuer-uns", "/") == [None, "robots.txt forbids it", None]


def test_the_rules_are_fetched_once_however_many_ask() -> None:
    host = Host((200, RULES))
    host.refusals("/a", "/b", "/c")
    assert [(ask.url, ask.store) for ask in host.asked] == [("https://stadt.example/robots.txt", False)]


def test_each_origin_has_rules_of_its_own() -> None:
    host = Host((200, RULES))

    async def go() -> None:
        for origin in ("https://stadt.example", "http://stadt.example", "https://stadt.example:8443"):
            await host.robots.rules(f"{origin}/a?b=c#d")

    asyncio.run(go())
    assert [ask.url for ask in host.asked] == [
        "https://stadt.example/robots.txt",
        "http://stadt.example/robots.txt",
        "https://stadt.example:8443/robots.txt",
    ]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_rules_allow_everything(status: int) -> None:
    assert Host((status, b"User-agent: *\nDisallow: /")).refusals("/a") == [None]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_host_in_trouble_is_left_alone(status: int) -> None:
    assert f"answers {status}" in str(Host((status, b"")).refusals("/a")[0])


def test_a_host_out_of_reach_is_left_alone() -> None:
    (reason,) = Host(ConnectFailed("https://stadt.example/robots.txt", "kaputt")).refusals("/a")
    assert "cannot be read" in str(reason)
    assert "kaputt" in str(reason)


def test_rules_are_kept_for_a_day_and_trouble_for_an_hour() -> None:
    host = Host((500, b""), (200, RULES), (404, b""))
    assert host.refusals("/nur-fuer-uns") != [None]
    host.time.passed += HOUR
    assert host.refusals("/nur-fuer-uns") == ["robots.txt forbids it"]
    host.time.passed += DAY - 1
    host.refusals("/a")
    assert len(host.asked) == 2
    host.time.passed += 1
    assert host.refusals("/nur-fuer-uns") == [None]


def test_a_refusal_is_an_error_with_an_address() -> None:
    host = Host((200, RULES))
    with pytest.raises(RobotsRefused, match=r"https://stadt\.example/nur-fuer-uns: robots\.txt forbids it"):
        asyncio.run(host.robots.require("https://stadt.example/nur-fuer-uns"))
    asyncio.run(host.robots.require("https://stadt.example/"))


@pytest.mark.parametrize(
    ("body", "delay"), [(b"User-agent: *\nCrawl-delay: 2.5", 2.5), (b"", None), (b"\xff\x00<html>", None)]
)
def test_the_crawl_delay(body: bytes, delay: float | None) -> None:
    rules = asyncio.run(Host((200, body)).robots.rules("https://stadt.example/"))
    assert rules.crawl_delay == delay
