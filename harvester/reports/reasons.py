"""Reasons of verdicts in German. The judge speaks English; its sentences are few, and a test holds each against this list."""

from __future__ import annotations

import re

_GERMAN = tuple(
    (re.compile(pattern), german)
    for pattern, german in (
        (r"^A document cannot be read: ", "Ein Dokument ist nicht lesbar: "),
        (r"^The crawl failed: ", "Der Abruf brach ab: "),
        (r"^A document did not arrive: ", "Ein Dokument kam nicht an: "),
        (r"^The source gave no document\.", "Die Quelle lieferte kein Dokument."),
        (r"^None of (\d+) records could be read\.", r"Keiner von \1 Datensätzen war lesbar."),
        (
            r"^The source does not tell how many records it has, so nothing proves that all were seen\.",
            "Die Quelle sagt nicht, wie viele Datensätze sie hat; nichts beweist, dass alle gesehen wurden.",
        ),
        (r"^Only (\d+) of (\d+) (\w+) were seen \((.*)\)\.", r"Nur \1 von \2 (\3) wurden gesehen (\4)."),
        (
            r"^(\d+) services are absent, and (\d+) records have no readable id \((\d+) before\): the absent ones may be among them\.",
            r"\1 Leistungen fehlen, und \2 Datensätze haben keine lesbare Kennung (vorher \3): die fehlenden können darunter sein.",
        ),
        (
            r"^(\d+) services would remain, but at least (\d+) are expected\.",
            r"\1 Leistungen blieben, erwartet sind mindestens \2.",
        ),
        (
            r"^(\d+) services would remain, but at most (\d+) are expected\.",
            r"\1 Leistungen blieben, erwartet sind höchstens \2.",
        ),
        (
            r"^All (\d+) services would vanish, which no source may do unasked\.",
            r"Alle \1 Leistungen verschwänden; das darf keine Quelle ungefragt.",
        ),
        (
            r"^(\d+) of (\d+) services would vanish, more than the (\d+%) allowed at once\.",
            r"\1 von \2 Leistungen verschwänden auf einmal, mehr als die erlaubten \3.",
        ),
        (
            r"^(\d+) services would remain; the last good runs make at (least|most) (\d+) plausible\.",
            r"\1 Leistungen blieben; nach den letzten guten Läufen wären \3 die Grenze.",
        ),
        (
            r"^Only (\d+%) of services have (\S+), but at least (\d+%) are expected to\.",
            r"Nur \1 der Leistungen haben das Feld „\2“, erwartet sind mindestens \3.",
        ),
        (r"^The run was stopped: ", "Der Lauf wurde beendet: "),
        (r"no connection to the server \(", "keine Verbindung zum Server ("),
        (r"The server may be down; the next run asks again\.", "Vielleicht ist der Server aus; der nächste Lauf fragt wieder."),
        (r" \(and (\d+) more\)", r" (und \1 weitere)"),
    )
)  # fmt: skip


def told_in(language: str, reason: str) -> str:
    """The reason in the language of the report; what no pattern knows stays English."""
    if language != "de":
        return reason
    for pattern, german in _GERMAN:
        reason = pattern.sub(german, reason)
    return reason
