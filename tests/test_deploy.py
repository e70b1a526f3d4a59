"""The examples of deploy/ do what their comments say: the commands exist, the times are times, the files are there."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger
from typer.main import get_command

from harvester.arguments import take_common
from harvester.cli import app
from harvester.schedule.settings import ScheduleSettings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
UNITS = [*SERVICES, *sorted(DEPLOY.glob("*.timer"))]
BINARY, WORKSPACE = "/opt/harvester/.venv/bin/harvester", "/srv/harvester"
HANDING_BACK = 15
"""Seconds that a command gets to hand back what it holds."""


def unit(file):
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read_string(file.read_text("utf-8"))
    return parser


def steps():
    """Instructions of the container file: name and arguments, with continued lines joined."""
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture
def is_understood(tmp_path):
    """Whether the command line knows a command's verb and options; nothing is carried out."""

    def is_understood(words):
        assert words[0].endswith("harvester")
        assert words[1:3] == ["-w", WORKSPACE]
        _, rest = take_common(["-w", str(tmp_path), *words[3:]])
        command = get_command(app)
        with command.make_context("harvester", rest, resilient_parsing=True) as context:
            name, verb, arguments = command.resolve_command(context, rest)
            verb.parse_args(verb.context_class(verb, info_name=name, parent=context), arguments)
        return True

    return is_understood


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_a_service_starts_a_command_that_exists(file, is_understood):
    words = shlex.split(unit(file)["Service"]["ExecStart"])
    assert words[0] == BINARY
    assert is_understood(words)


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_a_stop_leaves_time_to_finish_and_to_hand_back(file):
    about = unit(file)["Service"]
    assert about["KillMode"] == "mixed"
    assert int(about["TimeoutStopSec"]) > ScheduleSettings().stop + HANDING_BACK


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_a_service_may_write_its_workspace_and_nothing_else(file):
    about = unit(file)["Service"]
    told = (about["ProtectSystem"], about["ReadWritePaths"], about["WorkingDirectory"])
    assert told == ("strict", WORKSPACE, WORKSPACE)
    assert about["User"] != "root"


def test_systemd_takes_the_units(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    for file in UNITS:  # the program and its user are elsewhere
        text = file.read_text("utf-8").replace(BINARY, "/bin/true").replace("User=harvester", "User=root")
        (tmp_path / file.name).write_text(text, "utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / file.name) for file in UNITS)]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    told = [line for line in found.stderr.splitlines() if "harvester" in line]
    assert (found.returncode, told) == (0, [])


def test_the_timer_has_a_service_of_its_name_and_rings_every_ten_minutes():
    timer = DEPLOY / "harvester-due.timer"
    assert timer.with_suffix(".service") in SERVICES
    assert unit(timer)["Timer"]["OnCalendar"] == "*:0/10"


def test_the_line_of_cron_is_one(is_understood):
    (line,) = [x for x in (DEPLOY / "crontab").read_text("utf-8").splitlines() if x and not x.startswith("#")]
    *times, command = line.split(maxsplit=5)
    assert "minute='*/10'" in str(CronTrigger.from_crontab(" ".join(times)))
    assert "%" not in command  # cron makes new lines of them
    assert is_understood(shlex.split(command.partition(">>")[0]))


def test_the_container_copies_what_there_is_and_all_that_the_package_needs():
    copied = {name for step, rest in steps() if step == "COPY" for name in rest.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packed = {name.strip("/") for name in project["tool"]["hatch"]["build"]["targets"]["wheel"]["include"]}
    assert {*packed, project["project"]["readme"], "pyproject.toml", "requirements.lock"} <= copied


def test_the_container_has_a_python_that_the_package_takes():
    (image,) = [rest for step, rest in steps() if step == "FROM"]
    assert tuple(map(int, re.search(r"python:(\d+)\.(\d+)", image).groups())) >= (3, 11)


def test_the_container_is_no_root_and_its_commands_exist(is_understood):
    told = dict(steps())
    assert (told["USER"], told["VOLUME"]) == ("harvester", WORKSPACE)
    entry = json.loads(told["ENTRYPOINT"])
    assert is_understood([*entry, *json.loads(told["CMD"])])
    assert is_understood(json.loads(told["HEALTHCHECK"].partition("CMD ")[2]))


def test_a_wrong_option_would_be_noticed(is_understood):
    with pytest.raises(Exception, match="dew"):
        is_understood(["harvester", "-w", WORKSPACE, "run", "--dew"])
