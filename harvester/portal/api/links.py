"""Links with what the link check knows of them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from harvester.model import Model
from harvester.portal.api.cursor import read_cursor, write_cursor
from harvester.portal.api.parameters import Cursor, Limit
from harvester.portal.here import Here

router = APIRouter(prefix="/links", tags=["links"])
State = Literal["ok", "suspect", "dead", "unchecked"]
_FEW = ("dead", "suspect")


class LinkItem(Model):
    """An address, its state, and the check's own words for it. Times are UTC ISO 8601."""

    id: str
    url: str
    host: str
    state: State
    outcome: str | None
    code: str | None
    http_status: int | None
    final_url: str | None
    since: str | None
    last_checked_at: str | None
    last_ok_at: str | None
    suggestion: str | None


class Links(Model):
    """A page of links; ``next`` is the cursor of the page after it."""

    items: tuple[LinkItem, ...]
    next: str | None


@router.get("", operation_id="listLinks", summary="Links by state or host")
def list_links(
    here: Here,
    state: Annotated[State | None, Query(description="Only links in this state.")] = None,
    host: Annotated[
        str | None,
        Query(
            pattern=r"^[a-z0-9.-]{1,253}$", description="Only links to this host.", examples=["www.gelsenkirchen.de"]
        ),
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Links:
    """Links in the order of their identifiers."""
    question = ("links", state, host)
    after = read_cursor(question, cursor, 1) or [""]
    wanted = {"state": state, "host": host}
    told = [f"{name} = :{name}" for name, value in wanted.items() if value is not None]
    if state in _FEW:  # said literally, or the index of those few is not used
        told += [f"state = '{state}'", "state <> 'ok'"]
    order = "+id" if state in _FEW or host else "id"  # few are sorted rather than looked for among all
    rows = here.db.execute(
        f"SELECT {', '.join(LinkItem.model_fields)} FROM link WHERE {' AND '.join([*told, 'id > :after'])} ORDER BY {order} LIMIT :limit",
        {**wanted, "after": after[0], "limit": limit + 1},
    ).fetchall()
    items = tuple(LinkItem.model_construct(**dict(row)) for row in rows[:limit])
    return Links(items=items, next=write_cursor(question, [items[-1].id]) if len(rows) > limit else None)
