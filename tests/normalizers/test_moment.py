"""Times as sources write them."""

from datetime import UTC, datetime

import pytest

from normalizers.moment import BERLIN, read_german, read_iso


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("20.01.2025 00:48", datetime(2025, 1, 19, 23, 48, tzinfo=UTC)),
        ("20.07.2025 00:48", datetime(2025, 7, 19, 22, 48, tzinfo=UTC)),
        ("31.02.2025 00:48", None),
        ("01.01.0001 00:00", None),
        ("20.01.2025", None),
        ("", None),
    ],
)
def test_german_times_are_those_of_berlin(written, moment):
    assert read_german(written, BERLIN) == moment


@pytest.mark.parametrize(
    ("written", "zone", "moment"),
    [
        ("2024-01-24T12:21:29Z", BERLIN, datetime(2024, 1, 24, 12, 21, 29, tzinfo=UTC)),
        ("2015-02-05T08:10:13+01:00", UTC, datetime(2015, 2, 5, 7, 10, 13, tzinfo=UTC)),
        ("2026-06-08T07:41:01", BERLIN, datetime(2026, 6, 8, 5, 41, 1, tzinfo=UTC)),
        ("2025-01-20T01:26:46.650442062Z", UTC, datetime(2025, 1, 20, 1, 26, 46, 650442, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", UTC, None),
        ("gestern", UTC, None),
        ("", UTC, None),
    ],
)
def test_iso_times_without_an_offset_are_those_of_the_given_zone(written, zone, moment):
    assert read_iso(written, zone) == moment


def test_times_are_kept_in_utc():
    assert read_german("20.07.2025 00:48", BERLIN).tzinfo is UTC
