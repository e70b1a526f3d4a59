"""Collect the issues of a document while it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from harvester.model import Issue
from normalizers.loose_json import escape, kind


class Notes:
    """Issues in the order they arise, under the name of an interface (``pvog``, ``dldb``).

    An unknown field is told once per document and kind of object, however many records have it.
    """

    def __init__(self, interface: str) -> None:
        """Begin with nothing to say."""
        self._interface = interface
        self._waiting: list[Issue] = []
        self._told: set[tuple[str, str]] = set()

    def error(self, rule: str, locator: str, message: str, remote_id: str = "") -> None:
        """Something is missing from the result."""
        self._waiting.append(Issue("error", f"{self._interface}.{rule}", locator, message, remote_id))

    def warning(self, rule: str, locator: str, message: str, remote_id: str = "") -> None:
        """Something was read with a loss."""
        self._waiting.append(Issue("warning", f"{self._interface}.{rule}", locator, message, remote_id))

    def info(self, rule: str, locator: str, message: str, remote_id: str = "") -> None:
        """Something is worth knowing."""
        self._waiting.append(Issue("info", f"{self._interface}.{rule}", locator, message, remote_id))

    def unknown(self, shape: str, keys: Iterable[str], known: Collection[str], pointer: str) -> None:
        """Tell the fields of an object that nobody reads."""
        for key in keys:
            if key not in known and (shape, key) not in self._told:
                self._told.add((shape, key))
                place = f"{pointer}/{escape(key)}"
                self.info("unknown-field", place, f"The field {key!r} of {shape} is unknown and was not read.")

    def flat(self, found: Mapping[str, object], fields: Iterable[str], pointer: str, remote_id: str = "") -> None:
        """Tell the fields that hold a structure where a text belongs: such a value is lost."""
        for field in fields:
            if isinstance(found.get(field), list | dict) and found[field]:
                place = f"{pointer}/{escape(field)}"
                self.warning("type", place, f"There is {kind(found[field])} where a text belongs.", remote_id)

    def take(self) -> list[Issue]:
        """Hand over what was noted since the last time."""
        waiting, self._waiting = self._waiting, []
        return waiting
