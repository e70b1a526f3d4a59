"""A probe that plays a script: what the checker would see, without a network."""

from collections.abc import Callable
from typing import TypeAlias

from harvester.fetch.clock import Clock
from harvester.links.address import Address
from harvester.links.observation import Fault, Hop, Observation, Page
from harvester.links.probe import Gate

Answer: TypeAlias = "int | Fault | Observation | Callable[[], int | Fault | Observation]"


class Script:
    """Answers by address, else by host, else with 200; random siblings get
    `sibling`, or what the host gives for anything if that is None. `asked` lists (method, address)."""

    def __init__(self, clock: Clock, **hosts: Answer) -> None:
        self.clock = clock
        self.hosts = {name.replace("_", "."): answer for name, answer in hosts.items()}
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        self.sibling: int | None = 404

    async def observe(self, to: Address, method: str, gate: Gate | None = None) -> Observation:  # noqa: ARG002 -- the seam's signature
        self.asked.append((method, to.url))
        answer = self.pages.get(f"{method} {to.url}", self.pages.get(to.url, self.hosts.get(to.host, 200)))
        if is_random(to.url) and self.sibling is not None:
            answer = self.sibling
        if callable(answer):
            answer = answer()
        if isinstance(answer, Observation):
            return answer._replace(url=to.url, at=self.clock.now(), final_url=answer.final_url or to.url)
        return seen(to.url, answer, self.clock, method)

    def pages_asked(self) -> list[str]:
        return [url for _, url in self.asked if not is_random(url)]


def is_random(url: str) -> bool:
    return len(url.rpartition("/")[2]) == 18


def seen(url: str, answer: int | Fault, clock: Clock, method: str = "GET", **facts: object) -> Observation:
    """A plain observation of a status or a fault."""
    if isinstance(answer, Fault):
        return Observation(url, clock.now(), method, None, url, answer)
    page = (
        Page(f"Seite {url}", f"Seite {url}", f"{hash(url) & 0xFFFF:x}", 2_000)
        if answer == 200 and method == "GET"
        else None
    )
    return Observation(url, clock.now(), method, answer, url, media_type="text/html", page=page)._replace(**facts)


def moved(url: str, target: str, clock: Clock, status: int = 301) -> Observation:
    return seen(url, 200, clock, hops=(Hop(status, target),), final_url=target)
