"""``leistung``: the description of a service."""

from __future__ import annotations

from collections.abc import Callable

from harvester.model import Service
from normalizers.notes import Notes
from normalizers.xzufi import code, figures, module, text_module
from normalizers.xzufi.draft import Draft
from normalizers.xzufi.element import NAMES, Element, child_of, local_name
from normalizers.xzufi.identifier import SERVICE, read_id
from normalizers.xzufi.link import page_of
from normalizers.xzufi.origins import place
from normalizers.xzufi.tally import Tally
from normalizers.xzufi.title import choose_titles

_Reader = Callable[[Draft, Element, str], None]


def _read_page(draft: Draft, element: Element, step: str) -> None:
    """``modulUrsprungsportal``: the page of the portal that the description was written for; the first one counts."""
    if not draft.page and (page := page_of(element, draft.links, step)):
        draft.page = page
        draft.trace("page", 0, f"{step}/uri", "xzufi.page")


def _pass(draft: Draft, element: Element, step: str) -> None:
    """A known field that the common model has no place for."""


_READERS: dict[str, _Reader] = {
    "modulText": text_module.read_standard,
    "modulTextIndividuell": text_module.read_individual,
    "modulFrist": figures.reader(module.DEADLINES),
    "modulBearbeitungsdauer": figures.reader(module.DURATION),
    "modulKosten": figures.reader(module.FEES),
    "modulDokument": text_module.read_documents,
    "modulFachlicheFreigabe": text_module.read_approval,
    "modulBegriffImKontext": code.read_synonyms,
    "modulUrsprungsportal": _read_page,
    "referenzLeiKa": code.read_key,
    "referenzLeistungsschluessel": code.read_key,
    "gueltigkeitGebietID": code.read_region,
    "gueltigkeitGebietId": code.read_region,
    "leistungsadressat": code.read_audience,
    "typisierung": code.read_type,
    "kategorie": code.read_category,
    "klassifizierung": code.read_classification,
    "informationsbereichSDG": code.read_sdg_area,
    "informationsbereicheSDG": code.read_sdg_areas,
    "versionsinformation": code.read_version,
    "versionsinformationen": code.read_version,
}
# Known and not read: identifiers of other systems, flags of form and process, release states of the editorial office,
# hints for call centres (modulAuskunftshinweis), and the publisher, who is the source itself.
_READERS |= dict.fromkeys(
    (
        "id",
        "idSekundaer",
        "struktur",
        "modulAuskunftshinweis",
        "vertrauensniveau",
        "kennzeichenSchriftformerfordernis",
        "kennzeichenFormularSchriftformerfordernis",
        "kennzeichenFormularPersoenlich",
        "kennzeichenFormularFormlos",
        "idLeistungImKontext",
        "leistungImKontextID",
        "idProzess",
        "prozessID",
        "herausgeber",
        "kennzeichenEA",
        "durchfuehrbarEinheitlicheStelle",
        "relevantFuerWirtschaftszweig",
        "relevantFuerRechtsform",
        "relevantFuerStaatsangehoerigkeit",
        "statusKatalog",
        "statusBibliothek",
        "detailstufe",
        "bezugsortTyp",
        "sprachversion",
        "gueltigkeit",
    ),
    _pass,
)


def read_service(element: Element, record: str, notes: Notes, tally: Tally) -> Service | None:
    """Read one service; None, with an error, where it has no identifier or no title."""
    remote_id = read_id(child_of(element, "id"), SERVICE)
    if not remote_id:
        notes.error("no-id", record, "The service has no identifier; it was left out.")
        return None
    draft = Draft(record, remote_id, notes, tally)
    draft.provenance["remote_id"] = place("id", "xzufi.id")
    numbers: dict[str, int] = {}
    for child in element:
        name = NAMES[child.tag]
        read = _READERS.get(name)
        if read is _pass:
            continue
        number = numbers[name] = numbers.get(name, 0) + 1
        if read is not None:
            read(draft, child, f"{name}[{number}]")
        else:
            message = f"The field {name!r} of leistung is not known and was not read"
            draft.count("unknown-field", name, f"{local_name(name)}[{number}]", message)
    figures.put_into_words(draft)
    titles = choose_titles(draft)
    if titles is None:
        notes.error("no-title", record, "The service has no title; it was left out.", remote_id)
        return None
    return Service.model_validate(
        {
            "remote_id": remote_id,
            "title": titles.title,
            "official_title": titles.official,
            "language": titles.language,
            "leika_keys": tuple(draft.keys),
            "regions": tuple(draft.regions),
            "audience": tuple(draft.audience),
            "leika_types": tuple(draft.leika_types),
            "texts": draft.texts.finish(),
            "links": tuple(draft.links.found.values()),
            "synonyms": tuple(draft.synonyms),
            "situations": tuple(draft.situations.values()),
            "page": draft.page,
            "modified_at": draft.modified_at,
            "provenance": draft.provenance,
        }
    )
