"""The portal's style sheet and pictures, under names that change with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

router = APIRouter(include_in_schema=False)
_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


@router.get("/static/{name}")
def read_static(name: str) -> Response:
    """A file by the address that ``address_of`` gives it; browsers may keep it for ever."""
    found = _by_address().get(name)
    if found is None:
        raise HTTPException(404, "There is no such file.")
    content, media_type = found
    return Response(content, media_type=media_type, headers={"cache-control": "public, max-age=31536000, immutable"})


@cache
def address_of(name: str) -> str:
    """The address of a file, with a piece of its content's hash in it."""
    return f"/static/{_addressed(name, (files('harvester.portal') / 'assets' / name).read_bytes())}"


@cache
def _by_address() -> dict[str, tuple[bytes, str]]:
    found = {}
    for file in (files("harvester.portal") / "assets").iterdir():
        kind = file.name.rpartition(".")[2]
        if kind in _TYPES:
            found[_addressed(file.name, file.read_bytes())] = file.read_bytes(), _TYPES[kind]
    return found


def _addressed(name: str, content: bytes) -> str:
    stem, _, kind = name.rpartition(".")
    return f"{stem}-{hashlib.blake2b(content, digest_size=6).hexdigest()}.{kind}"
