"""Texts of a service, per language and module."""

from enum import StrEnum

from harvester.model.base import Model


class Module(StrEnum):
    """What a text is about; the value is what the catalogue's column ``module`` holds.

    The German names are those of the XZuFi text modules
    (``urn:de:xzufi:codeliste:leistungstextmodulleika``) and of the modules with a structure of their own.
    """

    TITLE = "title"  # 03 Leistungsbezeichnung II, as citizens say it
    OFFICIAL_TITLE = "official_title"  # 02 Leistungsbezeichnung
    SUMMARY = "summary"  # 05 Kurztext, 24 Teaser
    DESCRIPTION = "description"  # 06 Volltext
    LEGAL_BASIS = "legal_basis"  # 07 Handlungsgrundlagen
    DOCUMENTS = "documents"  # 08 Erforderliche Unterlagen
    REQUIREMENTS = "requirements"  # 09 Voraussetzungen
    PROCEDURE = "procedure"  # 11 Verfahrensablauf
    FORMS = "forms"  # 14 Formulare
    FURTHER_INFORMATION = "further_information"  # 15 Weiterführende Informationen
    NOTES = "notes"  # 16 Hinweise
    AUTHOR = "author"  # 18 Urheber
    COMPETENT_OFFICE = "competent_office"  # 22 Zuständige Stelle
    CONTACT = "contact"  # 23 Ansprechpunkt
    LEGAL_REMEDY = "legal_remedy"  # 25 Rechtsbehelf
    APPROVAL = "approval"  # 93 Fachliche Freigabe
    DURATION = "duration"  # 95 Bearbeitungsdauer
    DEADLINES = "deadlines"  # 97 Fristen
    FEES = "fees"  # 98 Kosten
    OTHER = "other"  # an individual module of the source


class Text(Model):
    """One text module in one language.

    ``html`` holds only the allowed elements (``harvester.model.html``); ``text`` is the same without markup,
    one line per block.
    """

    language: str
    module: Module
    html: str
    text: str
