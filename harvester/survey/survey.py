"""What a look at a site has shown. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from harvester.fetch.budget import registrable_domain
from harvester.model import Ars, Region


@dataclass(frozen=True, slots=True)
class Sample:
    """One page of a service, read as the source would read it. ``title`` is empty where it gave none."""

    url: str
    title: str
    keys: int
    texts: tuple[str, ...]
    links: int
    structured: tuple[str, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A site as it was seen.

    ``product`` is None where no sign of one was seen, ``product_sign`` where it was. ``robots`` says in a sentence what
    robots.txt lets us do. ``sitemap`` is the one that names services; ``services`` counts the service pages found, in a sitemap
    (``proven``) or by links. ``region`` is None unless exactly one region has the name in the host.
    """

    url: str
    name: str
    product: str | None
    product_sign: str
    robots: str
    sitemap: str
    sitemaps: int
    services: int
    proven: bool
    samples: tuple[Sample, ...]
    region: Region | None
    trouble: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        region = {"ars": self.region.ars, "name": self.region.name} if self.region else None
        told = {name: getattr(self, name) for name in self.__slots__ if name not in {"samples", "region"}}
        return {**told, "samples": [asdict(sample) for sample in self.samples], "region": region}


def guess_region(host: str, regions: Mapping[Ars, Region]) -> Region | None:
    """The municipality or Kreis whose name a host bears, if only one does: ``service.herten.de`` is Herten's."""
    names = set(_names(host))
    found = {
        region.ars: region
        for region in regions.values()
        if region.kind not in {"Bund", "Land", "Gemeindeverband"} and _slug(region.name) in names
    }
    if len(found) > 1:  # a Kreis and its city: the longer name is meant, and "kreis-x.de" says Kreis itself
        found = {ars: region for ars, region in found.items() if region.kind != "Kreis"}
    return next(iter(found.values())) if len(found) == 1 else None


def source_id(host: str, region: Region | None) -> str:
    """A name for the source: of the region, else of the host."""
    base = _slug(region.name) if region else _slug(registrable_domain(host).rpartition(".")[0] or host)
    return f"website-{base or 'ort'}"


def _names(host: str) -> Iterable[str]:
    labels = host.lower().removeprefix("www.").split(".")
    for label in labels[:-1] or labels:
        yield label
        for word in ("stadt-", "gemeinde-", "kreis-", "landkreis-", "service-", "serviceportal-"):
            if label.startswith(word):
                yield label.removeprefix(word)


def _slug(name: str) -> str:
    plain = name.casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(umlaut, letters)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
