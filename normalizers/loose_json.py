"""Read JSON whose shape cannot be relied on: single objects for lists, nulls, numbers for texts, unknown keys.

Places are JSON pointers (RFC 6901).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from harvester.model import Document, DocumentError
from normalizers.decoding import read_text

Object: TypeAlias = dict[str, Any]


def load(document: Document) -> object:
    """Parse a whole document; a cut-off or broken one is a ``DocumentError`` with line and column."""
    body = read_text(document)
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(body.rstrip()) or error.msg.startswith("Unterminated string")
        what = "ends too early: it is cut off" if cut else "is no JSON"
        raise DocumentError(f"The document {what} ({error.msg}, line {error.lineno}, column {error.colno}).") from error
    except (ValueError, RecursionError) as error:
        # a number of thousands of digits, or brackets nested a thousand deep
        raise DocumentError(f"The document is JSON beyond all bounds: {error}.") from error


def load_object(document: Document) -> Object:
    """Parse a document that has to be one object."""
    found = load(document)
    if not isinstance(found, dict):
        raise DocumentError(f"The document holds {kind(found)} where an object belongs.")
    return found


def text(value: object) -> str:
    """A text, or a number as text; empty for null, booleans and structures. Half surrogates become „�“."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def items(value: object, pointer: str) -> Iterator[tuple[str, object]]:
    """The elements of a list with their places. A single value counts as a list of one, an empty one as none."""
    if isinstance(value, list):
        yield from ((f"{pointer}/{index}", element) for index, element in enumerate(value))
    elif value or (isinstance(value, int | float) and not isinstance(value, bool)):
        yield pointer, value


def texts(value: object, pointer: str) -> Iterator[tuple[str, str]]:
    """The non-empty texts of a list with their places."""
    yield from ((place, found) for place, element in items(value, pointer) if (found := text(element).strip()))


def escape(key: str) -> str:
    """A key as part of a JSON pointer."""
    return text(key).replace("~", "~0").replace("/", "~1")


def kind(value: object) -> str:
    """What a value is, in JSON's words, for messages."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"
