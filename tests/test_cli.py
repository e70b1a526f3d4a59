"""The command line: verbs, common options, exit codes, and one JSON document on standard output."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harvester import __version__
from harvester.arguments import Common, take_common
from harvester.cli import main
from harvester.errors import Exit, UsageError

GOOD = """\
id: musterstadt
title: Dienstleistungen der Stadt Musterstadt, die einen so langen Namen haben, dass er in keine Zeile passt
level: kommune
region: "055130000000"
interface: xzufi
endpoint: https://www.example.org/xzufi/
options:
  token_url: https://www.example.org/token
  client_id: ${MUSTER_ID}
  client_secret: ${MUSTER_SECRET}
publisher: {name: Stadt Musterstadt}
"""
SECRETS = {"MUSTER_ID": "geheime-kennung", "MUSTER_SECRET": "s3cret"}


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "musterstadt.yml").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(capsys):
    def call(*arguments):
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return call


# Common options


@pytest.mark.parametrize(
    "line",
    [
        ["-w", "{}", "--json", "sources", "list"],
        ["sources", "-w", "{}", "list", "--json"],
        ["sources", "list", "--json", "--workspace", "{}"],
        ["sources", "--json", "list", "--workspace={}"],
        ["-w{}", "sources", "list", "--json"],
    ],
)
def test_common_options_stand_anywhere_on_the_line(tmp_path, line):
    common, rest = take_common([argument.format(tmp_path) for argument in line])
    assert common == Common(tmp_path, json=True, debug=False)
    assert rest == ["sources", "list"]


def test_after_two_dashes_everything_belongs_to_the_verb():
    assert take_common(["explain", "--debug", "--", "--json", "-w"]) == (
        Common(debug=True),
        ["explain", "--", "--json", "-w"],
    )


def test_without_options_the_workspace_is_here():
    assert take_common(["run"]) == (Common(Path(), json=False, debug=False), ["run"])


@pytest.mark.parametrize("line", [["run", "-w"], ["run", "--workspace="], ["-w", "--json", "run"]])
def test_a_workspace_must_be_named(line):
    with pytest.raises(UsageError, match="needs a directory"):
        take_common(line)


def test_a_missing_workspace_is_wrong_use(call, tmp_path):
    code, out, err = call("-w", str(tmp_path / "nope"), "sources", "list")
    assert (code, out) == (Exit.WRONG_USE, "")
    assert f"the workspace {tmp_path / 'nope'} is not a directory" in err


# Wrong use


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["sources", "nonsense"], "No such command 'nonsense'"),
        (["run", "--nonsense"], "No such option"),
        (["explain"], "Missing argument 'service'"),
        (["run", "--level", "stadt"], "'stadt' is not one of 'bund', 'land', 'kreis', 'kommune'"),
        (["run", "--region", "5513"], "--region: not a regional key"),
        (["run", "nope"], "no source nope; harvester sources list shows them all"),
        (["run", "--level", "land"], "no enabled source of that level and region"),
        (["try", "https://example.org/", "--limit", "0"], "'--limit'"),
        (["sources", "show", "nope"], "no source nope"),
        (["catalogue", "build"], "nothing was harvested yet (harvester run)"),
        (["explain", "x"], "nothing was published yet (harvester run)"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_wrong_use_ends_with_2_and_says_what_is_wrong(call, line, told):
    code, out, err = call(*line)
    assert (code, out) == (Exit.WRONG_USE, "")
    assert told in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("workspace")
def test_wrong_use_is_one_json_document_too(call):
    for line in (["nonsense"], ["sources", "show", "nope"], ["-w", "nope", "run"]):
        code, out, err = call(*line, "--json")
        told = json.loads(out)
        assert code == told["exit"] == Exit.WRONG_USE
        assert told["error"] in err


def test_debug_shows_where_an_error_comes_from(workspace):
    with pytest.raises(UsageError):
        main(["--debug", "-w", str(workspace), "sources", "show", "nope"])
    with pytest.raises(UsageError):
        main(["--debug", "-w", "nope", "run"])


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (PermissionError(13, "Permission denied", "state.db"), Exit.VOID, "this machine is at fault"),
        (sqlite3.OperationalError("database or disk is full"), Exit.VOID, "database or disk is full"),
        (KeyboardInterrupt(), Exit.FAILED, "stopped"),
        (
            ZeroDivisionError("division by zero"),
            Exit.VOID,
            "a fault in the program: ZeroDivisionError: division by zero",
        ),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_whatever_happens_ends_with_a_sentence_and_a_code(call, monkeypatch, fault, code, told):
    def fail(*_):
        raise fault

    monkeypatch.setattr("harvester.cli.call.read_registry", fail)
    ended, out, err = call("sources", "list")
    assert (ended, out) == (code, "")
    assert told in err
    assert "Traceback" not in err


# Help and version


def test_the_version(call):
    assert call("--version") == (Exit.DONE, f"harvester {__version__}\n", "")
    assert json.loads(call("--version", "--json")[1]) == {"version": __version__}


def test_help_names_the_verbs(call):
    code, out, _ = call("--help")
    assert code == Exit.DONE
    for verb in ("run", "sources", "try", "explain", "catalogue", "demo"):
        assert f" {verb} " in out


def test_help_does_not_wait_for_scrapy():
    script = "import sys, harvester.cli; harvester.cli.main(['--help']); sys.exit('scrapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, stdout=subprocess.DEVNULL).returncode == 0


# Sources


@pytest.mark.usefixtures("workspace")
def test_list_shows_ids_whole_however_narrow_the_terminal(call, monkeypatch):
    for columns in ("30", "60", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        code, out, _ = call("sources", "list")
        assert code == Exit.DONE
        assert "musterstadt" in out
        assert ("055130000000" in out) is (columns != "30")


@pytest.mark.usefixtures("workspace")
def test_without_a_terminal_lines_are_130_columns_wide(call, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    _, out, _ = call("sources", "list")
    assert max(map(len, out.splitlines())) == 130


def test_disabled_sources_say_so(call, workspace):
    (workspace / "sources" / "musterstadt.yml").write_text(
        GOOD.replace("title: ", "enabled: false\ntitle: X"), encoding="utf-8"
    )
    assert "(disabled)" in " ".join(call("sources", "list")[1].split())


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    "line",
    [["show", "musterstadt"], ["show", "musterstadt", "--json"], ["list"], ["list", "--json"], ["lint", "--json"]],
)
def test_what_comes_from_the_environment_is_never_printed(call, line):
    code, out, err = call("sources", *line)
    assert code == Exit.DONE
    assert not [secret for secret in SECRETS.values() if secret in out + err]


@pytest.mark.usefixtures("workspace")
def test_show_fills_in_defaults_and_names_variables(call):
    _, out, _ = call("sources", "show", "musterstadt")
    assert "schedule: 0 3 * * *" in out
    assert "client_secret: ${MUSTER_SECRET}" in out
    told = json.loads(call("sources", "show", "musterstadt", "--json")[1])
    assert told["politeness"] == {"requests_per_second": 1, "concurrency": 1}
    assert told["options"]["client_id"] == "${MUSTER_ID}"


@pytest.mark.usefixtures("workspace")
def test_lint_of_good_files_is_done(call):
    assert call("sources", "lint") == (Exit.DONE, "1 source, nothing wrong\n", "")
    assert json.loads(call("sources", "lint", "--json")[1]) == {"sources": 1, "problems": []}


def test_lint_names_file_line_and_field(call, workspace):
    file = workspace / "sources" / "musterstadt.yml"
    file.write_text(GOOD.replace("level: kommune", "level: stadt"), encoding="utf-8")
    code, out, err = call("sources", "lint")
    assert (code, out) == (Exit.WRONG_USE, "")
    assert err.startswith("sources/musterstadt.yml:3: level: ")
    code, out, _ = call("sources", "lint", "--json")
    (problem,) = json.loads(out)["problems"]
    assert code == Exit.WRONG_USE
    assert (problem["file"], problem["line"], problem["field"]) == ("sources/musterstadt.yml", 3, "level")


def test_lint_names_file_and_line_of_a_wrong_merge_rule(call, workspace):
    (workspace / "data").mkdir(exist_ok=True)
    (workspace / "data" / "merge.yml").write_text('- keep_apart: ["a:1"]\n  reason: allein\n', encoding="utf-8")
    code, out, err = call("sources", "lint")
    assert (code, out) == (Exit.WRONG_USE, "")
    assert "merge.yml:1: " in err
    assert "mindestens zwei" in err


def test_lint_without_sources_is_wrong_use(call, tmp_path):
    code, _, err = call("-w", str(tmp_path), "sources", "lint")
    assert code == Exit.WRONG_USE
    assert "no source here; write one (docs/sources.md)" in err


def test_list_with_a_broken_file_shows_the_others_and_ends_with_2(call, workspace):
    (workspace / "sources" / "broken.yml").write_text("id: [", encoding="utf-8")
    code, out, err = call("sources", "list")
    assert code == Exit.WRONG_USE
    assert "musterstadt" in out
    assert "sources/broken.yml:1" in err


@pytest.mark.usefixtures("workspace")
def test_lint_prints_the_schema(call):
    code, out, _ = call("sources", "lint", "--schema")
    assert code == Exit.DONE
    Draft202012Validator.check_schema(json.loads(out))


# The catalogue


@pytest.mark.usefixtures("workspace")
def test_a_missing_catalogue_does_not_pass_its_check(call):
    code, out, _ = call("catalogue", "check")
    assert code == Exit.FAILED
    assert "does not exist" in out
    assert json.loads(call("catalogue", "check", "--json")[1])["problems"]


# Standard output is for the answer


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    "line",
    [
        ["sources", "list"],
        ["sources", "show", "musterstadt"],
        ["sources", "lint"],
        ["sources", "lint", "--schema"],
        ["catalogue", "check"],
        ["catalogue", "build"],
        ["explain", "x"],
        ["--version"],
    ],
    ids=" ".join,
)
def test_json_is_exactly_one_document_on_standard_output(call, line):
    _, out, _ = call(*line, "--json")
    assert json.loads(out) is not None


def test_a_reader_that_stops_early_is_no_error(workspace):
    """`harvester sources list --json | head -1`."""
    command = [sys.executable, "-m", "harvester", "-w", str(workspace), "sources", "lint", "--schema"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
