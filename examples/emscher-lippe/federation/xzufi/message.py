"""Whole messages: header, objects, deletions, encoding."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from io import SEEK_END, BytesIO

from federation.content import Content, Organisation
from federation.leistung import Leistung, Onlinedienst
from federation.xzufi.objects import add_competence, add_deletion, add_online_service, add_organisation
from federation.xzufi.service import add_service
from federation.xzufi.tree import Dialect, Element

Write = Callable[[Dialect, Element], None]
"""Appends one object: `schreibe` or `loesche`."""


def dialect(content: Content) -> Dialect:
    """Version and editorial system of a source."""
    return Dialect(content.setting("version"), content.setting("agency"))


def office(content: Content, organisation: Organisation) -> Write:
    """Write an organisation."""
    return lambda d, root: add_organisation(d, d.add(root, "schreibe"), organisation, content.region)


def service(content: Content, item: Leistung) -> list[Write]:
    """Write a service, its online services, and who is competent for it."""
    written: list[Write] = [lambda d, root: add_service(d, d.add(root, "schreibe"), item, content.region)]
    for online in item.online:
        written += [_online_service(online), _competence(content, item, online.id, "Onlinedienst")]
    if "id" not in item.omit:
        written.append(_competence(content, item, item.org, "Organisationseinheit"))
    return written


def _online_service(online: Onlinedienst) -> Write:
    return lambda d, root: add_online_service(d, d.add(root, "schreibe"), online)


def _competence(content: Content, item: Leistung, superior: str, kind: str) -> Write:
    return lambda d, root: add_competence(d, d.add(root, "schreibe"), item, content.region, superior, kind)


def deletion(kind: str, value: str) -> Write:
    """Delete an object."""
    return lambda d, root: add_deletion(d, root, kind, value)


def message(d: Dialect, objects: Iterable[Write], name: str, moment: str) -> Element:
    """A message; its UUID follows from its name and time, so that the same message is the same bytes."""
    root = d.root()
    head = d.add(root, "nachrichtenkopf")
    d.add(head, "nachrichtUUID", str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}@{moment}")))
    d.add(head, "erstelltDatumZeit", moment)
    for write in objects:
        write(d, root)
    return root


def encoded(root: Element, encoding: str) -> bytes:
    """The message as a file: `utf-8`, `utf-8-sig` (with byte order mark) or `iso-8859-1`."""
    bare = "utf-8" if encoding == "utf-8-sig" else encoding
    file = BytesIO(b"\xef\xbb\xbf" if encoding == "utf-8-sig" else b"")
    file.seek(0, SEEK_END)
    root.getroottree().write(file, encoding=bare, xml_declaration=True, pretty_print=True)
    return file.getvalue()
