"""Where workers and the writer hand each other files: any place that fsspec knows."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import fsspec

from harvester.fetch import SnapshotStore


@dataclass(frozen=True, slots=True)
class Depot:
    """A place by its address (``s3://bucket/prefix``, ``/shared/folder``). A name is there whole or not at all."""

    url: str
    endpoint: str | None = None

    def put(self, file: Path, name: str) -> None:
        """Leave a copy of a local file under a name."""
        files, root = _open(self.url, self.endpoint)
        target = f"{root}/{name}"
        if "file" in files.protocol:  # an object store shows nothing before it is whole; a folder does
            target = f"{target}.{uuid.uuid4().hex}.part"
        files.makedirs(target.rpartition("/")[0], exist_ok=True)
        files.put_file(str(file), target)
        if target.endswith(".part"):
            Path(target).replace(f"{root}/{name}")

    def get(self, name: str, file: Path) -> bool:
        """Bring what is there under a name to a local file; tells whether it was there."""
        files, root = _open(self.url, self.endpoint)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.{uuid.uuid4().hex}.part")
        try:
            files.get_file(f"{root}/{name}", str(part))
            part.replace(file)
        except FileNotFoundError:
            return False
        finally:
            part.unlink(missing_ok=True)
        return True

    def has(self, name: str) -> bool:
        """Whether there is something under a name."""
        files, root = _open(self.url, self.endpoint)
        files.invalidate_cache()
        return bool(files.exists(f"{root}/{name}"))

    def remove(self, name: str) -> None:
        """Take away what is there under a name, if anything is."""
        files, root = _open(self.url, self.endpoint)
        try:
            files.rm_file(f"{root}/{name}")
        except FileNotFoundError:
            return


@dataclass(frozen=True)
class SharedSnapshots(SnapshotStore):
    """Snapshots in a local folder, with those of a depot behind it: what is missing here is brought from there."""

    depot: Depot

    def has(self, sha256: str) -> bool:
        """Whether a body is stored, here or there."""
        return super().has(sha256) or self.depot.has(self.name(sha256))

    def open(self, sha256: str) -> BinaryIO:
        """The body as a stream from its beginning; the caller closes it. FileNotFoundError where there is none."""
        self.bring(sha256)
        return super().open(sha256)

    def bring(self, sha256: str) -> None:
        """Have a body here that the depot has."""
        if not super().has(sha256):
            self.depot.get(self.name(sha256), self.path(sha256))

    def share(self, sha256: str) -> None:
        """Leave a body in the depot, unless it is there."""
        if not self.depot.has(self.name(sha256)):
            self.depot.put(self.path(sha256), self.name(sha256))

    def name(self, sha256: str) -> str:
        """Its name in the depot."""
        return f"snapshots/{self.path(sha256).relative_to(self.directory).as_posix()}"


@cache
def _open(url: str, endpoint: str | None) -> tuple[Any, str]:
    """The file system and the path in it. One per process: it keeps connections."""
    options = {"client_kwargs": {"endpoint_url": endpoint}} if endpoint else {}
    files, root = fsspec.core.url_to_fs(url, **options)
    return files, os.fspath(root).rstrip("/")
