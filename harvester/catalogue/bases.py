"""Base texts: what Bund and Land wrote once for all, which the descriptions below them refer to. Kept while a catalogue is built."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from harvester.model import Level, Service, Text
from harvester.model.ars import BUND, Ars

Slot: TypeAlias = tuple[str, str]
"""Language and module."""


class Placed(NamedTuple):
    """A text of a service: its slot, and the service whose row holds the same text already."""

    language: str
    module: str
    text: Text
    same_as: str | None


@dataclass(frozen=True, slots=True)
class _Base:
    """A base description: ``held`` has for each text its digest and the service whose row holds it."""

    service_id: str
    changed_at: str
    above: str | None
    held: dict[Slot, tuple[bytes, str]]


@lru_cache(maxsize=20_000)
def width_of(scope: str) -> int:
    """0 for a scope that holds everywhere, 1 for whole Länder, 2 for anything smaller: in this order services are written."""
    levels = {Ars(ars).level for ars in scope.split()}
    return 0 if Level.BUND in levels else 1 if levels <= {Level.LAND} else 2


class Bases:
    """The base descriptions of one build. Wider ones have to come first (``width_of``)."""

    def __init__(self) -> None:
        """Start without any."""
        self._by_place: dict[tuple[str, str], _Base] = {}
        self._by_id: dict[str, _Base] = {}

    def place(
        self, service: Service, service_id: str, changed_at: str, regions: Iterable[str]
    ) -> tuple[str | None, list[Placed]]:
        """The base description of a service, and its texts with those that stand in a row already.

        The base is the description of the same key in the nearest region above, Land before Bund; of several the one changed
        last. Only services with exactly one key have one: a page about several would be filled up with texts of one of them.
        """
        held = list(regions)
        key = service.leika_keys[0] if len(service.leika_keys) == 1 else None
        base = self._above(key, held) if key else None
        texts = {(text.language, str(text.module)): text for text in reversed(service.texts)}
        wide = key is not None and width_of(" ".join(held)) < 2
        if base is None and not wide:
            return None, [Placed(*slot, text, None) for slot, text in reversed(texts.items())]
        placed, digests = [], {}
        for slot, text in reversed(texts.items()):
            digest = hashlib.blake2b(text.html.encode(), digest_size=16).digest()
            holder = next((b.held[slot][1] for b in self._chain(base) if b.held.get(slot, (b"",))[0] == digest), None)
            placed.append(Placed(*slot, text, holder))
            digests[slot] = digest, holder or service_id
        if key and wide:
            self._add(key, held, _Base(service_id, changed_at, base.service_id if base else None, digests))
        return base.service_id if base else None, placed

    def _above(self, key: str, regions: list[str]) -> _Base | None:
        if BUND in regions:
            return None
        lands = {ars[:2] + "0" * 10 for ars in regions}
        near = self._by_place.get((key, min(lands))) if len(lands) == 1 and lands.isdisjoint(regions) else None
        return near or self._by_place.get((key, BUND))

    def _add(self, key: str, regions: list[str], base: _Base) -> None:
        self._by_id[base.service_id] = base
        for ars in regions:
            known = self._by_place.get((key, ars))
            if known is None or (known.changed_at, base.service_id) < (base.changed_at, known.service_id):
                self._by_place[key, ars] = base

    def _chain(self, base: _Base | None) -> Iterator[_Base]:
        while base is not None:
            yield base
            base = self._by_id.get(base.above) if base.above else None
