"""Open the published catalogue for reading, as any portal does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from harvester.catalogue.published import find_published, is_foreign
from harvester.errors import UsageError


class NoCatalogueError(UsageError):
    """There is no catalogue to read."""


@contextmanager
def open_catalogue(file: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection. The file may be replaced meanwhile: what was opened stays whole.

    Raises:
        NoCatalogueError: nothing is there, or it is no catalogue.
        CatalogueTooNewError: it was written by a newer program.
    """
    published = find_published(file)
    if published is None:
        raise NoCatalogueError(f"{file} does not exist: nothing was published yet (harvester run)")
    if is_foreign(published):
        raise NoCatalogueError(f"{file} is no catalogue, or it is damaged; harvester doctor tells what to do")
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        if not db.execute("SELECT 1 FROM pragma_table_info('event') WHERE name = 'regions'").fetchone():
            raise NoCatalogueError(
                f"{file} was built by an earlier version: harvester catalogue build brings it up to date"
            )
        yield db
