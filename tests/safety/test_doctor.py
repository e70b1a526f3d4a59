"""The doctor finds what is wrong with a workspace and mends what needs no person; the next run does the rest."""

import json
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from harvester.cli import main
from harvester.doctor import snapshots
from harvester.errors import Exit
from harvester.fetch import SnapshotStore
from harvester.run.harvest import begin
from harvester.run.run import utc_now
from harvester.state import open_state
from harvester.state.lease import Owner, take
from harvester.state.schema import migrations
from harvester.workspace import Settings
from tests.build import source
from tests.safety.town import events_add_up, titles

DEAD = Owner(Owner.this().host, 1, 0.0)
"""Number 1 is there, but began later."""


@pytest.fixture
def sick(town, call):
    """A workspace that was harvested; tests make it ill."""
    town.add("stadt", titles("stadt", 12), interface="xzufi")
    assert call("run")[0] == Exit.DONE
    return town


@pytest.fixture
def examine(call):
    """The doctor's findings that are not fine, by check: health, what was found, remedy."""

    def examine(*options):
        code, told, err = call("doctor", *options)
        assert "Traceback" not in err
        found = {d["check"]: (d["health"], d["found"], d["remedy"]) for d in told["diagnoses"] if d["health"] != "ok"}
        assert code == (Exit.FAILED if any(health == "ill" for health, *_ in found.values()) else Exit.DONE)
        return found

    return examine


@pytest.fixture
def state(sick):
    with closing(open_state(sick.workspace.state_file)) as made:
        yield made


@pytest.mark.usefixtures("sick")
def test_a_healthy_workspace(examine):
    assert examine() == {}


def test_an_empty_workspace(town, examine):
    town.add("stadt", {})
    assert examine() == {}


def mended_once(examine, check, found):
    """Found, mended, and then gone."""
    assert examine("--dry-run")[check][0] == "ill"
    ((name, (health, told, _)),) = examine().items()
    assert (name, health) == (check, "mended")
    assert found in told
    assert examine() == {}


def test_stale_leases(state, examine):
    take(state.conn, "source:stadt", DEAD, utc_now())
    take(state.conn, "source:dorf", Owner("elsewhere", 1, 1.0), utc_now() - timedelta(hours=1))
    mended_once(examine, "leases", "stale leases removed: source:dorf, source:stadt")


def test_a_lease_that_is_held_is_left_alone(state, examine):
    take(state.conn, "source:stadt", Owner.this(), utc_now())
    assert examine() == {}
    assert state.conn.execute("SELECT count(*) FROM lease").fetchone()[0] == 1


def test_interrupted_runs(state, sick, examine):
    begin(state, source("stadt"), utc_now())
    mended_once(examine, "runs", "1 interrupted runs closed as failed; nothing of them counts")
    assert state.conn.execute("SELECT verdict FROM source").fetchone()[0] == "failed"
    assert sick.published == sick.held


def test_half_written_files(sick, examine):
    left = [
        sick.workspace.runs / "20260101-000000-stadt.shard",
        sick.workspace.builds / "catalogue.new",
        sick.workspace.builds / "catalogue-1.half",
        sick.workspace.snapshots / "incoming" / "x.part",
    ]
    for file in left:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"half")
    mended_once(examine, "files", "4 half-written files removed")
    assert [file for file in left if file.exists()] == []


def test_files_of_a_run_that_goes_on_are_left_alone(state, sick, examine):
    take(state.conn, "source:stadt", Owner.this(), utc_now())
    shard = sick.workspace.runs / "20260101-000000-stadt.shard"
    shard.write_bytes(b"half")
    assert examine() == {}
    assert shard.exists()


def test_records_that_wait_for_a_decision_are_no_rubbish(sick, call, examine):
    sick.holds["stadt"] = titles("stadt", 1)
    run = call("run")[1]["sources"][0]
    assert examine()["held"] == ("ill", f"stadt: {run['reason']}", f'harvester approve {run["run"]} --because "…"')
    assert call("approve", run["run"], "--because", "ja")[0] == Exit.DONE


def test_missing_snapshots_are_fetched_again(sick, call, examine):
    before = sick.published, sick.ids
    whole = {file.name for file in sick.workspace.snapshots.rglob("*.zst")}
    shutil.rmtree(sick.workspace.snapshots)
    mended = examine()
    assert mended["snapshots"] == ("mended", "3 are missing; the next run fetches them again", "")
    assert call("run")[1]["sources"][0]["verdict"] == "complete"
    assert {file.name for file in sick.workspace.snapshots.rglob("*.zst")} == whole
    assert (sick.published, sick.ids) == before
    assert examine() == {}


def damage(sick, size=1):
    """Turn a byte in the middle of that many snapshots over."""
    files = sorted(sick.workspace.snapshots.rglob("*.zst"))[:size]
    for file in files:
        body = bytearray(file.read_bytes())
        body[len(body) // 2] ^= 0xFF
        file.write_bytes(body)
    return files


def test_damaged_snapshots_are_fetched_again(sick, call, examine):
    before = sick.published, sick.ids
    files = damage(sick, 2)
    assert examine("--dry-run")["snapshots"] == ("ill", "2 are damaged", "harvester doctor, then harvester run")
    assert examine()["snapshots"] == ("mended", "2 are damaged; the next run fetches them again", "")
    assert [file for file in files if file.exists()] == [], "else the store would take them for what is fetched"
    assert call("run")[1]["sources"][0]["verdict"] == "complete"
    assert [file for file in files if not file.exists()] == []
    assert (sick.published, sick.ids) == before
    assert examine() == {}


def test_a_day_reads_a_sample_and_thorough_reads_all(sick, examine, call, monkeypatch):
    monkeypatch.setattr(snapshots, "_SAMPLE_FILES", 1)
    damage(sick, 3)
    found = next(d for d in call("doctor")[1]["diagnoses"] if d["check"] == "snapshots")
    assert found["found"].startswith("1 is damaged")
    assert examine("--thorough")["snapshots"][1].startswith("1 is missing and 2 are damaged")


def test_another_day_reads_another_sample(sick, monkeypatch):
    monkeypatch.setattr(snapshots, "_SAMPLE_FILES", 1)
    store = SnapshotStore(sick.workspace.snapshots)
    names = [file.stem for file in sick.workspace.snapshots.rglob("*.zst")]
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(60)]
    assert {name for day in days for name in snapshots._sample(store, names, day)} == set(names)  # noqa: SLF001 - the rule


def test_a_run_that_meets_a_damaged_snapshot_says_what_to_do(sick, state, call):
    """The source's own documents are fine; a run that has to read them again only finds what was stored."""
    damage(sick, 3)
    state.conn.execute("UPDATE document SET reader = 'another version'")
    (run,) = call("run")[1]["sources"]
    assert run["verdict"] in {"failed", "partial"}
    assert "snapshot is damaged" in run["reason"]
    assert "harvester doctor --thorough" in run["reason"]
    assert sick.published == sick.held
    assert call("doctor", "--thorough")[0] == Exit.DONE
    assert call("run")[1]["sources"][0]["verdict"] == "complete"


def test_where_people_are_told_is_shown_without_passwords_and_secret_addresses(sick, call):
    with (sick.root / "harvester.toml").open("a", encoding="utf-8") as file:
        file.write(
            '[telling.mail]\nhost = "mail.stadt.example"\nsender = "a@stadt.example"\nto = ["b@stadt.example"]\n'
            'password = "sehr-geheim"\n'
            '[[telling.hooks]]\nname = "chat"\nurl = "https://chat.stadt.example/hooks/sehr-geheim"\nsecret = "sehr-geheim"\n'
        )
    _, told, _ = call("doctor")
    assert "sehr-geheim" not in json.dumps(told)
    settings = {s["name"]: s["value"] for s in told["settings"]}
    assert "host=mail.stadt.example" in settings["telling.mail"]
    assert settings["telling.hooks"] == "name=chat kind=json url=https://chat.stadt.example/•••••• secret=••••••"


def test_the_settings_in_force_are_told_with_their_origin_and_without_secrets(sick, call, capsys, monkeypatch):
    sick.configure(run={"seconds": 77})
    about = json.loads(sick.file("stadt").read_text("utf-8"))
    access = {"token_url": about["endpoint"], "client_id": "${STADT_ID}", "client_secret": "${STADT_SECRET}"}
    sick.file("stadt").write_text(json.dumps({**about, "options": access}), "utf-8")
    monkeypatch.setenv("STADT_ID", "stadt")
    monkeypatch.setenv("STADT_SECRET", "sehr-geheim")
    settings = {s["name"]: (s["value"], s["origin"]) for s in call("doctor")[1]["settings"]}
    lines = (sick.root / "harvester.toml").read_text("utf-8").splitlines()
    assert settings["run.seconds"] == ("77.0", f"harvester.toml:{lines.index('seconds = 77') + 1}")
    assert settings["catalogue.keep"] == ("7", "default")
    assert settings["stadt: options.client_secret"] == ("••••••", "environment")
    main(["-w", str(sick.root), "doctor"])
    told = capsys.readouterr().out
    assert "run.seconds" in told
    assert "sehr-geheim" not in told
    tables = {name.partition(".")[0] for name in settings if ":" not in name}
    assert tables == set(Settings.model_fields)


@pytest.mark.usefixtures("sick")
def test_a_full_disk(examine, monkeypatch):
    Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - the shape of what is replaced
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 1000, 1000))
    health, found, remedy = examine()["disk"]
    assert health == "ill"
    assert found.startswith("0.0 GB free, 0.5 GB needed")
    assert "[catalogue] keep" in remedy


def test_a_clock_that_went_back(state, examine):
    state.conn.execute("UPDATE run SET started_at = ?", ((datetime.now(UTC) + timedelta(days=40)).isoformat(),))
    health, found, remedy = examine()["clock"]
    assert health == "ill"
    assert "but state.db was written at" in found
    assert "set the machine's clock" in remedy


def test_a_state_of_an_older_program_is_brought_up_to_date(sick, call, examine):
    """Its tables are those of the first version, as far as runs are concerned."""
    published, ids = sick.published, sick.ids
    with closing(sqlite3.connect(sick.workspace.state_file)) as db, db:
        db.executescript("DROP TABLE lease; DROP TABLE decision; DROP INDEX record_withdrawn; DROP INDEX record_scope;")
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND (name GLOB 'link*' OR name GLOB 'told*' OR name = 'identity_before')"
        ).fetchall():
            db.execute(f"DROP TABLE {name}")
        db.execute("ALTER TABLE event DROP COLUMN regions")
        for column in ("live", "fill", "delta", "cursor", "interrupted"):
            db.execute(f"ALTER TABLE run DROP COLUMN {column}")
        table = next(name for (name,) in db.execute("SELECT name FROM sqlite_master") if "migration" in name)
        db.execute(f"DELETE FROM {table} WHERE name >= '0002'")
    assert examine() == {}
    assert call("run")[0] == Exit.DONE
    assert (sick.published, sick.ids) == (published, ids)


def test_a_state_of_a_newer_program_is_refused(state, sick, call, examine):
    table = next(
        row[0] for row in state.conn.execute("SELECT name FROM sqlite_master") if "migration" in row[0].lower()
    )
    assert table
    newest = max(migration.name for migration in migrations.applied(state))
    columns = [row[1] for row in state.conn.execute(f"PRAGMA table_info({table})")]
    picked = ", ".join("'9999-future'" if column == "name" else column for column in columns if column != "id")
    into = ", ".join(column for column in columns if column != "id")
    state.conn.execute(f"INSERT INTO {table} ({into}) SELECT {picked} FROM {table} WHERE name = ?", (newest,))
    before = sick.workspace.catalogue_file.read_bytes()
    health, found, remedy = examine()["state"]
    assert (health, remedy) == ("ill", "install the newer harvester")
    assert "was written by a newer harvester (9999-future)" in found
    for verb in (["run"], ["catalogue", "build"], ["approve", "x", "--because", "y"]):
        code, told, err = call(*verb)
        assert code == Exit.FAILED
        assert "install that version or a later one" in told["error"]
        assert "Traceback" not in err
    assert sick.workspace.catalogue_file.read_bytes() == before


@pytest.mark.parametrize("harm", ["header", "middle"])
def test_a_damaged_state(sick, examine, harm):
    file = sick.workspace.state_file
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(file.read_bytes())
    start = 0 if harm == "header" else 4096
    body[start : start + 4096 * 20] = b"x" * 4096 * 20
    file.write_bytes(body)
    health, found, remedy = examine()["state"]
    assert health == "ill"
    assert found.startswith("state.db is damaged: ")
    assert "restore state.db from a backup" in remedy


def test_a_lost_state_is_made_anew_and_ids_stay(sick, call):
    """What the doctor says of a damaged state is true."""
    ids, published = sick.ids, sick.published
    for file in sick.root.glob("state.db*"):
        file.unlink()
    assert call("run")[0] == Exit.DONE
    assert (sick.ids, sick.published) == (ids, published)
    events_add_up(sick)


def test_a_damaged_catalogue(sick, examine):
    sick.workspace.catalogue_file.write_bytes(b"no catalogue")
    health, _, remedy = examine()["catalogue"]
    assert health == "ill"
    assert "harvester catalogue rollback" in remedy


@pytest.mark.parametrize(
    ("text", "check"), [("[run]\nworkers = many\n", "settings"), ("[politeness]\ninterval = 0\n", "contact")]
)
def test_wrong_settings(sick, examine, text, check):
    (sick.root / "harvester.toml").write_text(text, "utf-8")
    assert examine()[check][0] == "ill"


def test_a_source_that_cannot_be_read(sick, examine):
    sick.file("stadt").write_text("id: [", "utf-8")
    assert examine()["sources"][2] == "correct the file; its records stay as they are until then"


def test_people_read_what_to_do(sick, capsys):
    sick.workspace.catalogue_file.write_bytes(b"no catalogue")
    assert main(["-w", str(sick.root), "doctor"]) == Exit.FAILED
    out = capsys.readouterr().out
    assert "✗ catalogue" in out
    assert "→ harvester catalogue rollback" in out


def test_a_wrong_merge_rule_is_named_with_file_and_line(sick, examine):
    file = sick.root / "data" / "merge.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("- join: [allein]\n  reason: falsch so\n", encoding="utf-8")
    health, told, remedy = examine()["merge rules"]
    assert health == "ill"
    assert "merge.yml:1: " in told
    assert "docs/merge.md" in remedy
