"""Which region a person means: by regional key, municipal key, name or postal code. Never a guess."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from harvester.errors import UsageError
from harvester.model import Ars
from harvester.view.postal import places_of_postal_code

_NEAR = 75
"""How alike (0 to 100) a name has to be in order to be offered."""


@dataclass(frozen=True, slots=True)
class Place:
    """A region as the catalogue names it."""

    ars: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region that may be meant, and what speaks for it."""

    place: Place
    because: str


class UnknownRegionError(UsageError):
    """No region, or more than one, goes by what was said; the message names those that come near."""


def pick_place(db: sqlite3.Connection, told: str) -> Place:
    """The one region that goes by ``told``.

    Raises:
        UnknownRegionError: there is none, or there are several.
    """
    found = find_places(db, told)
    if len(found) == 1:
        return found[0].place
    if found:
        listed = "\n".join(f"  {c.place.ars}  {c.place.name} ({c.place.kind}): {c.because}" for c in found)
        raise UnknownRegionError(f"{told!r} may be {len(found)} regions; name one by its key (ARS):\n{listed}")
    raise UnknownRegionError(f"no region {told!r} in the catalogue; {_advise(db, told)}")


def find_places(db: sqlite3.Connection, told: str) -> list[Candidate]:
    """All regions that go by a regional key (also short, such as ``05``), municipal key (AGS), postal code or name.

    Five digits may be a postal code or the key of a Kreis; both are looked up.
    """
    text = told.strip()
    if text.isascii() and text.isdigit():
        places = [Candidate(place, "regional key") for place in _by_key(db, text)]
        if len(text) == 5:
            places += [Candidate(_place(db, ars), because) for ars, because in places_of_postal_code(db, text)]
        return places
    wanted = text.casefold()
    rows = db.execute("SELECT ars, name, kind FROM region ORDER BY ars")
    return [Candidate(Place(*row), "name") for row in rows if wanted and row["name"].casefold() == wanted]


def _by_key(db: sqlite3.Connection, digits: str) -> list[Place]:
    if len(digits) == 8:  # AGS: the regional key without its Verband in the middle
        rows = db.execute(
            "SELECT ars, name, kind FROM region WHERE ars BETWEEN ?1 || '0000000' AND ?1 || '9999999'"
            " AND substr(ars, 10) = ?2 AND kind <> 'Gemeindeverband' AND (?2 <> '000' OR substr(ars, 6) = '0000000')",
            (digits[:5], digits[5:]),
        )
        return [Place(*row) for row in rows]
    try:
        ars = Ars.padded(digits)
    except ValueError:
        return []
    return [Place(*row) for row in db.execute("SELECT ars, name, kind FROM region WHERE ars = ?", (ars,))]


def _place(db: sqlite3.Connection, ars: str) -> Place:
    return Place(*db.execute("SELECT ars, name, kind FROM region WHERE ars = ?", (ars,)).fetchone())


def _advise(db: sqlite3.Connection, told: str) -> str:
    """What to do, for a person who typed something no region goes by."""
    if told.strip().isdigit():
        if len(told.strip()) == 5:
            return (
                "no office of the catalogue has an address with this postal code; give the region's name or key (ARS)"
            )
        return "a key has 12 digits, such as 055130000000, or 2 for a Land and 5 for a Kreis"
    near = near_places(db, told)
    if not near:
        return "give its name as the table `region` has it, or its key (ARS)"
    names: dict[str, list[str]] = {}
    for place in near:
        names.setdefault(place.name, []).append(place.ars)
    return "near are " + ", ".join(f"{name} ({', '.join(keys)})" for name, keys in names.items())


def near_places(db: sqlite3.Connection, told: str) -> list[Place]:
    """Regions with the five names that are written most like what was said, the likest first."""
    named: dict[str, list[Place]] = {}
    for row in db.execute("SELECT ars, name, kind FROM region ORDER BY ars"):
        named.setdefault(row["name"], []).append(Place(*row))
    near = process.extract(told, list(named), scorer=fuzz.WRatio, limit=5, score_cutoff=_NEAR, processor=str.casefold)
    return [place for name, *_ in near for place in named[name]]


def inside(db: sqlite3.Connection, place: Place) -> list[Place]:
    """The region and every region inside it, in the order of keys."""
    rows = db.execute(
        "SELECT r.ars, r.name, r.kind FROM region_ancestor a JOIN region r ON r.ars = a.ars WHERE a.ancestor_ars = ? ORDER BY 1",
        (place.ars,),
    )
    return [Place(*row) for row in rows]
