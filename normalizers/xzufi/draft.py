"""What is known of a service while its elements are read."""

from __future__ import annotations

from datetime import datetime

from harvester.model import Ars, Audience, Code, LeikaKey, Origin
from normalizers.notes import Notes
from normalizers.xzufi.element import Element
from normalizers.xzufi.link import Links
from normalizers.xzufi.module import Slot
from normalizers.xzufi.origins import place
from normalizers.xzufi.tally import Tally
from normalizers.xzufi.text import Texts


class Draft:
    """A service under construction.

    ``record`` is its locator; ``figures`` are modules with fees or periods that are put into words at the end, when it
    is known which languages lack a text. ``headings`` are the deviating headings of title modules, by language.
    """

    __slots__ = (
        "audience",
        "figures",
        "headings",
        "keys",
        "leika_types",
        "links",
        "modified_at",
        "notes",
        "page",
        "provenance",
        "record",
        "regions",
        "remote_id",
        "situations",
        "synonyms",
        "tally",
        "texts",
    )

    def __init__(self, record: str, remote_id: str, notes: Notes, tally: Tally) -> None:
        """Begin an empty one."""
        self.record = record
        self.notes = notes
        self.tally = tally
        self.provenance: dict[str, Origin] = {}
        self.texts = Texts(self.provenance)
        self.links = Links(record, remote_id, notes, self.provenance)
        self.remote_id = remote_id
        self.headings: dict[str, tuple[str, str]] = {}
        self.figures: list[tuple[Slot, str, Element]] = []
        self.keys: dict[LeikaKey, None] = {}
        self.regions: dict[Ars, None] = {}
        self.audience: dict[Audience, None] = {}
        self.leika_types: dict[str, None] = {}
        self.synonyms: dict[str, None] = {}
        self.situations: dict[tuple[str, str], Code] = {}
        self.page = ""
        self.modified_at: datetime | None = None

    def trace(self, path: str, number: int, locator: str, rule: str) -> None:
        """Note where a value comes from; the second and further values of a list carry their position (from 0)."""
        self.provenance[f"{path}/{number}" if number else path] = place(locator, rule)

    def warn(self, rule: str, locator: str, message: str) -> None:
        """Note that a value was read with a loss."""
        self.notes.warning(rule, f"{self.record}/{locator}", message, self.remote_id)

    def count(self, rule: str, key: str, locator: str, message: str) -> None:
        """Note what the document does again and again."""
        self.tally.count(f"xzufi.{rule}", key, f"{self.record}/{locator}", message)
