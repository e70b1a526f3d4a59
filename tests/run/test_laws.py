"""Laws that hold for every sequence of runs, however the source changes in between."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from harvester.model import Coverage, DocumentError, Lost, Proof
from harvester.run.fold import Changes
from harvester.run.judge import Verdict
from tests.build import A, B, Bench, document, service, source, unreadable

PAGES = 3
IDS = st.sampled_from(["1", "2", "3", "4", "5"])
TITLES = st.sampled_from(["Anmelden", "Abmelden"])
READABLE = st.sampled_from([True, True, True, False])
PAGE = st.integers(0, PAGES - 1)


class Runs(RuleBasedStateMachine):
    """A source of three pages that hold records; the same record may stand on several pages, or be unreadable."""

    @initialize(grace=st.integers(0, 2), max_drop=st.sampled_from([0.4, 1.0]), keep_days=st.integers(0, 3))
    def begin(self, grace, max_drop, keep_days):
        self._folder = tempfile.TemporaryDirectory()
        self.bench = Bench(Path(self._folder.name))
        self.source = source("quelle", grace=grace, max_drop=max_drop, keep_days=keep_days)
        self.pages = [dict[str, tuple[str, bool]]() for _ in range(PAGES)]
        self.shift = [0] * PAGES
        self.nameless = set[int]()
        self.allowed = set[str]()
        self.forgotten = set[str]()
        self.ever = set[str]()

    def teardown(self):
        if hasattr(self, "bench"):
            self.bench.state.close()
            self._folder.cleanup()

    # -- the source changes ---------------------------------------------------------------------------------------------

    @rule(page=PAGE, remote_id=IDS, title=TITLES, readable=READABLE)
    def write(self, page, remote_id, title, readable):
        self.pages[page][remote_id] = title, readable

    @rule(page=PAGE, remote_id=IDS)
    def remove(self, page, remote_id):
        self.pages[page].pop(remote_id, None)

    @rule(page=PAGE)
    def move(self, page):
        self.shift[page] += 1

    @rule(page=PAGE)
    def lose_or_find_ids(self, page):
        self.nameless ^= {page}

    # -- runs -----------------------------------------------------------------------------------------------------------

    @rule()
    def complete(self):
        run = self.bench.run(self.source, *self.documents())
        self.judge(run)
        if run.verdict is Verdict.COMPLETE:
            assert self.published >= self.held
            self.check_titles()

    @rule(seen=st.sets(PAGE))
    def partial(self, seen):
        lost = (Lost("https://quelle.example/2", "timeout"),)
        self.judge(self.bench.run(self.source, *self.documents(seen), lost=lost))

    @rule(seen=st.sets(PAGE))
    def unproven(self, seen):
        self.judge(self.bench.run(self.source, *self.documents(seen), coverage=Coverage(Proof.UNKNOWN)))

    @rule(seen=st.sets(PAGE), how=st.sampled_from(["crawl", "document"]))
    def failed(self, seen, how):
        broken = [document("https://quelle.example/x", service("1", "Halb"), DocumentError("cut off"))]
        if how == "crawl":
            run = self.bench.run(self.source, *self.documents(seen), errors=["the crawl broke down"])
        else:
            run = self.bench.run(self.source, *self.documents(seen), *broken)
        assert run.verdict is Verdict.FAILED
        self.judge(run)

    @rule(how=st.sampled_from(["no document", "empty pages"]))
    def empty(self, how):
        pages = [document(f"https://quelle.example/{n}") for n in range(PAGES)] if how == "empty pages" else []
        self.judge(self.bench.run(self.source, *pages))

    @rule()
    def until_settled(self):
        """Complete runs converge to what the source holds, one after its grace."""
        runs = [self.bench.run(self.source, *self.documents()) for _ in range(self.source.expectations.grace + 1)]
        self.judge(runs[-1])
        if all(run.verdict is Verdict.COMPLETE for run in runs):
            assert self.held <= self.published <= {name for page in self.pages for name in page}
            again = self.bench.run(self.source, *self.documents())
            assert again.changes == Changes()
            self.check_titles()

    # -- what must hold -------------------------------------------------------------------------------------------------

    def documents(self, seen=range(PAGES)):
        return [
            document(
                f"https://quelle.example/{n}",
                *(
                    service(name, title, keys=[A] if title == "Anmelden" else [A, B]) if readable else unreadable(name)
                    for name, (title, readable) in sorted(self.pages[n].items())
                ),
                *([unreadable()] if n in self.nameless else []),
                shift=self.shift[n],
            )
            for n in sorted(seen)
        ]

    @property
    def held(self):
        return {name for page in self.pages for name, (_, readable) in page.items() if readable}

    def with_status(self, status):
        return {row[0] for row in self.bench.rows("SELECT remote_id FROM record WHERE status = ?", status)}

    @property
    def published(self):
        return self.bench.published(self.source)

    def judge(self, run):
        """Whatever is not complete removes nothing; what failed or was held changes nothing."""
        records = self.bench.rows("SELECT * FROM record ORDER BY 1, 2, 3")
        if run.verdict is Verdict.COMPLETE:
            self.allowed = self.published
        elif run.verdict is Verdict.PARTIAL:
            assert run.changes.removed == 0
            assert self.published >= self.allowed
            self.allowed = self.published
        else:
            assert records == self.records
        self.records = records
        forgotten = self.with_status("purged")
        if run.verdict is not Verdict.COMPLETE:
            assert forgotten <= self.forgotten, "only a complete run forgets"
        self.forgotten = forgotten
        self.ever |= self.published

    def check_titles(self):
        """Of a record on several pages the first readable one counts."""
        for name in self.published:
            titles = [page[name][0] for page in self.pages if name in page and page[name][1]]
            if titles:
                assert self.bench.record(self.source, name)["title"] == titles[0]

    records: list = []  # noqa: RUF012 - the state before any run

    @invariant()
    def only_what_was_purged_has_no_content_and_every_id_is_known_for_ever(self):
        if hasattr(self, "bench"):
            rows = self.bench.rows("SELECT remote_id, status = 'purged', content = x'' FROM record")
            assert [row for row in rows if row[1] != row[2]] == []
            assert {row[0] for row in rows} >= self.ever

    @invariant()
    def keys_are_those_of_published_services(self):
        if hasattr(self, "bench"):
            indexed = set(self.bench.rows("SELECT remote_id, leika_key FROM record_key"))
            rows = self.bench.rows("SELECT remote_id, keys FROM record WHERE status IN ('live', 'missing')")
            assert indexed == {(name, key) for name, keys in rows for key in keys.split()}


def test_no_sequence_of_runs_breaks_a_law():
    run_state_machine_as_test(
        Runs,
        settings=settings(
            max_examples=60, stateful_step_count=25, suppress_health_check=list(HealthCheck), deadline=None
        ),
    )


@pytest.mark.parametrize("grace", [0, 1])
def test_folding_the_same_twice_changes_nothing(tmp_path, grace):
    bench = Bench(tmp_path)
    pages = [document(f"https://quelle.example/{n}", service(str(n), keys=[A]), unreadable(f"x{n}")) for n in range(3)]
    quelle = source("quelle", grace=grace)
    bench.run(quelle, *pages)
    unseen = "SELECT source_id, kind, remote_id, hash, content, status, absences, changed_at, locator FROM record"
    before = bench.rows(unseen), bench.rows("SELECT revision FROM source")
    assert bench.run(quelle, *pages).changes == Changes()
    assert (bench.rows(unseen), bench.rows("SELECT revision FROM source")) == before
    bench.state.close()
