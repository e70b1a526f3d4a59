"""A damaged database is told as such, with the command that helps."""

from harvester.cli import main


def test_a_damaged_state_leads_to_the_doctor_and_harms_nothing(tmp_path, capsys):
    (tmp_path / "sources").mkdir()
    source = 'id: s\ntitle: S\nlevel: land\nregion: "050000000000"\ninterface: dldb\nendpoint: http://127.0.0.1:9/x\n'
    (tmp_path / "sources" / "s.yml").write_text(source + "publisher: {name: S}\n", encoding="utf-8")
    (tmp_path / "state.db").write_bytes(b"this is no database at all, but long enough to be looked at " * 100)
    assert main(["-w", str(tmp_path), "run"]) == 3
    assert "harvester doctor" in capsys.readouterr().err
    assert not (tmp_path / "catalogue.db").exists()
