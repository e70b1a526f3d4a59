"""Where the project's data files are: beside the code in a checkout, inside the package when it is installed."""

from __future__ import annotations

from pathlib import Path

from harvester.errors import HarvesterError

_PLACES = (Path(__file__).parent.parent / "data", Path(__file__).parent / "data")


def data_file(name: str) -> Path:
    """The file ``data/<name>``.

    Raises:
        HarvesterError: the installation is incomplete.
    """
    for place in _PLACES:
        if (place / name).exists():
            return place / name
    message = f"the data file {name} is missing: the installation is incomplete, install the harvester again"
    raise HarvesterError(message)
