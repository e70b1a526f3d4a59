"""Make a record of what was read, or say why it cannot be one."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from harvester.model import Found, Record
from normalizers.notes import Notes


def make(notes: Notes, kind: type[Record], locator: str, fields: dict[str, Any]) -> Found | None:
    """Validate a record; values beyond the model's bounds (a name of thousands of letters) are an error issue."""
    try:
        return Found(kind(**fields), locator)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "/".join(str(part) for part in first["loc"])
        remote_id = str(fields["remote_id"])[:300]
        message = f"The record cannot be kept: {where}: {first['msg']}."
        notes.error("invalid", locator, message, remote_id)
        return None
