"""Addresses that editors accepted in the place of others: ``data/links/*.yml``. They survive every harvest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from harvester.editorial import Wrong, editorial_files, read_entries, rewrite_entries
from harvester.links.address import Address, read_address

FILE = "accepted.yml"
"""The workspace's own file of them."""


class Accepted(BaseModel):
    """One decision: wherever a source names ``link``, in whatever spelling, the catalogue has ``target``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    link: str = Field(min_length=1, max_length=4000)
    target: str = Field(pattern=r"^https?://", max_length=4000)
    because: str = Field(min_length=10)
    by: str = Field(min_length=1)
    date: dt.date


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands in the place of an address in the end, and the decision that began there."""

    target: str
    decision: Accepted

    @property
    def reason(self) -> str:
        """Why, by whom and when; German, as decisions are written."""
        said = self.decision
        return f"{said.because.rstrip('. ')} ({said.by}, {said.date:%d.%m.%Y})"


def accepted_files(beside: Path | None = None) -> tuple[Path, ...]:
    """The files with decisions: the project's own, and those of another ``data`` directory, as a workspace may have one."""
    return editorial_files("links", beside)


def read_accepted(files: Iterable[Path]) -> tuple[dict[str, Replacement], list[Wrong]]:
    """What replaces an address, by the address as it is checked (``same_address``), and what is wrong in the files.

    Of two decisions about one address the later file's and line's counts: who decides anew means it. Decisions that lead
    in a circle count for nothing.
    """
    wrong: list[Wrong] = []
    decisions = {same_address(said.link): said for _, said in read_entries(files, Accepted, wrong)}
    found = {}
    for url, said in decisions.items():
        target = _follow(url, decisions)
        if target is None:
            wrong.append((said.link, f"Die Entscheidungen über {said.link} führen im Kreis."))
        else:
            found[url] = Replacement(target, said)
    return found, wrong


def _follow(url: str, decisions: Mapping[str, Accepted]) -> str | None:
    """Where the decisions lead in the end; None for a circle."""
    met = {url}
    while True:
        target = decisions[url].target
        url = same_address(target)
        if url in met:
            return None
        if url not in decisions:
            return target
        met.add(url)


def same_address(text: str) -> str:
    """The address that is checked for a text: equal for all spellings of one. What is no address stays as it is."""
    read = read_address(text)
    return read.url if isinstance(read, Address) else text


def write_accepted(folder: Path, decisions: Sequence[Accepted]) -> Path:
    """Add decisions to the workspace's own file, or replace those about the same addresses; returns the file."""
    file = folder / FILE
    told = [decision.model_dump() for decision in decisions]
    rewrite_entries(file, "link", [decision.link for decision in decisions], told)
    return file


def take_back(folder: Path, link: str) -> int:
    """Take out the workspace's own decisions about an address, in any spelling; returns how many there were."""
    file, url = folder / FILE, same_address(link)
    if not file.exists():
        return 0
    own = [said.link for _, said in read_entries([file], Accepted, []) if same_address(said.link) == url]
    if own:
        rewrite_entries(file, "link", own, [])
    return len(own)
