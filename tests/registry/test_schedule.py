"""Cron lines mean what crontab(5) says, in Europe/Berlin."""

from datetime import datetime

import pytest

from harvester.registry.schedule import ZONE, cron_trigger

SUNDAY = datetime(2026, 11, 22, tzinfo=ZONE)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekdays(line):
    """The days of one week at which a line fires."""
    trigger, fired, now = cron_trigger(line), [], SUNDAY
    while (at := trigger.get_next_fire_time(None, now)) and (at - SUNDAY).days < 7:
        fired.append(NAMES[at.weekday()])
        now = at.replace(hour=at.hour + 1)
    return " ".join(fired)


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("*", "sun mon tue wed thu fri sat"),
        ("0", "sun"),
        ("7", "sun"),
        ("1", "mon"),
        ("6", "sat"),
        ("1-5", "mon tue wed thu fri"),
        ("5-7", "sun fri sat"),
        ("0,3", "sun wed"),
        ("*/2", "sun tue thu sat"),
        ("1-5/2", "mon wed fri"),
        ("4/2", "thu sat"),
        ("mon", "mon"),
        ("mon-fri", "mon tue wed thu fri"),
        ("sat,sun", "sun sat"),
    ],
)
def test_weekdays_count_from_sunday(field, days):
    assert weekdays(f"0 3 * * {field}") == days


def test_times_are_those_of_berlin_in_summer_and_winter():
    trigger = cron_trigger("30 4 * * *")
    for month, offset in ((1, "+0100"), (7, "+0200")):
        at = trigger.get_next_fire_time(None, datetime(2026, month, 1, tzinfo=ZONE))
        assert at.strftime("%H:%M %z") == f"04:30 {offset}"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "daily",
        "@daily",
        "0 3 * *",
        "0 3 * * * *",
        "60 3 * * *",
        "0 24 * * *",
        "0 3 * * 8",
        "0 3 * * 5-1",
        "0 3 * * montag",
        "x 3 * * *",
    ],
)
def test_what_is_no_cron_line_is_refused(wrong):
    with pytest.raises(ValueError, match=r"cron line|backwards"):
        cron_trigger(wrong)
