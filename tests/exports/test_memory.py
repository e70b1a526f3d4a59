"""Exports are streamed: memory does not grow with the number of services."""

import shutil
import sqlite3
import tracemalloc
from contextlib import closing

import pytest

from harvester.exports import Export, run_export

_COPIES = {
    "service": ("id", "slug", "base_id"),
    "service_key": ("service_id",),
    "service_source": ("service_id",),
    "text_module": ("service_id", "same_as"),
    "service_region": ("service_id",),
    "service_link": ("service_id",),
    "competence": ("service_id",),
    "service_situation": ("service_id",),
}


def grown(catalogue, to, times):
    """A copy of a catalogue with every service so many times."""
    shutil.copyfile(catalogue, to)
    with closing(sqlite3.connect(to)) as db, db:
        for table, names in _COPIES.items():
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            told = ", ".join(f"{name} || 'x' || n" if name in names else name for name in columns)
            db.execute(
                f"WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?)"
                f" INSERT INTO {table} ({', '.join(columns)}) SELECT {told} FROM {table}, c",
                (times,),
            )
    return to


@pytest.mark.parametrize("wanted", ["ndjson", "csv", "turtle"])
def test_three_times_the_services_need_the_same_memory(two_days, tmp_path, wanted):
    peaks, sizes = [], []
    for times in (300, 900):
        catalogue = grown(two_days.catalogue, tmp_path / f"{times}.db", times)
        tracemalloc.start()
        done = run_export(catalogue, Export(wanted, tmp_path / f"out{times}", page="https://portal.example/{id}"))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        sizes.append(done.items)
    assert sizes[1] > 2.9 * sizes[0]
    assert peaks[1] < 1.3 * peaks[0] + 200_000
