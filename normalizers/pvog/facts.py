"""The fields of a PVOG detail that are neither text nor link."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from harvester.model import Ars, Audience, Code, LeikaKey, clean_line
from harvester.model.provenance import Trace, origin
from normalizers.address import clean_address
from normalizers.keys import read_keys
from normalizers.loose_json import Object, items, text, texts
from normalizers.moment import read_iso
from normalizers.notes import Notes
from normalizers.pvog.situations import read_situations

_AUDIENCES = {
    "bürger": Audience.CITIZEN,
    "bürgerinnen und bürger": Audience.CITIZEN,
    "001": Audience.CITIZEN,
    "unternehmen": Audience.BUSINESS,
    "002": Audience.BUSINESS,
    "verwaltung": Audience.ADMINISTRATION,
    "003": Audience.ADMINISTRATION,
}
_KEYS = {
    "leika_keys": "leikakeys",
    "regions": "ars",
    "audience": "addressees",
    "leika_types": "typing",
    "synonyms": "synonyms",
    "organisations": "organisationIds",
    "modified_at": "externalLastUpdate",
}


class Facts:
    """Reads the fields of one service; what is odd goes into the notes, origins into the trace."""

    def __init__(self, found: Object, remote_id: str, trace: Trace, notes: Notes) -> None:
        """Take the detail and where to put what is said about it."""
        self._found = found
        self._remote_id = remote_id
        self._trace = trace
        self._notes = notes

    def read(self) -> dict[str, object]:
        """All fields by their names in the common model."""
        fields: dict[str, object] = {
            "leika_keys": self._keys(),
            "regions": self._regions(),
            "audience": self._audience(),
            "leika_types": self._types(),
            "synonyms": self._words("synonyms"),
            "organisations": self._words("organisationIds"),
            "modified_at": self._modified_at(),
        }
        for field, value in fields.items():
            if value:
                self._trace[field] = origin(f"/{_KEYS[field]}", f"pvog.{field.replace('_', '-')}")
        return {**fields, "situations": self._situations(), "page": self._page()}

    def _keys(self) -> tuple[LeikaKey, ...]:
        keys = read_keys(key for _, key in texts(self._found.get("leikakeys"), ""))
        for broken in keys.broken:
            self._warn("key", "/leikakeys", f"{broken!r} is no LeiKa key (14 digits beginning with 99).")
        return keys.good

    def _regions(self) -> tuple[Ars, ...]:
        regions: dict[Ars, None] = {}
        for place, found in texts(self._found.get("ars"), "/ars"):
            try:
                regions[Ars.padded(found)] = None
            except ValueError:
                self._warn("region", place, f"{found!r} is no regional key (ARS, at most 12 digits).")
        return tuple(regions)

    def _audience(self) -> tuple[Audience, ...]:
        audience: dict[Audience, None] = {}
        for place, found in texts(self._found.get("addressees"), "/addressees"):
            known = _AUDIENCES.get(clean_line(found).casefold())
            if known:
                audience[known] = None
            else:
                self._warn("audience", place, f"{found!r} is no known addressee.")
        return tuple(audience)

    def _types(self) -> tuple[str, ...]:
        entries = (entry for _, entry in items(self._found.get("typing"), ""))
        return _once(text(entry.get("code") if isinstance(entry, dict) else entry) for entry in entries)

    def _words(self, key: str) -> tuple[str, ...]:
        return _once(word for _, word in texts(self._found.get(key), ""))

    def _situations(self) -> tuple[Code, ...]:
        found = read_situations(self._found, self._notes)
        for index, (_, place) in enumerate(found):
            self._trace[f"situations/{index}"] = origin(place, "pvog.situation")
        return tuple(code for code, _ in found)

    def _page(self) -> str:
        """The first source portal that a browser can open."""
        for place, portal in items(self._found.get("sourcePortals"), "/sourcePortals"):
            address = clean_address(text(portal.get("uri") if isinstance(portal, dict) else portal))
            if address.problem:
                self._warn("address", f"{place}/uri", address.problem)
            if address.url and not address.template:
                self._trace["page"] = origin(f"{place}/uri", "pvog.page")
                return address.url
        return ""

    def _modified_at(self) -> datetime | None:
        written = text(self._found.get("externalLastUpdate")).strip()
        moment = read_iso(written, UTC)
        if written and moment is None:
            self._warn("time", "/externalLastUpdate", f"{written!r} is no time (ISO 8601).")
        return moment

    def _warn(self, rule: str, place: str, message: str) -> None:
        self._notes.warning(rule, place, message, self._remote_id)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in map(clean_line, words) if word))
