"""The problems that an answer may be, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from harvester.portal.problem import MEDIA_TYPE


class Problem(BaseModel):
    """What went wrong (RFC 9457): ``title`` names the status, ``detail`` says what to do about it."""

    type: str = "about:blank"
    title: str = Field(examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["limit: Input should be less than or equal to 100"])


_TOLD = {
    400: "A parameter is unknown or has a value it cannot have.",
    404: "There is no such thing in the catalogue.",
    405: "Everything here can only be read.",
    406: "It is not there in a form that the reader takes.",
    409: "The reader knows more events than there are: it has read another catalogue, and has to begin anew.",
    410: "It was there once and was withdrawn.",
    413: "A question has no body.",
    414: "The address is too long.",
    503: "Nothing was published yet, or the catalogue cannot be read now.",
}


def _response(text: str) -> dict[str, Any]:
    return {"description": text, "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: _response(text) for status, text in _TOLD.items() if status not in {409, 410}
}
AHEAD: dict[int | str, dict[str, Any]] = {409: _response(_TOLD[409])}
GONE: dict[int | str, dict[str, Any]] = {410: _response(_TOLD[410])}
