"""The examples of deploy/cluster/ start what there is, with options that dask knows."""

import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from distributed.cli import dask_scheduler, dask_worker

DEPLOY = Path(__file__).parents[2] / "deploy" / "cluster"
SERVICES = sorted(DEPLOY.glob("*.service"))
COMMANDS = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}


def understood(words):
    """Whether dask knows a command and its options; nothing is started."""
    assert words[0].rpartition("/")[2] == "dask"
    with COMMANDS[words[1]].make_context("dask", words[2:], resilient_parsing=True) as context:
        return not context.args or context.args == ["tcp://host:8786"]


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_services_start_dask_again_and_again_with_little_right(file):
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read_string(file.read_text("utf-8"))
    about = parser["Service"]
    assert understood(shlex.split(about["ExecStart"]))
    assert (about["Restart"], about["ProtectSystem"], about["NoNewPrivileges"]) == ("always", "strict", "yes")
    assert about["User"] != "root"


def test_systemd_takes_the_units(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    for file in SERVICES:  # the program and its user are elsewhere
        text = file.read_text("utf-8").replace("/opt/harvester/.venv/bin/dask", "/bin/true")
        (tmp_path / file.name).write_text(text.replace("User=harvester", "User=root"), "utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / file.name.replace("@", "@1")) for file in SERVICES)]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    assert [line for line in found.stderr.splitlines() if "dask" in line] == []


def test_kubernetes_starts_a_worker_without_rights():
    told = yaml.safe_load((DEPLOY / "dask-worker.yml").read_text("utf-8"))
    (container,) = told["spec"]["template"]["spec"]["containers"]
    assert understood(container["command"])
    assert container["securityContext"]["runAsNonRoot"]
    assert container["resources"]["limits"]["memory"]


def test_slurm_starts_workers():
    text = (DEPLOY / "dask-workers.sbatch").read_text("utf-8").replace("\\\n", " ")
    (line,) = re.findall(r"^srun .*", text, re.MULTILINE)
    words = shlex.split(re.sub(r"\$\{\w+:[?-][^}]*\}", "tcp://host:8786", line))
    assert understood(["dask", *words[words.index("worker") :]])
