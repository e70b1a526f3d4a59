"""German words for sample texts: enough of them that neither caches nor compression are flattered."""

from __future__ import annotations

from itertools import product
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


# Parts of the names of services. Object and action make a title; every pair is a service of its own.
SUBJECTS = _words(
    "Baum|Hunde|Markt|Gewerbe|Wohnungs|Grundstücks|Straßen|Spielplatz|Schul|Kinder|Jugend|Senioren|Pflege|Abfall|"
    "Wasser|Kanal|Feuer|Denkmal|Umwelt|Boden|Lärm|Fischerei|Jagd|Waffen|Fahrzeug|Führer|Taxi|Bus|Anwohner|Park|"
    "Garten|Friedhofs|Vereins|Sport|Musik|Museums|Archiv|Bücherei|Sprach|Ausweis|Melde|Namens|Ehe|Geburts|Sterbe|"
    "Steuer|Gebühren|Handels|Handwerks|Gaststätten|Reise|Bewachungs|Makler|Spielhallen|Veranstaltungs|Plakat|"
    "Zelt|Boots|Drohnen|Photovoltaik|Heizungs"
)
OBJECTS = _words(
    "erlaubnis|genehmigung|bescheinigung|anzeige|förderung|ermäßigung|befreiung|auskunft|urkunde|plakette|karte|"
    "nummer|abgabe|beihilfe|zulage|prüfung|beratung|anmeldestelle|fläche|anlage|eintragung|abmeldung|"
    "sondernutzung|verlängerung|ausnahme|kontrolle|abnahme|zulassung|vermittlung|betreuung|versorgung|entsorgung|"
    "beseitigung|nutzung|planung|vermessung|bewertung|gestattung|zuwendung|unterstützung"
)
ACTIONS = ("beantragen", "anzeigen", "verlängern", "ändern", "zurückgeben", "ersetzen", "einsehen", "bestellen")

_OPENERS = _words(
    "Bitte beachten Sie, dass|Wenn Sie möchten,|In der Regel|Nach Eingang|Für die Bearbeitung|Sofern nötig,|"
    "Je nach Lage|Vor Beginn|Spätestens dann|Mit dem Antrag|Über das Ergebnis|Auf Wunsch|Im Einzelfall|"
    "Ohne Nachweis|Bei Rückfragen|Nach der Prüfung|Sobald alles vorliegt,|Außerhalb der Sprechzeiten|"
    "Während des Verfahrens|Zum vereinbarten Termin"
)
_ADJECTIVES = _words(
    "vollständige|gültige|aktuelle|schriftliche|formlose|persönliche|zuständige|örtliche|amtliche|beglaubigte|"
    "geeignete|erforderliche|zusätzliche|vorläufige|endgültige|befristete|gemeinsame|gesetzliche|übliche|"
    "besondere|frühere|künftige|bauliche|fachliche|ärztliche|steuerliche|städtische|ländliche|digitale|einfache"
)
_NOUNS = _words(
    "Unterlage|Bescheinigung|Erklärung|Stelle|Prüfung|Anmeldung|Vollmacht|Abschrift|Übersicht|Zeichnung|"
    "Genehmigung|Auskunft|Frist|Gebühr|Rechnung|Zahlung|Wohnung|Anlage|Fläche|Person|Behörde|Gemeinde|Satzung|"
    "Verordnung|Änderung|Verlängerung|Beratung|Entscheidung|Mitteilung|Rückmeldung|Begründung|Nutzung|Führung|"
    "Sprechstunde|Dienststelle|Urkunde|Meldung|Angabe|Anschrift|Vertretung|Kostenübernahme|Bestätigung|"
    "Zustimmung|Abnahme|Besichtigung|Eintragung|Veröffentlichung|Aufforderung|Leistung|Ermäßigung"
)
_VERBS = _words(
    "einreichen|vorlegen|nachreichen|abholen|prüfen lassen|mitbringen|ausfüllen|unterschreiben|hochladen|"
    "bezahlen|beantragen|nachweisen|ergänzen|bestätigen|erneuern|zurücksenden|aufbewahren|vorab klären|"
    "schriftlich mitteilen|fristgerecht melden|online verfolgen|per Post schicken|vor Ort zeigen|selbst abrufen|"
    "rechtzeitig anzeigen"
)
_LINKERS = _words(
    "und danach|oder ersatzweise|sowie|aber nicht|zusammen mit der Ausfertigung, also auch|einschließlich|"
    "anstelle von|und gegebenenfalls|bevor Sie|damit wir|falls vorhanden auch|höchstens jedoch|mindestens aber|"
    "wie im Vorjahr|unabhängig davon"
)


_HEADS = ("", "sverfahren", "sakte", "sstelle", "sbescheid", "snummer", "santrag", "sgebühr")


def make_pieces(rng: Random, count: int) -> list[str]:
    """Short pieces of sentences: ``gültige Vollmacht``, ``Hundeplakettenstelle``, ``Frist melden``.

    Sentences of such pieces have about the compressibility of real texts; long ready-made phrases would be found again
    whole by every compressor.
    """
    compounds = [f"{subject}{thing}{head}" for subject, thing, head in product(SUBJECTS, OBJECTS, _HEADS)]
    plain = [
        f"{a} {b}" for a, b in (*product(_ADJECTIVES, _NOUNS), *product(_NOUNS, _VERBS), *product(_LINKERS, _NOUNS))
    ]
    pieces = rng.sample(compounds, count // 2) + rng.choices([*plain, *_OPENERS], k=count - count // 2)
    rng.shuffle(pieces)
    return pieces
