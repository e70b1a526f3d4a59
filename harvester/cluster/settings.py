"""What an operator sets for a cluster: the table ``[cluster]`` of ``harvester.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from harvester.model.base import Model

Address = Annotated[str, StringConstraints(pattern=r"^(tcp|tls|ucx)://[^\s/]+:\d+$", max_length=300)]
Place = Annotated[str, StringConstraints(pattern=r"^([a-z0-9+]+://|/)\S+$", max_length=500)]
Endpoint = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)]


class ClusterSettings(Model):
    """Where sources are gathered.

    ``scheduler`` is the address of a dask scheduler; without one sources are harvested on this machine. ``store`` is where
    workers and this machine hand each other snapshots and shards, anything fsspec knows (``s3://bucket/prefix``, a folder that
    all of them see); without one it is the workspace itself. ``endpoint`` is the address of an S3 store that is not Amazon's;
    its keys come from the environment (``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``), never from a file. ``patience`` is
    for how many seconds a scheduler that is gone, or one without workers, is waited for.
    """

    scheduler: Address | None = None
    store: Place | None = None
    endpoint: Endpoint | None = None
    patience: Annotated[float, Field(gt=0, le=86_400)] = 300
