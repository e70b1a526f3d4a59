"""Records as they are kept: compact JSON, compressed, and a hash of what counts as content.

Provenance lies beside the content, not in it: when a document gains a line, places
move, and nothing has changed for a citizen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import zstandard
from pydantic_core import from_json, to_json

from harvester.model import (
    Ars,
    Competence,
    Deletion,
    Entity,
    OnlineService,
    Organisation,
    Origin,
    Record,
    Service,
    Text,
)

_MODELS: dict[str, type[Entity]] = {
    "online_service": OnlineService,
    "organisation": Organisation,
    "competence": Competence,
}
_NOT_HEAD = {"provenance", "modified_at", "texts"}
_NUL = "\x00"
_SEPARATOR = b"\x00"
_HASH_BYTES = 16


class Packed(NamedTuple):
    """A record ready for the table ``record``."""

    kind: str
    remote_id: str
    hash: bytes
    title: str
    keys: str
    scope: str
    modified_at: str | None
    content: bytes
    provenance: bytes


def deletion_of(kind: str) -> str:
    """The kind under which a shard keeps the deletion of a record of ``kind``."""
    return "-" + kind


def opposite_of(kind: str) -> str:
    """The deletion's kind for a record's, and the record's for a deletion's."""
    return kind[1:] if kind.startswith("-") else "-" + kind


class Packer:
    """Pack and unpack records. Holds its compressor: making one costs more than using it."""

    def __init__(self) -> None:
        """Level 1: the state is read back once, and written on every change."""
        self._deflate = zstandard.ZstdCompressor(level=1, write_content_size=True)
        self._inflate = zstandard.ZstdDecompressor()

    def pack(self, record: Record, home: Ars) -> Packed:
        """Pack a record of a source that is at home in region ``home``."""
        content = record.__pydantic_serializer__.to_json(record, exclude=_NOT_HEAD, exclude_defaults=True)
        title, keys, scope, modified = "", "", "", None
        if isinstance(record, Service):
            content += _pack_texts(record.texts)
            title = record.title
            keys = _sorted(record.leika_keys)
            scope = _sorted(record.regions) or home
            modified = _utc(record.modified_at) if record.modified_at else None
        return Packed(
            deletion_of(record.deleted) if isinstance(record, Deletion) else record.kind,
            record.remote_id,
            hashlib.blake2b(content, digest_size=_HASH_BYTES).digest(),
            title,
            keys,
            scope,
            modified,
            self._deflate.compress(content),
            _pack_provenance(tuple([each for k, o in record.provenance.items() for each in (k, o.locator, o.rule)])),
        )

    def unpack(self, kind: str, content: bytes) -> Any:  # noqa: ANN401 - the model that the kind names
        """The record again, without its provenance."""
        return _MODELS[kind].model_validate_json(self._inflate.decompress(content))

    def unpack_service(self, content: bytes, modified_at: str | None) -> Service:
        """A service with its date of change, which stands beside the content; validated once more, in one piece."""
        head, _, body = self._inflate.decompress(content).partition(_SEPARATOR)
        fields = from_json(head)
        fields["texts"] = _unpack_texts(body)
        fields["modified_at"] = datetime.fromisoformat(modified_at) if modified_at else None
        return Service.model_validate(fields)

    def peek_service(self, content: bytes) -> dict[str, Any]:
        """The fields of a service without its texts, as they are kept: not validated, and those with a default left out."""
        head: dict[str, Any] = from_json(self._inflate.decompress(content).partition(_SEPARATOR)[0])
        return head

    def unpack_provenance(self, provenance: bytes) -> dict[str, Origin]:
        """Field path to origin."""
        pairs = from_json(self._inflate.decompress(provenance))
        return {path: Origin(locator=locator, rule=rule) for path, (locator, rule) in pairs.items()}


def _sorted(values: tuple[str, ...]) -> str:
    """Each once, with blanks between; most records have one."""
    return " ".join(sorted(set(values))) if len(values) > 1 else "".join(values)


@lru_cache(maxsize=1024)
def _pack_provenance(flat: tuple[str, ...]) -> bytes:
    """Paths, locators and rules, each path followed by its two, as a compressed JSON object.

    Locators are relative to their record, so that records with the same fields filled share theirs to the letter.
    """
    parts = iter(flat)
    origins = {path: (locator, rule) for path, locator, rule in zip(parts, parts, parts, strict=True)}
    return zstandard.ZstdCompressor(level=1).compress(to_json(origins))


def _pack_texts(texts: Iterable[Text]) -> bytes:
    """Texts behind the head: their four fields one after another. Clean text holds no NUL, and JSON none either.

    They are most of a service, and as plain bytes they cost much less than as JSON (docs/performance.md).
    """
    parts = [part for text in texts for part in (text.language, text.module, text.html, text.text)]
    return _SEPARATOR + _NUL.join(parts).encode() if parts else b""


def _unpack_texts(body: bytes) -> tuple[dict[str, str], ...]:
    """The fields of texts. Making models of them is left to the record's validation, which does it in one go."""
    if not body:
        return ()
    parts = iter(body.decode().split(_NUL))
    return tuple(
        {"language": language, "module": module, "html": html, "text": text}
        for language, module, html, text in zip(parts, parts, parts, parts, strict=True)
    )


def _utc(moment: datetime) -> str:
    """ISO 8601 in UTC, so that times compare as texts; a time without a zone counts as UTC."""
    if moment.tzinfo is not UTC:
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return moment.isoformat()
