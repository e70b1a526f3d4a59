"""A host is asked gently, whoever asks and whatever name it goes by."""

import asyncio
from collections.abc import Sequence

import pytest

from harvester.fetch import HostBudget, Pace, PolitenessSettings
from harvester.fetch.budget import registrable_domain
from tests.fetch.road import FakeTime

Wish = tuple[str, Sequence[str], Pace | None]


def starts(*wishes: Wish, interval: float = 1.0, concurrency: int = 1) -> list[float]:
    """When each of these requests starts if all are wished for at once and take no time."""
    time = FakeTime()
    waking: list[tuple[float, asyncio.Event]] = []

    async def sleep(seconds: float) -> None:
        event = asyncio.Event()
        waking.append((time.passed + seconds, event))
        await event.wait()

    async def go() -> list[float]:
        clock = type(time.clock)(seconds=time.clock.seconds, sleep=sleep, now=time.now)
        budget = HostBudget(PolitenessSettings(interval=interval, concurrency=concurrency), clock)
        begun = [-1.0] * len(wishes)

        async def one(index: int, wish: Wish) -> None:
            async with budget.slot(*wish):
                begun[index] = time.passed

        tasks = [asyncio.create_task(one(index, wish)) for index, wish in enumerate(wishes)]
        while not all(task.done() for task in tasks):
            for _ in range(5 * len(wishes)):
                await asyncio.sleep(0)
            if waking:
                waking.sort(key=lambda entry: entry[0])
                when, event = waking.pop(0)
                time.passed = when
                event.set()
        await asyncio.gather(*tasks)
        return begun

    return asyncio.run(go())


A, B = ["192.0.2.1"], ["192.0.2.2"]


def test_one_domain_is_asked_once_a_second() -> None:
    assert starts(("stadt.example", A, None), ("www.stadt.example", B, None), ("x.stadt.example", B, None)) == [0, 1, 2]


def test_other_hosts_do_not_wait() -> None:
    assert starts(("eins.example", A, None), ("zwei.example", B, None)) == [0, 0]


def test_towns_that_share_a_server_share_its_patience() -> None:
    assert starts(("eins.example", A, None), ("zwei.example", A, None), ("drei.example", B, None)) == [0, 1, 0]


def test_public_suffixes_are_no_domains() -> None:
    assert registrable_domain("rathaus.stadt.co.uk") == "stadt.co.uk"
    assert registrable_domain("service.gelsenkirchen.de") == "gelsenkirchen.de"
    assert registrable_domain("127.0.0.1") == "127.0.0.1"
    assert registrable_domain("2001:db8::1") == "2001:db8::1"
    assert registrable_domain("localhost") == "localhost"
    assert registrable_domain("www.rathaus.intern") == "rathaus.intern"


def test_a_source_may_be_asked_faster_or_slower_than_the_default() -> None:
    fast, slow = Pace(0.25), Pace(4)
    assert starts(*[("stadt.example", A, fast)] * 4) == [0, 0.25, 0.5, 0.75]
    assert starts(*[("stadt.example", A, slow)] * 3) == [0, 4, 8]


def test_interval_zero_switches_everything_off() -> None:
    assert starts(*[("stadt.example", A, Pace(9))] * 5, interval=0) == [0] * 5


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_never_more_at_once_than_allowed(limit: int) -> None:
    time = FakeTime()
    running = peak = 0

    async def go() -> None:
        budget = HostBudget(PolitenessSettings(interval=0.001, concurrency=limit), time.clock)

        async def one() -> None:
            nonlocal running, peak
            async with budget.slot("stadt.example", A):
                running += 1
                peak = max(peak, running)
                for _ in range(9):
                    await asyncio.sleep(0)
                running -= 1

        await asyncio.gather(*(one() for _ in range(9)))

    asyncio.run(go())
    assert peak == limit


def test_a_cancelled_request_gives_its_turn_back() -> None:
    time = FakeTime()

    async def go() -> str:
        budget = HostBudget(PolitenessSettings(interval=0.001), time.clock)

        async def one() -> str:
            async with budget.slot("stadt.example", A):
                return "an der Reihe"

        async with budget.slot("stadt.example", A):
            waiting = asyncio.create_task(one())
            behind = asyncio.create_task(one())
            for _ in range(3):
                await asyncio.sleep(0)
            waiting.cancel()
        return await behind

    assert asyncio.run(go()) == "an der Reihe"


def test_a_cancelled_request_whose_turn_has_come_gives_it_back() -> None:
    time = FakeTime()

    async def go() -> str:
        budget = HostBudget(PolitenessSettings(interval=0.001), time.clock)

        async def one() -> str:
            async with budget.slot("stadt.example", A):
                return "an der Reihe"

        async with budget.slot("stadt.example", A):
            waiting = asyncio.create_task(one())
            behind = asyncio.create_task(one())
            for _ in range(3):
                await asyncio.sleep(0)
        waiting.cancel()  # it has been woken, but has not run since
        return await asyncio.wait_for(behind, timeout=5)

    assert asyncio.run(go()) == "an der Reihe"


def test_a_pause_holds_for_all() -> None:
    time = FakeTime()

    async def go() -> None:
        budget = HostBudget(PolitenessSettings(), time.clock)
        budget.defer("www.stadt.example", 30)
        async with budget.slot("stadt.example"):
            pass

    asyncio.run(go())
    assert time.passed == 30
