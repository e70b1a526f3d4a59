"""Where a reader is: language, place, audience, and whether as an editor. All of it stands in the address; nothing is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request

from harvester.portal.here import Here, Told
from harvester.portal.published import Reading
from harvester.portal.shelf import Audience, Shelf
from harvester.portal.shelves import shelf_of, situations_of
from harvester.portal.situations import Situations
from harvester.view.place import Place, UnknownRegionError, inside
from harvester.words import Words

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")
_AUDIENCES: dict[str, Audience] = {"citizen": "citizen", "business": "business"}
_CARRIED = ("q", "seite", "back", "suche")
ALL = "alle"
"""Stands for all regions of the portal together."""


@dataclass(frozen=True)
class Where:
    """A reader's place in the portal. ``bodies`` are the regions looked at: one, or all of an umbrella.

    ``path`` and ``asked`` are the page itself, ``placed`` says whether its address has the place in it. ``umbrella`` is the title of the
    portal of several regions around this one.
    """

    here: Reading
    portal: str
    portal_title: str
    language: Language
    place: str
    bodies: tuple[Place, ...]
    audience: Audience | None
    editor: bool
    path: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    placed: bool = True
    umbrella: str | None = None

    @property
    def words(self) -> Words:
        """The texts of pages in the reader's language."""
        return Words(self.language, "portal")

    @property
    def region(self) -> Place | None:
        """The one region; None under the umbrella."""
        return None if self.place == ALL else self.bodies[0]

    @property
    def name(self) -> str:
        """What the place is called."""
        return self.region.name if self.region else self.words("place.all")

    def tell(self, text: str) -> str:
        """A text about the place, in the words for one region or for several."""
        name = text if self.region else f"{text}.all"
        return self.words(name, place=self.name)

    @property
    def shelf(self) -> Shelf:
        """What holds there."""
        return shelf_of(self.here, tuple(body.ars for body in self.bodies))

    @property
    def situations(self) -> Situations:
        """The taxonomies, and the portal's tiles."""
        return situations_of(self.here, self.portal)

    def to(self, path: str = "", **asked: str | int | None) -> str:
        """The address of a page in this place; ``asked`` are parameters beside those that are carried on."""
        told: dict[str, str | int | None] = {**asked, "zielgruppe": self.audience, "editor": 1 if self.editor else None}
        query = urlencode({name: value for name, value in told.items() if value is not None})
        return f"/{self.language}/{self.place}/{quote(path, safe='/:')}{f'?{query}' if query else ''}"

    def at(self, place: str) -> Where:
        """The same in another place; only for addresses."""
        return replace(self, place=place)

    def again(
        self,
        *,
        language: Language | None = None,
        audience: Audience | Literal[""] | None = None,
        page: int | None = None,
    ) -> str:
        """The address of this very page with one thing changed; an empty audience means everybody."""
        where = replace(
            self,
            language=language or self.language,
            audience=self.audience if audience is None else audience or None,
        )
        asked: dict[str, str | int | None] = dict(self.asked)
        if page is not None or audience is not None:
            asked["seite"] = page if page and page > 1 else None
        return _address(where, asked)

    def as_editor(self, editor: bool) -> str:  # noqa: FBT001 - one word in a template
        """The address of this very page for editors, or for citizens."""
        return _address(replace(self, editor=editor), dict(self.asked))

    def chooser(self) -> str:
        """The address of the place chooser that leads back here."""
        text = dict(self.asked).get("q")
        told = {
            "back": self.path or None,
            "suche": text,
            "zielgruppe": self.audience,
            "editor": 1 if self.editor else None,
        }
        query = urlencode({name: value for name, value in told.items() if value is not None})
        return f"/{self.language}/ort{f'?{query}' if query else ''}"


def _address(where: Where, asked: Mapping[str, str | int | None]) -> str:
    """The address of the page a reader is on, be it of a place or of none."""
    address = where.to(where.path, **asked)
    return address if where.placed else address.replace(f"/{where.place}/", "/", 1)


def _where(
    request: Request,
    here: Here,
    told: Told,
    place: str,
    zielgruppe: Annotated[str | None, Query(max_length=20)] = None,
    editor: Annotated[str | None, Query(max_length=5)] = None,
) -> Where:
    language = language_of(request)
    umbrella = umbrella_of(here, told.portal)
    portal = umbrella if place == ALL else told.portal
    bodies = _bodies(here, portal, place)
    path = request.url.path.split("/", 3)[-1]
    asked = tuple((name, value) for name, value in request.query_params.items() if name in _CARRIED and value)
    return Where(
        here=here,
        portal=portal,
        portal_title=title_of(here, portal),
        umbrella=title_of(here, umbrella) if umbrella != portal else None,
        language=language,
        place=place,
        bodies=bodies,
        audience=_AUDIENCES.get(zielgruppe or ""),
        editor=editor == "1",
        path=path,
        asked=asked,
    )


def _nowhere(
    request: Request,
    here: Here,
    told: Told,
    zielgruppe: Annotated[str | None, Query(max_length=20)] = None,
    editor: Annotated[str | None, Query(max_length=5)] = None,
) -> Where:
    where = _where(request, here, told, ALL, zielgruppe, editor)
    return replace(where, placed=False, path=request.url.path.split("/", 2)[2])


At = Annotated[Where, Depends(_where)]
"""Where the reader is, of a path ``/{language}/{place}/…``."""
Nowhere = Annotated[Where, Depends(_nowhere)]
"""A reader of a page that belongs to no place, ``/{language}/…``."""


def language_of(request: Request) -> Language:
    """The language an address begins with."""
    return "en" if request.url.path.startswith("/en/") else "de"


def title_of(here: Reading, portal: str) -> str:
    """What a portal is called."""
    row = here.db.execute("SELECT title FROM portal WHERE id = ?", (portal,)).fetchone()
    return str(row["title"]) if row else portal


def umbrella_of(here: Reading, portal: str) -> str:
    """The portal of several regions: this one, or else the smallest of those around its region; this one where there is none."""
    rows = here.db.execute(
        """
        SELECT p.portal_id FROM portal_region p GROUP BY p.portal_id HAVING count(*) > 1 AND (p.portal_id = :portal OR EXISTS (
            SELECT 1 FROM portal_region own JOIN region_ancestor a ON a.ars = own.ars
            JOIN portal_region wide ON wide.portal_id = p.portal_id AND wide.ars = a.ancestor_ars WHERE own.portal_id = :portal))
        ORDER BY p.portal_id <> :portal, count(*), p.portal_id LIMIT 1
        """,
        {"portal": portal},
    ).fetchall()
    return str(rows[0][0]) if rows else portal


def regions_of(here: Reading, portal: str) -> tuple[Place, ...]:
    """All regions a portal speaks for, with those inside, in the order of names."""
    rows = here.db.execute(
        "SELECT r.ars, r.name, r.kind FROM portal_region p JOIN region r ON r.ars = p.ars WHERE p.portal_id = ? ORDER BY r.name",
        (portal,),
    ).fetchall()
    found = {body.ars: body for row in rows for body in inside(here.db, Place(*row))}
    return tuple(sorted(found.values(), key=lambda body: body.name))


def _bodies(here: Reading, portal: str, place: str) -> tuple[Place, ...]:
    """The regions that a place in an address means.

    Raises:
        UnknownRegionError: there is no such region.
    """
    if place == ALL:
        return regions_of(here, portal)
    row = here.db.execute("SELECT ars, name, kind FROM region WHERE ars = ?", (place,)).fetchone()
    if row is None:
        raise UnknownRegionError(f"no region {place!r}")
    return (Place(*row),)
