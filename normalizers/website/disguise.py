"""Recognise what looks like a page of a service and is none. Pure."""

from __future__ import annotations

import re

from harvester.links.signs import read_signs
from normalizers.language import read_language
from normalizers.website.page import Element, Page, words

_FEW = 200
"""Characters. A login, a wall or a shell says no more than this besides."""

_LEAST = 40
"""Characters. Below this there is no description."""

_CONSENT = re.compile(
    r"(?i)\bcookies?\b.*\b(?:zustimm|akzeptier|einwillig|accept)|\b(?:zustimm|akzeptier|einwillig|accept)\w*.*\bcookies?\b",
    re.DOTALL,
)
_LOGIN = re.compile(r"(?i)^(?:login|log in|anmelden|anmeldung|einloggen|servicekonto|bundid|mein konto)\b.{0,40}$")
_JAVASCRIPT = re.compile(r"(?i)\bjavascript\b.*\b(?:aktivier|enable|einschalt|erforderlich|required)")
_ERROR = re.compile(r"(?i)^(?:fehler|error|seite nicht gefunden|404|500|503)\b.{0,60}$")


def disguise_of(  # noqa: PLR0911 -- one return per disguise
    page: Page, main: Element | None, language: str
) -> tuple[str, str] | None:
    """The rule and the sentence by which a page is no service; None where it may be one."""
    told = words(main) if main is not None else ""
    short = len(told) < _FEW
    title, heading, signs = page.title.casefold(), page.heading.casefold(), read_signs()
    for shown in (heading, title if short or not heading else ""):
        if shown and (signs.not_found.search(shown) or _ERROR.match(shown)):
            return "error-page", f"The page answers with success and says {(page.heading or page.title)!r}."
        if shown and (signs.maintenance.search(shown) or signs.bot_wall.search(shown) or signs.parked.search(shown)):
            return "no-content", f"The page says {(page.heading or page.title)!r} instead of its content."
    if page.all("input[type=password]") and (short or _LOGIN.match(page.heading)):
        return "login", "The page asks for a password: it is a login."
    spoken = read_language(page.language, language)
    if spoken != language:
        return "language", f"The page is in {spoken!r}; {language!r} is harvested."
    if short and _CONSENT.search(_whole(page)):
        return "consent", "The page shows nothing but a question for consent to cookies."
    if len(told) < _LEAST:
        why = " without JavaScript" if _JAVASCRIPT.search(_whole(page)) or _is_shell(page) else ""
        return "empty", f"The page has no content{why}: {len(told)} characters where the service should be."
    return None


def _is_shell(page: Page) -> bool:
    return bool(page.all("#root, #app, #__next, app-root"))


def _whole(page: Page) -> str:
    bodies = page.all("body")
    return words(bodies[0])[:5_000] if bodies else ""
