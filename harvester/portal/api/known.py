"""Parameters that nobody knows are refused: a misspelt filter must not look like an answer to another question."""

from __future__ import annotations

from collections import Counter
from inspect import isclass

from fastapi import HTTPException, Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel


def refuse_unknown(request: Request) -> None:
    """Refuse parameters that the path does not have, and any that is said twice.

    Raises:
        HTTPException: 400, with the names there are.
    """
    names = sorted(_names(request.scope["route"].dependant))
    said = Counter(name for name, _ in request.query_params.multi_items())
    if unknown := [name for name in said if name not in names]:
        there = f"there are {', '.join(names)}" if names else "there are none here"
        raise HTTPException(400, f"unknown parameter {', '.join(map(repr, unknown))}: {there}")
    if twice := [name for name, count in said.items() if count > 1]:
        raise HTTPException(400, f"{', '.join(twice)}: said more than once")


def _names(dependant: Dependant) -> set[str]:
    found = set[str]()
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        found |= set(kind.model_fields) if isclass(kind) and issubclass(kind, BaseModel) else {parameter.alias}
    return found.union(*(_names(inner) for inner in dependant.dependencies))
