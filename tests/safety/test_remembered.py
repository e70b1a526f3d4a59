"""What the state remembers of sources: enough to keep their services, and nothing that is secret."""

import json
import sqlite3
from contextlib import closing

from sqlite_utils import Database

from harvester.errors import Exit
from harvester.registry import Source
from harvester.run.harvest import begin
from harvester.run.run import utc_now
from harvester.state import open_state
from harvester.state.schema import life_cycle
from tests.safety.town import titles

ACCESS = {
    "id": "pvog",
    "title": "PVOG",
    "level": "land",
    "region": "050000000000",
    "interface": "xzufi",
    "endpoint": "https://pvog.example/",
    "publisher": {"name": "Land"},
    "options": {
        "transport": "bereitstelldienst",
        "token_url": "https://pvog.example/token",
        "client_id": "kennung-aus-der-umgebung",
        "client_secret": "geheimnis-aus-der-umgebung",
    },
}


def test_a_source_whose_interface_is_gone_keeps_its_services(town, call):
    """A program that speaks one interface less meets a file, and a memory, that name it still."""
    town.add("stadt", titles("stadt", 12))
    town.add("dorf", titles("dorf", 3))
    assert call("run")[0] == Exit.DONE
    with closing(sqlite3.connect(town.workspace.state_file)) as db, db:
        db.execute(
            "UPDATE source SET description = replace(description, '\"dldb\"', '\"abgeschafft\"') WHERE id = 'stadt'"
        )
    about = json.loads(town.file("stadt").read_text("utf-8"))
    town.file("stadt").write_text(json.dumps({**about, "interface": "abgeschafft"}), "utf-8")
    town.holds["dorf"]["neu"] = "Neue Leistung"
    code, told, err = call("run")
    assert (code, "Traceback" in err) == (Exit.WRONG_USE, False)
    assert "no interface 'abgeschafft'" in told["problems"][0]
    assert town.published == town.held
    assert town.ask("SELECT interface FROM source WHERE id = 'stadt'") == [("abgeschafft",)]


def test_what_the_environment_gave_is_not_remembered(tmp_path):
    with closing(open_state(tmp_path / "state.db")) as state:
        begin(state, Source.model_validate(ACCESS), utc_now())
        state.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert Source.remembered(state.conn.execute("SELECT description FROM source").fetchone()[0]).id == "pvog"
    assert b"aus-der-umgebung" not in (tmp_path / "state.db").read_bytes()


def test_what_an_older_program_remembered_of_it_is_forgotten():
    db = Database(memory=True)
    db.execute("CREATE TABLE source (id TEXT, description TEXT)")
    db.execute("CREATE TABLE record (source_id TEXT, changed_at TEXT, status TEXT)")
    db.execute("INSERT INTO source VALUES ('pvog', ?)", (json.dumps(ACCESS),))
    life_cycle(db)
    ((told,),) = db.execute("SELECT description FROM source").fetchall()
    assert json.loads(told) == {key: value for key, value in ACCESS.items() if key != "options"}
