"""Runs of the checker against a script, over days that pass in no time."""

from datetime import timedelta

import pytest

from harvester.links.observation import Fault
from harvester.links.run_row import RunBusyError, begin
from harvester.links.store import Selection, sync_links
from tests.links.bench import START, Desk, FakeTime, address, run, texts
from tests.links.script import Script, moved, seen

A = "https://stadt.example/seite"


class KilledError(Exception):
    pass


def desk(**hosts) -> Desk:
    time = FakeTime()
    return Desk(Script(time.clock, **hosts), time)


def test_a_living_link_is_ok_and_not_asked_again_before_it_is_due():
    at = desk()
    at.add(A)
    first, second = run(at.check()), run(at.check())
    assert at.link(A)["state"] == "ok"
    assert (first.checked, second.selected, second.requests) == (1, 0, 0)


def test_an_address_that_many_services_name_is_checked_once():
    at = desk()
    at.add(A, f"{A}#gebuehren", f"{A}#unterlagen", A.upper().replace("SEITE", "seite"))
    run(at.check())
    assert at.probe.pages_asked() == [A]
    assert {at.link(text)["state"] for text in (A, f"{A}#gebuehren")} == {"ok"}


def test_a_page_that_is_gone_dies_after_two_looks_over_a_day():
    at = desk(stadt_example=404)
    at.add(A)
    states = []
    for _ in range(4):
        run(at.check())
        states.append(at.link(A)["state"])
        at.time.wait(hours=14)
    assert states == ["suspect", "suspect", "dead", "dead"]


def test_one_broken_host_is_one_incident_and_its_other_links_are_left_alone():
    at = desk(stadt_example=Fault.REFUSED)
    at.add(*texts("stadt.example", 50))
    report = run(at.check())
    assert len(at.probe.asked) == 2
    assert report.broken == {"stadt.example": "connect-refused"}
    assert [row["host"] for row in at.conn.execute("SELECT host FROM link_incident")] == ["stadt.example"]
    told = at.conn.execute("SELECT code, count(*) FROM link GROUP BY code ORDER BY 2").fetchall()
    assert [tuple(row) for row in told] == [("connect-refused", 1), ("host-down-not-tested", 49)]


def test_a_host_that_stays_down_takes_its_links_with_it_and_brings_them_back():
    at = desk(stadt_example=Fault.REFUSED)
    at.add(*texts("stadt.example", 20))
    for _ in range(5):
        run(at.check(Selection(due=False)))
        at.time.wait(hours=13)
    assert set(at.states().values()) == {"dead"}
    at.probe.hosts["stadt.example"] = 200
    run(at.check(Selection(due=False)))
    at.time.wait(minutes=1)
    run(at.check())
    assert set(at.states().values()) == {"ok"}
    assert at.conn.execute("SELECT count(*) FROM link_incident WHERE closed_at IS NULL").fetchone()[0] == 0


def test_a_page_gone_is_not_a_host_down():
    at = desk(stadt_example=404)
    at.add(*texts("stadt.example", 20))
    report = run(at.check())
    assert (report.checked, report.broken) == (20, {})


@pytest.mark.parametrize("answer", [500, Fault.HEAD_TIMEOUT, Fault.RESET, 999])
def test_five_links_failing_alike_are_the_hosts_trouble(answer):
    at = desk(stadt_example=answer)
    at.add(*texts("stadt.example", 20))
    assert run(at.check()).checked == 5


def test_failures_that_are_not_alike_do_not_open_the_breaker():
    at = desk()
    at.add(*texts("stadt.example", 20))
    for n in range(20):
        at.probe.pages[f"https://stadt.example/seite/{n}"] = 500 if n % 5 else 200
    assert run(at.check()).checked == 20


def test_429_for_ever_ends_the_host_and_not_the_run():
    at = desk(stadt_example=429)
    at.add(*texts("stadt.example", 10), *texts("kreis.example", 3))
    report = run(at.check())
    assert report.outcomes == {"throttled": 1, "ok": 3}
    assert len([url for url in at.probe.pages_asked() if "stadt" in url]) == 3


def test_a_long_retry_after_is_kept_across_runs():
    at = desk()
    at.probe.hosts["stadt.example"] = lambda: seen("", 429, at.time.clock, retry_after=5 * 3_600.0, final_url="")
    at.add(*texts("stadt.example", 10))
    run(at.check())
    at.time.wait(hours=2)
    assert run(at.check()).requests == 0
    at.probe.hosts["stadt.example"] = 200
    at.time.wait(hours=4)
    assert run(at.check()).checked == 9


def test_canaries_that_are_silent_void_the_run_before_anything_is_asked():
    at = desk(canary_example=Fault.UNREACHABLE)
    at.add(A)
    report = run(at.check(canaries=(address("https://canary.example/"),)))
    assert "canaries" in (report.void or "")
    assert (at.link(A)["state"], at.probe.pages_asked()) == ("unchecked", ["https://canary.example/"])


def test_canaries_that_fall_silent_during_the_run_void_all_of_it():
    at = desk(stadt_example=404)
    at.add(A)
    run(at.check(canaries=(address("https://canary.example/"),)))
    at.time.wait(hours=30)
    answers = iter([200, Fault.UNREACHABLE])
    at.probe.hosts["canary.example"] = lambda: next(answers, Fault.UNREACHABLE)
    report = run(at.check(canaries=(address("https://canary.example/"),)))
    assert report.void
    assert (at.link(A)["state"], at.link(A)["failures"]) == ("suspect", 1)


def test_most_hosts_failing_at_once_is_our_own_fault():
    at = desk(**{f"stadt{n}_example": Fault.CONNECT_TIMEOUT for n in range(12)})
    at.add(*(f"https://stadt{n}.example/" for n in range(14)))
    report = run(at.check())
    assert report.void
    assert set(at.states().values()) == {"unchecked"}
    assert at.conn.execute("SELECT count(*) FROM link_incident").fetchone()[0] == 0


def test_a_clock_that_jumps_during_the_run_voids_it():
    at = desk(stadt_example=404)
    at.add(A)

    def jump() -> int:
        at.time.jump += timedelta(days=30)
        return 404

    at.probe.hosts["stadt.example"] = jump
    assert "clock" in (run(at.check()).void or "")
    assert at.link(A)["state"] == "unchecked"


def test_a_killed_run_is_resumed_without_asking_again():
    at = desk()
    at.add(*texts("stadt.example", 6_000))

    def crash() -> int:
        if len(at.probe.asked) > 5_000:
            raise KilledError
        return 200

    at.probe.hosts["stadt.example"] = crash
    with pytest.raises(ExceptionGroup):
        run(at.check())
    assert set(at.states().values()) == {"unchecked"}
    at.probe.hosts["stadt.example"] = 200
    at.probe.asked.clear()
    run(at.check())
    assert set(at.states().values()) == {"ok"}
    assert len(at.probe.pages_asked()) == 2_000


def test_two_runs_at_once_are_refused():
    at = desk()
    begin(at.conn, "another process", at.time.now(), lambda _: True)
    with pytest.raises(RunBusyError):
        begin(at.conn, "this process", at.time.now(), lambda _: True)


def test_a_link_that_is_removed_rests_and_goes_on_when_it_is_back():
    at = desk(stadt_example=404)
    sync_links(at.conn, [A, "https://kreis.example/"], at.time.now())
    run(at.check())
    at.time.wait(hours=30)
    sync_links(at.conn, ["https://kreis.example/"], at.time.now())
    run(at.check(Selection(due=False)))
    assert (at.link(A)["state"], at.link(A)["failures"]) == ("suspect", 1)
    sync_links(at.conn, [A], at.time.now())
    run(at.check())
    assert at.link(A)["state"] == "dead"


def test_head_comes_first_for_files_and_its_no_is_not_believed():
    at = desk()
    pdf = "https://stadt.example/antrag.pdf"
    at.add(pdf, f"{pdf}?2")
    at.probe.pages[f"HEAD {pdf}"] = 404
    run(at.check())
    assert at.link(pdf)["state"] == "ok"
    assert [method for method, url in at.probe.asked if "antrag" in url] == ["HEAD", "GET", "GET"]
    assert at.conn.execute("SELECT head_lies_at FROM link_host").fetchone()[0] is not None


def test_a_healthy_page_with_the_same_validator_is_asked_by_head_alone():
    at = desk()
    at.add(A)
    at.probe.hosts["stadt.example"] = lambda: seen("", 200, at.time.clock, etag='"1"', final_url="")
    run(at.check())
    at.time.wait(days=2)
    at.probe.asked.clear()
    run(at.check())
    assert at.probe.asked == [("HEAD", A)]


def test_a_host_that_shows_one_page_for_everything_is_suspicious():
    at = desk()
    same = seen("", 200, at.time.clock, final_url="")
    at.probe.hosts["stadt.example"] = same
    at.probe.sibling = None
    at.add(A)
    run(at.check())
    assert (at.link(A)["state"], at.link(A)["code"]) == ("unchecked", "soft-404")


def test_the_sibling_is_asked_once_in_thirty_days():
    at = desk()
    at.add(*texts("stadt.example", 5))
    for _ in range(3):
        run(at.check(Selection(due=False)))
        at.time.wait(days=9)
    assert len(at.probe.asked) - len(at.probe.pages_asked()) == 1
    at.time.wait(days=9)
    run(at.check(Selection(due=False)))
    assert len(at.probe.asked) - len(at.probe.pages_asked()) == 2


def test_a_moved_page_stays_alive_and_its_target_is_remembered():
    at = desk()
    at.add(A)
    at.probe.pages[A] = lambda: moved(A, "https://stadt.example/neu", at.time.clock)
    run(at.check())
    row = at.link(A)
    assert (row["state"], row["outcome"], row["permanent_url"]) == ("ok", "moved", "https://stadt.example/neu")


def test_a_budget_is_shared_so_that_no_large_host_starves_the_small_ones():
    at = desk()
    at.add(*texts("gross.example", 100), *texts("klein.example", 3))
    report = run(at.check(budget=13))
    assert (report.checked, report.left) == (13, 90)
    assert sum("klein" in url for url in at.probe.pages_asked()) == 3


def test_the_time_of_a_run_is_bound_by_its_busiest_host():
    time = FakeTime()
    at = Desk(Script(time.clock), time, interval=1.0)
    at.add(*texts("gross.example", 10), *(f"https://klein{n}.example/" for n in range(5)))
    report = run(at.check())
    assert report.checked == 15


def test_the_run_begins_at_a_known_moment():
    at = desk()
    at.add(A)
    run(at.check())
    assert at.link(A)["checked_at"] == START.isoformat()
