"""Pages from templates: everything escaped, nothing from elsewhere."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from shlex import quote
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from harvester.portal.pages.where import LANGUAGES, Where
from harvester.portal.static import address_of

_HEADING = re.compile(r"(</?)h[1-6]>")
_SCHEMES = ("http", "https", "mailto", "tel")


def render(name: str, where: Where, status: int = 200, /, **values: object) -> HTMLResponse:
    """A page of the portal."""
    told = {"asked": dict(where.asked).get("q", ""), **values}
    return render_bare(name, status, **told, at=where, w=where.words, to=where.to, languages=LANGUAGES)


def render_bare(name: str, status: int, /, **values: object) -> HTMLResponse:
    """A page that belongs to no place."""
    page = _environment().get_template(f"{name}.html.j2")
    return HTMLResponse(page.render(**values, style=address_of("portal.css"), icon=address_of("icon.svg")), status)


def _html(told: str, heading: str) -> Markup:
    """A text of the catalogue, which holds the allowed elements only (harvester.model.html); ``heading`` is the rank of its headings."""
    return Markup(_HEADING.sub(rf"\1{heading}>", told))  # noqa: S704 - cleaned when it was harvested


def _unbroken(told: str) -> str:
    """A name whose second half, „& -entwicklung“, does not lose its hyphen at the end of a line."""
    return told.replace(" -", " \u2011")


def _address(told: str | None) -> str | None:
    """An address that may stand in a link."""
    return told if told and urlsplit(told).scheme in _SCHEMES else None


def _half(told: str, language: str) -> str:
    """The half of a text that is told as „deutsch / English“; the whole of any other."""
    halves = told.split(" / ")
    return halves[language == "en"] if len(halves) == len(LANGUAGES) else told


def _phone(told: str) -> str:
    return "".join(sign for sign in told if sign.isdigit() or sign == "+")


def _host(told: str) -> str:
    return (urlsplit(told).hostname or told).removeprefix("www.")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(
        html=_html, unbroken=_unbroken, address=_address, host=_host, phone=_phone, half=_half, shell=quote
    )
    return made


def _read(name: str) -> str:
    return files("harvester.portal").joinpath("pages", "templates", name).read_text(encoding="utf-8")
