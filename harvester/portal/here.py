"""The build that a request is answered from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request

from harvester.portal.published import Published, Reading
from harvester.portal.settings import Settings


def _reading(request: Request) -> Iterator[Reading]:
    published: Published = request.app.state.published
    with published.read() as reading:
        yield reading


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Here = Annotated[Reading, Depends(_reading)]
"""The newest build, the same for the whole of the answer."""
Told = Annotated[Settings, Depends(_settings)]
"""What the portal was started with."""
