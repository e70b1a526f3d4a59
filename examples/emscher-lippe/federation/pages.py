"""Pages that the links in the sample lead to: forms, information, logins, and pages that have moved, fail or are gone."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from federation.http import Request, Response, not_found

HOST = "127.0.10.9"
"""The address that stands for form servers; every other address knows the same pages."""


def page(request: Request) -> Response | None:
    """`/antrag/*` and `/info/*` answer 200, `/weg/*` 404, `/umzug/*` moved for good, `/konto/*` wants a login, `/wartung/*` is 503."""
    kind, _, rest = request.path.strip("/").partition("/")
    make = _KINDS.get(kind)
    return make(rest) if make is not None and (rest or kind == "anmelden") else None


class Pages:
    """A site with nothing but such pages."""

    def answer(self, request: Request, day: int) -> Response:
        """Nothing beside the pages, on any day."""
        del day
        return not_found(request.path)


def _title(path: str) -> str:
    return path.replace("/", " ").replace("-", " ").capitalize()


def _html(title: str, text: str, form: str = "") -> Response:
    title = escape(title)
    return Response(
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>\n".encode()
    )


_KINDS: dict[str, Callable[[str], Response]] = {
    "antrag": lambda rest: _html(f"Antrag: {_title(rest)}", "Hier beginnt der Online-Antrag."),
    "info": lambda rest: _html(_title(rest), "Hier stehen weitere Informationen."),
    "weg": lambda _: not_found("Diese Seite gibt es nicht mehr."),
    "umzug": lambda rest: Response(status=301).with_headers(Location=f"/info/{rest}"),
    "konto": lambda _: Response(status=302).with_headers(Location="/anmelden"),
    "anmelden": lambda _: _html("Anmelden", "Servicekonto", '<input name="kennwort" type="password">'),
    "wartung": lambda _: Response(b"<h1>Wartungsarbeiten</h1>", status=503),
}
