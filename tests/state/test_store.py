"""Opening the state."""

import pytest

from harvester.state import StateTooNewError, open_state
from harvester.state.schema import NAMES


def test_a_new_state_has_all_migrations_and_opening_again_applies_none(tmp_path):
    for _ in range(2):
        db = open_state(tmp_path / "neu" / "state.db")
        assert {row[0] for row in db.conn.execute("SELECT name FROM _sqlite_migrations")} == NAMES
        assert db.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        db.close()


def test_a_state_of_a_newer_program_is_refused_and_left_alone(tmp_path):
    file = tmp_path / "state.db"
    db = open_state(file)
    db["_sqlite_migrations"].insert({"migration_set": "state", "name": "9999-later", "applied_at": ""})
    db.close()
    with pytest.raises(StateTooNewError, match="9999-later"):
        open_state(file)
