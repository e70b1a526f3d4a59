"""Documents out of bytes, and readings as plain data, for tests of normalizers."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harvester.model import BUND, Ars, Context, Document, DocumentError, Found, Issue, Level, Link, Reading, Service

CASES = Path(__file__).parent.parent / "cases"
DAY = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)

Normalizer = Callable[[Document, Context], Iterator[Reading]]


def document(body: bytes | str, role: str, *, note: str = "", charset: str | None = None) -> Document:
    raw = body.encode() if isinstance(body, str) else body
    return Document(
        url="https://quelle.example/daten",
        role=role,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        media_type="",
        charset=charset,
        fetched_at=DAY,
        open=lambda: io.BytesIO(raw),
        note=note,
    )


def context(options: Any, region: str = BUND) -> Context:
    return Context("quelle", Level.KOMMUNE, Ars(region), "https://quelle.example/daten", options)


def records(readings: list[Reading], kind: type = Service) -> list[Any]:
    return [it.record for it in readings if isinstance(it, Found) and isinstance(it.record, kind)]


def issues(readings: list[Reading], severity: str = "") -> list[Issue]:
    return [it for it in readings if isinstance(it, Issue) and severity in {"", it.severity}]


def rules(readings: list[Reading]) -> list[tuple[str, str, str]]:
    return [(it.severity, it.rule, it.locator) for it in issues(readings)]


def addresses(links: tuple[Link, ...]) -> list[tuple[str, str]]:
    return [(link.role.value, link.url) for link in links]


def as_data(readings: list[Reading]) -> list[dict[str, Any]]:
    """What an `expected.json` holds: fields that differ from their default, and each origin as one line."""
    return [_found(it) if isinstance(it, Found) else _issue(it) for it in readings]


def _found(found: Found) -> dict[str, Any]:
    fields = found.record.model_dump(mode="json", exclude_defaults=True, exclude={"provenance"})
    origins = {
        path: f"{whole_locator(found, origin.locator)} by {origin.rule}"
        for path, origin in found.record.provenance.items()
    }
    return {found.record.kind: fields, "origins": origins}


def _issue(issue: Issue) -> dict[str, Any]:
    return {issue.severity: issue.rule, "at": issue.locator, "of": issue.remote_id, "message": issue.message}


def whole_locator(found: Found, locator: str) -> str:
    return f"{found.locator}/{locator}" if found.locator else locator


def unexplained(found: Found) -> set[str]:
    """Fields that have a value and no origin, and origins of fields that have no value."""
    record = found.record
    expected: set[str] = set()
    for field in record.model_dump(exclude_defaults=True, exclude={"provenance", "kind"}):
        value = getattr(record, field)
        if field == "texts":
            expected |= {f"texts/{text.module}/{text.language}" for text in value}
        elif field in {"links", "situations"}:
            expected |= {f"{field}/{index}" for index in range(len(value))}
        else:
            expected.add(field)
    # a language may be that of the whole source, which no place in the record tells
    return (expected ^ set(record.provenance)) - {"language"}


def resolve(data: Any, pointer: str) -> Any:
    """What stands at a JSON pointer; a KeyError or IndexError where nothing does."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        data = data[int(key)] if isinstance(data, list) else data[key]
    return data


def outcome(normalize: Normalizer, doc: Document, ctx: Context) -> list[Reading] | None:
    """The readings, None where the document cannot be read; any other exception is a fault of the normalizer."""
    try:
        return list(normalize(doc, ctx))
    except DocumentError:
        return None


def case_folders(interface: str) -> list[Path]:
    return sorted(path for path in (CASES / interface).iterdir() if path.is_dir())


def expected(folder: Path) -> Any:
    return json.loads((folder / "expected.json").read_text("utf-8"))
