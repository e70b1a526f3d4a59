"""Collect the links of one record."""

from __future__ import annotations

from harvester.model import Link, LinkRole
from harvester.model.html import clean_line
from harvester.model.provenance import Trace, origin
from normalizers.address import clean_address
from normalizers.notes import Notes


class LinkList:
    """The links of a record, each address once per role, with their origins.

    What is no address is noted as a warning and left out; an empty one is left out silently.
    """

    def __init__(self, notes: Notes, trace: Trace, remote_id: str, language: str, base: str = "") -> None:
        """Begin empty. Origins go into the record's ``trace``; issues need its place ``base`` as well."""
        self._notes = notes
        self._trace = trace
        self._remote_id = remote_id
        self._language = language
        self._base = base
        self._links: dict[tuple[str, LinkRole], Link] = {}

    def add(
        self,
        raw: str,
        role: LinkRole,
        locator: str,
        rule: str,
        *,
        label: str = "",
        online_service: str | None = None,
        gaps: bool = False,
    ) -> Link | None:
        """Add a link; ``gaps`` says that the source itself calls it unfinished. None where it is no address."""
        address = clean_address(raw)
        place = self.place(locator)
        if address.problem:
            self._notes.warning("address", place, address.problem, self._remote_id)
        if not address.url:
            return None
        link = Link(
            url=address.url,
            role=role,
            label=clean_line(label),
            language=self._language,
            online_service=online_service,
            template=gaps or address.template,
        )
        kept = self.put(link, locator, rule)
        if kept.online_service != online_service:
            message = f"{kept.online_service} and {online_service} share an address; the link names the first."
            self._notes.info("same-address", place, message, self._remote_id)
        return kept

    def place(self, locator: str) -> str:
        """A value's place in the document."""
        return f"{self._base}/{locator}" if self._base else locator

    def put(self, link: Link, locator: str, rule: str) -> Link:
        """Add a finished link; gives the one that is kept, which is an older one with the same address and role."""
        kept = self._links.setdefault((link.url, link.role), link)
        if kept is link:
            self._trace[f"links/{len(self._links) - 1}"] = origin(locator, rule)
        return kept

    @property
    def links(self) -> tuple[Link, ...]:
        """All links in the order they were added."""
        return tuple(self._links.values())
