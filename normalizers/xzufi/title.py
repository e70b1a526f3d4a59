"""The title of a service: which of its names a citizen reads."""

from __future__ import annotations

from typing import NamedTuple

from normalizers.xzufi.draft import Draft
from normalizers.xzufi.language import preferred
from normalizers.xzufi.module import OFFICIAL_TITLE, TITLE
from normalizers.xzufi.origins import place


class Titles(NamedTuple):
    """The two titles and their language; the official one may be empty."""

    language: str
    title: str
    official: str


def choose_titles(draft: Draft) -> Titles | None:
    """Take module 03, else module 02, else the deviating heading that one of them carries; None without any.

    German goes before other languages. The official title keeps to the language of the title if it can.
    """
    citizen, official = draft.texts.lines(TITLE), draft.texts.lines(OFFICIAL_TITLE)
    provenance = draft.provenance
    name = ""
    if official:
        language = preferred([*citizen]) if citizen else preferred([*official])
        shown = language if language in official else preferred([*official])
        name = official[shown]
        provenance["official_title"] = provenance[OFFICIAL_TITLE.path + shown]
    if citizen:
        language = preferred([*citizen])
        provenance["title"] = provenance[TITLE.path + language]
        return Titles(language, citizen[language], name)
    if official:
        provenance["title"] = place(provenance["official_title"].locator, "xzufi.title-from-official-title")
        return Titles(language, name, name)
    if draft.headings:
        language = preferred([*draft.headings])
        heading, locator = draft.headings[language]
        provenance["title"] = place(locator, "xzufi.title-from-heading")
        return Titles(language, heading, "")
    return None
