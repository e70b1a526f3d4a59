"""The nation: who publishes what, where and in which form, from a seed and a scale. Pure; no document is made here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from benchmarks.nation import address
from benchmarks.nation.dice import SILVER, Dice
from benchmarks.nation.regions import BUND, Region, laender, municipalities
from benchmarks.nation.shelf import Shelf

PORT = 8760
BUND_SERVICES, LAND_SERVICES, PROVIDERS = 1_000, 600, 3_000
"""At scale 1: base texts of the Bund, services of each Land, providers of online services."""

_SIZES = {"kreisfreie Stadt": 260, "Stadt": 130, "Gemeinde": 78}
_SECOND = 0.6
_DOWN = 0.02
# How towns publish, and the share of towns that do. Of two ways the first has everything, the second a part.
_CHANNELS = (
    (0.54, ("xzufi",)),
    (0.62, ("xzufi", "website")),
    (0.68, ("xzufi", "details")),
    (0.76, ("csv",)),
    (0.84, ("details",)),
    (0.96, ("website",)),
    (1.00, ("dldb",)),
)
_PRODUCTS = ("openrathaus", "regioit", "citko", "gelsenkirchen", "generic")


class Town(NamedTuple):
    """A municipality. ``rank`` is its place among all; ``forms`` are those of its sources."""

    rank: int
    region: Region
    size: int
    forms: tuple[str, ...]

    @property
    def land(self) -> int:
        """The number of its Land, 1 to 16."""
        return int(self.region.ars[:2])

    @property
    def host(self) -> str:
        """The address of its site."""
        return address.town(self.rank)


class Published(NamedTuple):
    """A source as the registry has to describe it."""

    id: str
    title: str
    level: str
    region: str
    interface: str
    endpoint: str
    options: dict[str, object]
    least: int


@dataclass(frozen=True)
class Nation:
    """Everything there is. ``port`` is the one on which all of its hosts listen."""

    seed: int = 1
    scale: float = 0.01
    port: int = PORT
    dice: Dice = field(init=False)

    def __post_init__(self) -> None:
        """Take the seed into the dice; another scale is another nation only in what hangs on the number of towns."""
        object.__setattr__(self, "dice", Dice(self.seed))

    @cached_property
    def towns(self) -> tuple[Town, ...]:
        """All municipalities, in the order of their keys."""
        return tuple(self._town(rank, region) for rank, region in enumerate(municipalities(self.scale)))

    @property
    def providers(self) -> int:
        """How many providers of online services there are."""
        return max(round(PROVIDERS * self.scale), 10)

    def _town(self, rank: int, region: Region) -> Town:
        size = round(_SIZES[region.kind] * (0.7 + 0.6 * self.dice.share("size", region.ars)))
        place = self.dice.even(rank, "channel")
        forms = next(forms for limit, forms in _CHANNELS if place < limit or limit >= 1)
        product = _PRODUCTS[int(self.dice.even(rank, "product", SILVER) * len(_PRODUCTS))]
        return Town(rank, region, size, tuple(product if form == "website" else form for form in forms))

    # -- shelves ---------------------------------------------------------------------------------------------------

    def base_shelf(self) -> Shelf:
        """The Bund's base texts."""
        size = max(round(BUND_SERVICES * self.scale), 12)
        return Shelf("bund", "bund-stammtexte", BUND, "base", "B900000", 1, size, None, alone=False)

    def land_shelf(self, land: int) -> Shelf:
        """What a Land itself offers."""
        size = max(round(LAND_SERVICES * self.scale), 3)
        source, ars = f"land-{land:02}-redaktion", f"{land:02}0000000000"
        return Shelf(f"land-{land:02}", source, ars, "xzufi", agency_of(land), 20_000_000, size, None, alone=False)

    def town_shelves(self, town: Town) -> tuple[Shelf, ...]:
        """What the sources of a town have."""
        first = self._shelf(town, town.forms[0], None)
        return (first, *(self._shelf(town, form, first) for form in town.forms[1:]))

    def _shelf(self, town: Town, form: str, beside: Shelf | None) -> Shelf:
        ars, base = town.region.ars, (town.rank + 1) * 1_000
        source = f"land-{town.land:02}-redaktion" if form == "xzufi" else f"{_prefix(form)}-{ars}"
        size = town.size if beside is None else round(town.size * _SECOND)
        base += 0 if beside is None else 500
        alone = len(town.forms) == 1
        return Shelf(f"{ars}-{form}", source, ars, form, agency_of(town.land), base, size, beside, alone)

    def shelf_of(self, town: Town, *forms: str) -> Shelf | None:
        """The shelf of a town that has one of these forms."""
        return next((shelf for shelf in self.town_shelves(town) if shelf.form in forms), None)

    def towns_of(self, land: int) -> Iterator[Town]:
        """The towns whose services stand in their Land's editorial system."""
        return (town for town in self.towns if town.land == land and "xzufi" in town.forms)

    def shelves(self) -> Iterator[Shelf]:
        """All shelves of the nation: Bund, Länder, towns."""
        yield self.base_shelf()
        for land in laender():
            yield self.land_shelf(int(land.ars[:2]))
        for town in self.towns:
            yield from self.town_shelves(town)

    # -- sources ---------------------------------------------------------------------------------------------------

    def url(self, host: str, path: str = "/") -> str:
        """An address on a host of the nation."""
        return f"http://{host}:{self.port}{path}"

    def sources(self) -> Iterator[Published]:
        """All sources, for the registry."""
        base = self.base_shelf()
        bund = self.url(address.BUND, "/stammtexte/")
        yield Published(base.source, "Stammtexte des Bundes", "bund", BUND, "xzufi", bund, {}, base.size // 2)
        for land in laender():
            number = int(land.ars[:2])
            shelf, folder = self.land_shelf(number), self.url(address.land(number), "/xzufi/")
            title = f"Landesredaktion {land.name}"
            yield Published(shelf.source, title, "land", land.ars, "xzufi", folder, {}, shelf.size // 2)
        for town in self.towns:
            for shelf in self.town_shelves(town):
                if shelf.form != "xzufi":
                    yield self._town_source(town, shelf)

    def _town_source(self, town: Town, shelf: Shelf) -> Published:
        options: dict[str, object] = {}
        match _prefix(shelf.form):
            case "pvog":
                title, options = "im Portalverbund", {"details": shelf.form == "details"}
                endpoint = self.url(address.PVOG, "/suchdienst/api")
            case "dldb":
                title = "Dienstleistungen"
                endpoint = self.url(town.host, "/export/dienstleistungen.json")
            case _:
                title, options = "eigene Seiten", {"product": shelf.form}
                endpoint = self.url(town.host)
        name = f"{town.region.name}, {title}"
        return Published(
            shelf.source, name, "kommune", town.region.ars, _prefix(shelf.form), endpoint, options, shelf.size // 2
        )

    # -- outages ---------------------------------------------------------------------------------------------------

    @cached_property
    def sites(self) -> tuple[int, ...]:
        """Ranks of the towns that have a source of their own on their own host."""
        return tuple(town.rank for town in self.towns if {_prefix(form) for form in town.forms} & {"website", "dldb"})

    def down(self, day: int) -> frozenset[int]:
        """Ranks of the towns whose host answers nothing useful on a day: 2 % of those with a site, one at least."""
        return _down(self, day)

    def is_out(self, shelf: Shelf, day: int) -> bool:
        """Whether the source of a shelf is out on a day."""
        if _prefix(shelf.form) not in {"website", "dldb"}:
            return False
        return shelf.base // 1_000 - 1 in self.down(day)

    def last_seen(self, shelf: Shelf, day: int) -> int:
        """The last day up to ``day`` on which a daily harvest sees a shelf; 0 where there was none."""
        return next((one for one in range(day, 0, -1) if not self.is_out(shelf, one)), 0)


@lru_cache(maxsize=8)
def _down(nation: Nation, day: int) -> frozenset[int]:
    sites = nation.sites
    if not sites:
        return frozenset()
    first = int(nation.dice.share("outage", day) * len(sites))
    steps = [round(n / _DOWN) for n in range(round(len(sites) * _DOWN) or 1)]
    return frozenset(sites[(first + step) % len(sites)] for step in steps)


def agency_of(land: int) -> str:
    """The editorial system of a Land, as identifiers name it: one that does not exist."""
    return f"L9000{land:02}"


def _prefix(form: str) -> str:
    """The interface by which a form is harvested."""
    return {"xzufi": "xzufi", "details": "pvog", "csv": "pvog", "dldb": "dldb"}.get(form, "website")
