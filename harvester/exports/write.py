"""Write an export beside its place and rename it: what stands there is always whole."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from harvester.errors import Exit, HarvesterError, UsageError

MANIFEST = "export.json"
"""What a directory made by an export holds; only such a one is ever replaced."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ExportError(HarvesterError):
    """The disk would not take the export; nothing half-written stays."""

    exit = Exit.VOID


@contextmanager
def new_file(target: Path, *, force: bool) -> Iterator[TextIO]:
    """A text file (UTF-8) that takes its place when the block ends well, and vanishes when it does not.

    Raises:
        UsageError: something is there already, or the folder is missing.
        ExportError: the disk is full or not writable.
    """
    _tidy(target)
    _check(target, force=force)
    if target.is_dir():
        raise UsageError(f"{target} is a directory, and this format is one file: name a file with --out")
    half = target.with_name(f".{target.name}.{os.getpid()}.half")
    with _told(target):
        try:
            with half.open("x", encoding="utf-8", newline="") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)


@contextmanager
def new_directory(target: Path, *, force: bool) -> Iterator[Path]:
    """A directory that takes its place when the block ends well, and vanishes when it does not.

    With ``force`` an earlier export in its place goes; anything else is left alone.

    Raises:
        UsageError: something is there already, or the folder is missing.
        ExportError: the disk is full or not writable.
    """
    _tidy(target)
    _check(target, force=force)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file, and this format is a directory: name a directory with --out")
    if target.exists() and any(target.iterdir()) and not (target / MANIFEST).exists():
        raise UsageError(f"{target} holds something that is no export (no {MANIFEST} in it): it is not replaced")
    half = target.with_name(f".{target.name}.{os.getpid()}.half")
    aside = target.with_name(f".{target.name}.{os.getpid()}.old")
    with _told(target):
        try:
            half.mkdir()
            yield half
            if target.exists():
                target.replace(aside)
            half.replace(target)
        finally:
            shutil.rmtree(half, ignore_errors=True)
            shutil.rmtree(aside, ignore_errors=True)


def _tidy(target: Path) -> None:
    """Remove what exports to this place left that were killed; an earlier export that one of them had put aside goes back."""
    name = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.(half|old)")
    found = target.parent.iterdir() if target.parent.is_dir() else ()
    for leftover, kind in [
        (file, told[2]) for file in found if (told := name.fullmatch(file.name)) and _died(int(told[1]))
    ]:
        with _told(target):
            if kind == "old" and not target.exists():
                leftover.replace(target)
            elif leftover.is_dir():
                shutil.rmtree(leftover)
            else:
                leftover.unlink(missing_ok=True)


def _died(pid: int) -> bool:
    """Tell whether a process is gone; our own number on a leftover is that of another one, before us."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False  # somebody else's
    return pid == os.getpid()


def _check(target: Path, *, force: bool) -> None:
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is not a directory: make it first, or name another place with --out")
    if target.exists() and not force:
        raise UsageError(f"{target} exists: --force replaces it, or name another place with --out")


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Say what the disk's errors mean for the export."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise ExportError(
                f"the disk is full: {target} was not written and nothing half-done is left; make room, or name"
                " another place with --out"
            ) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise ExportError(
                f"{target} cannot be written ({error.strerror}); name another place with --out"
            ) from error
        raise
