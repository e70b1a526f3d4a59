"""Publish a catalogue: check it, make it durable, swap it in one step, keep the last builds."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from harvester.catalogue.check import check_catalogue
from harvester.errors import HarvesterError


class NotPublishableError(HarvesterError):
    """A new catalogue did not pass its checks; the published one stays."""


def publish(
    new: Path, published: Path, builds: Path, *, keep: int, amends: bool = False, renewed: bool = False
) -> None:
    """Put ``new`` in the place of ``published``.

    A reader that has the old file open keeps reading it whole. The old one stays in ``builds`` under its build id, the
    newest ``keep`` of them; but for one that the new one only amends with the states of links.
    ``renewed``: the new one is a copy of a checked one with other times and states, see ``check_catalogue``.

    Raises:
        NotPublishableError: the checks found something; nothing has changed.
    """
    if problems := check_catalogue(new, renewed=renewed):
        raise NotPublishableError("the new catalogue is not published, the last one stays:\n" + "\n".join(problems))
    _sync(new)
    builds.mkdir(parents=True, exist_ok=True)
    if not amends and published.exists() and published.stat().st_size:
        kept = builds / f"catalogue-{build_id(published)}.db"
        if not kept.exists():
            _link_or_copy(published, kept)
    new.replace(published)
    _sync(published.parent)
    old = sorted(builds.glob("catalogue-*.db"))
    for file in old[: max(len(old) - keep, 0)]:
        file.unlink()


def build_id(file: Path) -> str:
    """The build id a catalogue carries."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'build_id'").fetchone()
    return str(row[0])


def _link_or_copy(source: Path, target: Path) -> None:
    """Keep a file under a second name without copying it where the disk can do that."""
    try:
        os.link(source, target)
    except OSError:
        half = target.with_suffix(".half")
        shutil.copyfile(source, half)
        half.replace(target)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
