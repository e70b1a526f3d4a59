"""Drupal's JSON:API (jsonapi.org 1.1): one collection of nodes, its attributes named by the source's options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harvester.model import (
    Context,
    Document,
    DocumentError,
    Found,
    LeikaKey,
    Link,
    LinkRole,
    Module,
    Origin,
    Reading,
    Service,
    Text,
    clean_line,
)
from harvester.model.provenance import Trace, origin
from normalizers.keys import read_keys
from normalizers.language import read_language
from normalizers.link_list import LinkList
from normalizers.loose_json import Object, escape, items, kind, load_object, text
from normalizers.moment import BERLIN, read_iso
from normalizers.notes import Notes
from normalizers.record import make
from normalizers.text_list import TextList

_MEMBERS = frozenset({"id", "type", "attributes", "relationships", "links", "meta"})
_DOCUMENT = frozenset({"jsonapi", "data", "links", "meta", "included"})


def read_collection(document: Document) -> Object:
    """Read a page of a collection; an answer that is none, or tells errors, is a ``DocumentError``."""
    found = load_object(document)
    if found.get("errors"):
        raise DocumentError(f"The server tells errors instead of data: {str(found['errors'])[:200]}.")
    if not isinstance(found.get("data"), list):
        raise DocumentError(f"The answer has {kind(found.get('data'))} for 'data' where the collection belongs.")
    return found


def normalize(document: Document, context: Context) -> Iterator[Reading]:
    """Read each node of a page."""
    if document.role != "page":
        raise DocumentError(f"JSON:API has no documents of the role {document.role!r}; there is only 'page'.")
    found = read_collection(document)
    notes = Notes("jsonapi")
    notes.unknown("the document", found, _DOCUMENT, "")
    for index, node in enumerate(found["data"]):
        place = f"/data/{index}"
        if not isinstance(node, dict):
            notes.error("node", place, f"There is {kind(node)} where a node belongs.")
        elif (read := _Node(node, place, context, notes).read()) is not None:
            yield read
        yield from notes.take()
    yield from notes.take()


class _Node:
    def __init__(self, node: Object, place: str, context: Context, notes: Notes) -> None:
        self._node, self._place, self._context, self._notes = node, place, context, notes
        attributes = node.get("attributes")
        self._attributes: Object = attributes if isinstance(attributes, dict) else {}
        self._fields: dict[str, str] = context.options.fields
        self._trace: Trace = {}

    def read(self) -> Found | None:
        """The service, None where the node cannot be one."""
        notes, trace = self._notes, self._trace
        remote_id = clean_line(text(self._node.get("id")))
        if not remote_id:
            notes.error("no-id", self._place, "The node has no id and was not read.")
            return None
        self._compare(remote_id)
        title = next((value for _, value in self._values("title")), "")
        if not title:
            notes.error("no-title", f"{self._place}/attributes", "The node has no title and was not read.", remote_id)
            return None
        language = read_language(text(self._attributes.get("langcode")), self._context.options.language)
        trace["remote_id"], trace["title"] = origin("id", "jsonapi.id"), self._origin("title")
        modified = read_iso(text(self._attributes.get("changed")), BERLIN)
        fields: dict[str, Any] = {
            "remote_id": remote_id,
            "title": clean_line(title),
            "language": language,
            "leika_keys": self._keys(remote_id),
            "texts": self._texts(language),
            "links": self._links(language, remote_id),
            "modified_at": modified,
            "provenance": trace,
        }
        if modified:
            trace["modified_at"] = origin("attributes/changed", "jsonapi.changed")
        return make(notes, Service, self._place, fields)

    def _compare(self, remote_id: str) -> None:
        """Tell what is new and what is gone."""
        notes, options = self._notes, self._context.options
        notes.unknown("a node", self._node, _MEMBERS, self._place)
        for name in sorted(set(self._fields.values()) - set(self._attributes)):
            notes.warning("missing-field", f"{self._place}/attributes", f"The attribute {name!r} is gone.", remote_id)
        own = (name for name in self._attributes if name.startswith("field_"))
        known = {*self._fields.values(), *options.ignore}
        notes.unknown("a node's attributes", own, known, f"{self._place}/attributes")

    def _keys(self, remote_id: str) -> tuple[LeikaKey, ...]:
        keys = read_keys(value for _, value in self._values("key"))
        for broken in keys.broken:
            message = f"{broken!r} is no LeiKa key (14 digits beginning with 99)."
            self._notes.warning("key", self._place, message, remote_id)
        if keys.good:
            self._trace["leika_keys"] = self._origin("key")
        return keys.good

    def _texts(self, language: str) -> tuple[Text, ...]:
        texts = TextList(language)
        for module in Module:
            for place, value in self._values(module.value) if module is not Module.TITLE else ():
                texts.add(module, value, place, f"jsonapi.{module}")
        return texts.finish(self._trace)

    def _links(self, language: str, remote_id: str) -> tuple[Link, ...]:
        links = LinkList(self._notes, self._trace, remote_id, language, self._place)
        for role in LinkRole:
            for place, value in self._values(role.value):
                links.add(value.removeprefix("internal:"), role, place, f"jsonapi.{role}")
        return links.links

    def _origin(self, name: str) -> Origin:
        return origin(f"attributes/{escape(self._fields[name])}", f"jsonapi.{name}")

    def _values(self, name: str) -> Iterator[tuple[str, str]]:
        """Texts of an attribute: bare, or Drupal's ``{value, processed}`` and ``{uri, title}``; one or several."""
        if name not in self._fields:
            return
        attribute = self._fields[name]
        for place, value in items(self._attributes.get(attribute), f"attributes/{escape(attribute)}"):
            if isinstance(value, dict):
                told = next((m for m in ("processed", "value", "uri", "url", "id") if text(value.get(m)).strip()), None)
                if told:
                    yield f"{place}/{told}", text(value[told]).strip()
            elif text(value).strip():
                yield place, text(value).strip()
