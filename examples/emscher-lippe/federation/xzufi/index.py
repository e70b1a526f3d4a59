"""The index pull: a folder with `index.txt` (one file name per line, CRLF) and one message per file."""

from __future__ import annotations

from collections.abc import Mapping

from federation.content import DAYS, Content
from federation.http import Response
from federation.xzufi import message as xml


def files(content: Content, day: int) -> Mapping[str, Response]:
    """Path to file. A message whose services are those of day 1 keeps its time, hence its bytes."""
    folder = content.endpoint.path
    names: list[str] = []
    found: dict[str, Response] = {}
    for number in range(len(content.groups[day])):
        name = f"XZUFI20261102030000{number + 1:012d}.xml"
        names.append(name)
        found[folder + name] = Response(_message(content, day, number, name), "application/xml")
    listing = "".join(f"{name}\r\n" for name in names)
    found[folder + "index.txt"] = Response(listing.encode(), "text/plain")
    return found


def _message(content: Content, day: int, number: int, name: str) -> bytes:
    groups = content.groups
    same = number < len(groups[1]) and groups[day][number] == groups[1][number]
    objects: list[xml.Write] = []
    if number == 0:
        objects += [xml.office(content, office) for office in content.organisations]
    for item in groups[day][number]:
        objects += xml.service(content, item)
    if number == 0:
        objects += [xml.deletion(kind, value) for kind, value in content.settings.get("deletions", [])]
    encodings = content.settings.get("encodings", [])
    encoding = encodings[number] if number < len(encodings) else "utf-8"
    moment = DAYS[1 if same else day]
    return xml.encoded(xml.message(xml.dialect(content), objects, f"{content.id}/{name}", moment), encoding)
