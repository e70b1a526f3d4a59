"""Fetch the current version of a code list, and compare it with the file made from it."""

from __future__ import annotations

import asyncio
import csv
import json
import tempfile
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from urllib.parse import quote

from harvester.codelists.difference import PLAIN, Difference, Shape, compare, refreshed
from harvester.codelists.genericode import CodeList, CodeListError, read_genericode
from harvester.codelists.regional import REGIONS
from harvester.data import data_file
from harvester.fetch import Ask, Fetcher, FetchError, SnapshotStore
from harvester.workspace import Workspace

XREPOSITORY = "https://www.xrepository.de"
_MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of ``data`` that was made from a code list, and how it holds the list."""

    file: str
    uri: str
    name_column: str | None = None
    shape: Shape = PLAIN


LISTS = {
    "pvlagen": Kept("pvlagen.csv", "urn:xoev-de:fim:codeliste:pvlagen"),
    "sdg": Kept("sdg_areas.csv", "urn:xoev-de:fim:codeliste:sdginformationsbereich"),
    "regions": Kept("regions.csv", "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs", shape=REGIONS),
    "leika-types": Kept("leika_types.csv", "urn:de:fim:leika:typisierung"),
}
"""What can be refreshed. The names of Länder, Kreise and Gemeindeverbände come from other lists and stay as they are."""


def check_list(
    workspace: Workspace, name: str, *, repository: str = XREPOSITORY, file: Path | None = None
) -> Difference:
    """What has changed since the file was made.

    Raises:
        CodeListError: the list could not be fetched or read.
    """
    kept = LISTS[name]
    with tempfile.TemporaryDirectory(prefix="harvester-list-") as scratch:
        found = asyncio.run(_fetch(workspace, kept.uri, repository.rstrip("/"), Path(scratch)))
    text = (file or data_file(kept.file)).read_text(encoding="utf-8")
    rows = list(csv.DictReader(StringIO(text)))
    return compare(rows, found.names(kept.name_column), kept.uri, found.version, kept.shape)


def write_list(name: str, difference: Difference, *, file: Path | None = None) -> Path:
    """Take the difference over into the file; a person has looked at it, and version control shows it once more."""
    kept = LISTS[name]
    target = file or data_file(kept.file)
    target.write_text(refreshed(target.read_text(encoding="utf-8"), difference, kept.shape), encoding="utf-8")
    return target


async def _fetch(workspace: Workspace, uri: str, repository: str, scratch: Path) -> CodeList:
    settings = workspace.settings
    async with Fetcher(settings.fetch, settings.politeness, SnapshotStore(scratch)) as fetcher:
        current = await _body(
            fetcher, f"{repository}/api/codeliste/{quote(uri, safe='')}/gueltigeVersion", "application/json"
        )
        version = _identifier(current, uri)
        place = f"{repository}/api/version_codeliste/{quote(version, safe='')}/genericode"
        return read_genericode(await _body(fetcher, place, "application/xml"))


async def _body(fetcher: Fetcher, url: str, accept: str) -> bytes:
    try:
        fetched = (await fetcher.fetch(Ask(url, headers=(("Accept", accept),), max_bytes=_MOST_BYTES))).require()
    except FetchError as error:
        raise CodeListError(str(error)) from error
    if fetched.document is None:
        raise CodeListError(f"{url} answered {fetched.status} without a document")
    with fetched.document.open() as stream:
        return stream.read()


def _identifier(body: bytes, uri: str) -> str:
    """The identifier (``kennung``) of the version in force."""
    try:
        told = json.loads(body)
    except ValueError as error:
        raise CodeListError(f"The XRepository's answer about {uri} is no JSON: {error}") from error
    version = told.get("kennung") if isinstance(told, dict) else None
    if not isinstance(version, str) or not version.startswith("urn:"):
        raise CodeListError(f"The XRepository's answer about {uri} names no version ('kennung').")
    return version
