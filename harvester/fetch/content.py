"""What a Content-Type header says."""

from __future__ import annotations

from email.message import Message

DEFAULT_MEDIA_TYPE = "application/octet-stream"
"""What a body is whose server does not say (RFC 9110, 8.3)."""


def content_type(value: str | None) -> tuple[str, str | None]:
    """Media type and charset of a Content-Type header, both in lower case."""
    if not value:
        return DEFAULT_MEDIA_TYPE, None
    message = Message()
    message["content-type"] = value
    media_type = value.partition(";")[0].strip().lower() or DEFAULT_MEDIA_TYPE
    return media_type, message.get_content_charset()
