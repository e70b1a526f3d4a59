"""``python -m tests.contracts.record``: write the cassettes anew.

Each is a small harvest of the hand-made source in ``sites.py``, recorded from a server on loopback; what is kept bears the
address of an example host, so that nothing in it tells where it was made.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import vcr

from harvester.codelists.refresh import check_list
from harvester.registry import Source, read_registry
from harvester.workspace import Workspace
from tests.codelists.test_codelists import CURRENT, URI, genericode
from tests.contracts.harvest import collect
from tests.contracts.sites import SITES
from tests.website.town import Town, serve

FOLDER = Path(__file__).parents[1] / "cassettes"
HOME = "http://quelle.example"
_TRANSPORT = ("content-length", "date", "server", "connection")


def source_at(name: str, home: str, folder: Path) -> Source:
    """The source of an interface as it is where its pages begin with another address."""
    town = Town(SimpleNamespace(url_for=lambda path: home + path), Workspace(folder))  # type: ignore[arg-type]  # no server
    SITES[name].lay(town)
    (source,) = read_registry(town.workspace.sources).sources.values()
    return source


@contextmanager
def recorded(cassette: Path, home: str) -> Iterator[None]:
    """Write what is exchanged, with the example host in place of the real one."""

    def asked(request: Any) -> Any:
        request.uri = request.uri.replace(home, HOME)
        request.headers = {"accept": request.headers.get("accept", "*/*")}
        return request

    def answered(response: dict[str, Any]) -> dict[str, Any]:
        headers = {name: value for name, value in response["headers"].items() if name.lower() not in _TRANSPORT}
        body = response["body"]["string"].replace(home.encode(), HOME.encode())
        return {**response, "headers": headers, "body": {"string": body}}

    with vcr.use_cassette(
        str(cassette), record_mode="all", before_record_request=asked, before_record_response=answered
    ):
        yield


def record(name: str) -> Path:
    """Record one interface."""
    cassette = FOLDER / f"{name}.yaml"
    cassette.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch, serve(Path(scratch)) as town:
        SITES[name].lay(town)
        (source,) = read_registry(town.workspace.sources).sources.values()
        with recorded(cassette, town.home):
            collect(source, Path(scratch) / "bare")
    return cassette


def record_code_list() -> Path:
    """Record the two calls by which a code list is read."""
    cassette = FOLDER / "codelist.yaml"
    cassette.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch, serve(Path(scratch)) as town:
        town.pages[f"/api/codeliste/{URI}/gueltigeVersion"] = json.dumps({"kennung": f"{URI}_5"})
        town.pages[f"/api/version_codeliste/{URI}_5/genericode"] = genericode(CURRENT)
        with recorded(cassette, town.home):
            check_list(town.workspace, "pvlagen", repository=town.home)
    return cassette


if __name__ == "__main__":
    print(record_code_list())  # noqa: T201  # a script
    for name in SITES:
        print(record(name))  # noqa: T201  # a script
