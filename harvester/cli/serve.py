"""The verb that serves the catalogue to other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harvester.catalogue.published import find_published
from harvester.cli.call import Call
from harvester.errors import Exit, HarvesterError, UsageError
from harvester.view.open import open_catalogue


class PortError(HarvesterError):
    """The address cannot be listened on."""


def serve(
    context: typer.Context,
    portal: Annotated[
        str | None, typer.Option(help="Which portal; see data/portals. Default: gelsenkirchen, or the only one.")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Only this machine is the default; put a web server before it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Processes that answer; one for each core.")] = 1,
) -> int:
    """Serve the preview portal and the read API over the published catalogue until Ctrl-C (docs/portal.md, docs/api.md)."""
    from harvester.log import set_up
    from harvester.portal.serve import serve as serve_app
    from harvester.portal.settings import Settings

    call: Call = context.obj
    file = call.workspace.catalogue_file
    settings = Settings(file, _pick(file, portal), call.workspace.root)
    set_up(debug=call.common.debug, service=True)
    try:
        serve_app(settings, host, port, workers, lambda address: call.err.print(f"{address}  (Ctrl-C ends it)"))
    except OSError as error:
        raise PortError(f"cannot listen on {host}, port {port}: {error.strerror}; --port names another") from error
    return int(Exit.DONE)


def _pick(file: Path, portal: str | None) -> str:
    """The portal that is meant; before anything was published any name will do."""
    if find_published(file) is None:
        return portal or "gelsenkirchen"
    with open_catalogue(file) as db:
        there = [row[0] for row in db.execute("SELECT id FROM portal ORDER BY id")]
    wanted = portal or ("gelsenkirchen" if "gelsenkirchen" in there or not there else there[0])
    if portal is not None and portal not in there:
        raise UsageError(f"no portal {portal!r} in {file}; there are: {', '.join(there) or 'none'}")
    return wanted
