"""Snapshots: every body ever received, once, under the hash of its content."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

import zstandard

from harvester.model import DocumentError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LEVEL = 1
"""Measured on XZuFi-like XML: level 1 takes 2.7 s per GB for a ratio of 5.6, level 3 takes 4.0 s for 5.8."""

SPOOL = 1_000_000
"""Bodies up to this size (bytes) wait in memory: a known one then costs no file at all."""

_READ = 256 * 1024


class SnapshotBrokenError(DocumentError):
    """A stored body is not what its name says: damaged or cut off. Whoever reads it has no document."""


class _Body(io.RawIOBase):
    """A body as it is decompressed; damage is told in words that lead somewhere."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._reader = zstandard.ZstdDecompressor().stream_reader(file, read_size=_READ, closefd=True)
        self._path = path

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        try:
            return int(self._reader.readinto(buffer))
        except zstandard.ZstdError as error:
            told = f"the snapshot is damaged: {self._path} ({error}); harvester doctor --thorough has it fetched again"
            raise SnapshotBrokenError(told) from error

    def close(self) -> None:
        self._reader.close()  # type: ignore[no-untyped-call]  # the package's stubs forgot its return type
        super().close()


@dataclass(frozen=True)
class SnapshotStore:
    """A folder of bodies, compressed with Zstandard, named by the SHA-256 of what they decompress to.

    A file under its final name is whole: it is written elsewhere, flushed to the disk and then renamed. Several
    processes may write to one store.
    """

    directory: Path

    def path(self, sha256: str) -> Path:
        """Where a body lies, whether it exists or not."""
        if len(sha256) != 64 or not sha256.isalnum():
            raise ValueError(f"{sha256!r} is no SHA-256 in hexadecimal")
        return self.directory / sha256[:2] / sha256[2:4] / f"{sha256}.zst"

    def has(self, sha256: str) -> bool:
        """Whether a body is stored."""
        return self.path(sha256).is_file()

    def open(self, sha256: str) -> BinaryIO:
        """The body as a stream from its beginning; the caller closes it. FileNotFoundError where there is none."""
        path = self.path(sha256)
        return io.BufferedReader(_Body(path.open("rb"), path), _READ)

    def read(self, sha256: str, limit: int | None = None) -> bytes:
        """The first ``limit`` bytes of a body, or all of it."""
        with self.open(sha256) as stream:
            return stream.read(-1 if limit is None else limit)

    def recall(self, sha256: str) -> bytes | None:
        """A body that memory has room for, held against its hash; None where there is none, or none any more: a damaged one goes."""
        try:
            body = self.read(sha256)
        except FileNotFoundError:
            return None
        except SnapshotBrokenError:
            body = None
        if body is None or hashlib.sha256(body).hexdigest() != sha256:
            self.path(sha256).unlink(missing_ok=True)
            return None
        return body

    def verify(self, sha256: str) -> None:
        """Read a body through and raise SnapshotBrokenError if it does not have the hash it is stored under."""
        digest = hashlib.sha256()
        with self.open(sha256) as stream:
            while chunk := stream.read(_READ):
                digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise SnapshotBrokenError(f"{self.path(sha256)} holds a body with hash {digest.hexdigest()}")

    @contextmanager
    def writer(self) -> Iterator[SnapshotWriter]:
        """Take in a body piece by piece; without ``commit`` nothing of it stays."""
        writer = SnapshotWriter(self)
        try:
            yield writer
        finally:
            writer.discard()

    def put(self, body: bytes) -> str:
        """Store a body that is in memory and return its hash."""
        with self.writer() as writer:
            writer.write(body)
            return writer.commit()

    def sweep(self, before: float) -> int:
        """Remove what killed processes left half-written before a time (seconds since 1970); return how many."""
        removed = 0
        for path in self._incoming.glob("*"):
            with suppress(FileNotFoundError):  # another process sweeps too
                if path.stat().st_mtime < before:
                    path.unlink()
                    removed += 1
        return removed

    def unfinished(self) -> list[Path]:
        """Files that are being written, or that a killed process left behind."""
        return sorted(self._incoming.glob("*"))

    @property
    def _incoming(self) -> Path:
        return self.directory / "incoming"


@dataclass
class SnapshotWriter:
    """One body on its way into the store, in constant memory; hashed and compressed in one pass."""

    store: SnapshotStore
    size: int = 0
    _digest: hashlib._Hash = field(default_factory=lambda: hashlib.sha256(usedforsecurity=False))
    _spool: list[bytes] = field(default_factory=list)
    _file: IO[bytes] | None = None
    _frame: zstandard.ZstdCompressionWriter | None = None

    def write(self, piece: bytes) -> None:
        """Take the next piece of the body."""
        self._digest.update(piece)
        self.size += len(piece)
        if self._frame is not None:
            self._frame.write(piece)
            return
        self._spool.append(piece)
        if self.size > SPOOL:
            self._begin()

    def commit(self) -> str:
        """Make the body permanent and return its hash; a body that is stored already costs nothing."""
        sha256 = self._digest.hexdigest()
        target = self.store.path(sha256)
        if target.is_file():
            return sha256
        file, frame = self._begin() if self._file is None or self._frame is None else (self._file, self._frame)
        frame.close()  # type: ignore[no-untyped-call]  # the package's stubs forgot its return type
        file.flush()
        os.fsync(file.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(file.name).replace(target)
        _sync_folder(target.parent)
        return sha256

    def discard(self) -> None:
        """Forget what is not committed."""
        self._spool.clear()
        self._frame = None
        if self._file is not None:
            self._file.close()
            with suppress(FileNotFoundError):  # committed: it has its final name
                Path(self._file.name).unlink()
            self._file = None

    def _begin(self) -> tuple[IO[bytes], zstandard.ZstdCompressionWriter]:
        incoming = self.store._incoming  # noqa: SLF001 -- the writer is the store's other half
        incoming.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.NamedTemporaryFile(dir=incoming, suffix=".part", delete=False)  # noqa: SIM115 -- closed in discard
        compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        self._frame = compressor.stream_writer(self._file, write_size=_READ, closefd=False)
        for piece in self._spool:
            self._frame.write(piece)
        self._spool.clear()
        return self._file, self._frame


def _sync_folder(folder: Path) -> None:
    """Flush a rename to the disk, so that a power cut does not undo it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
