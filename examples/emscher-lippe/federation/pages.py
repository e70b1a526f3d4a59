"""Pages that the links in the sample lead to: forms, information, and pages that are gone."""

from __future__ import annotations

from html import escape

from federation.http import Request, Response, not_found

HOST = "127.0.10.9"
"""The address that stands for form servers; every other address knows the same pages."""


def page(request: Request) -> Response | None:
    """`/antrag/*` and `/info/*` answer 200, `/weg/*` answers 404, everything else is not a page."""
    match request.path.strip("/").split("/"):
        case ["antrag", *rest] if rest:
            return _html(f"Antrag: {_title(rest)}", "Hier beginnt der Online-Antrag.")
        case ["info", *rest] if rest:
            return _html(_title(rest), "Hier stehen weitere Informationen.")
        case ["weg", *_]:
            return not_found("Diese Seite gibt es nicht mehr.")
        case _:
            return None


class Pages:
    """A site with nothing but such pages."""

    def answer(self, request: Request, day: int) -> Response:
        """Nothing beside the pages, on any day."""
        del day
        return not_found(request.path)


def _title(path: list[str]) -> str:
    return " ".join(path).replace("-", " ").capitalize()


def _html(title: str, text: str) -> Response:
    title = escape(title)
    return Response(
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><p>{text}</p></main></body></html>\n".encode()
    )
