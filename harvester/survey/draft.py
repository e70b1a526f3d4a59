"""Write what a look at a site has shown as a source file. What could not be told stands there as a comment, or is missing.

Pure, but for the one function that writes the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.text import Text

from harvester.errors import UsageError
from harvester.registry.registry import read_source
from harvester.registry.source import Source
from harvester.survey.survey import Survey, source_id

_FEWER = 0.6
_MORE = 2


def draft(survey: Survey, name: str) -> str:
    """The source file's text. A field that only a person can fill is left empty, and ``sources lint`` asks for it."""
    region = survey.region
    level = "kreis" if region is not None and region.kind == "Kreis" else "kommune"
    place = region.name if region else (survey.name or urlsplit(survey.url).hostname or "")
    lines = [*(f"# {line}" for line in remarks(survey)), f"id: {name}"]
    lines += [f"title: {_quoted(f'{place}, eigene Seiten')}", f"level: {level}"]
    if region is not None:
        lines.append(f'region: "{region.ars}"  # {region.name}, by the name of the host: please check')
    else:
        lines.append('region: ""  # TWELVE DIGITS: the host does not tell which region this is')
    lines += ["interface: website", f"endpoint: {survey.url}"]
    lines.append(f"options: {{product: {survey.product}}}" if survey.product else "options: {}")
    lines.append(
        f"publisher: {{name: {_quoted(place)}, homepage: {_quoted(survey.url)}}}  # who answers for the texts?"
    )
    lines.append("licence: {name: unbekannt}  # is there a word about it on the site?")
    if survey.services:
        most = survey.services * _MORE + 20
        lines.append(f"expectations: {{services: {{min: {max(1, int(survey.services * _FEWER))}, max: {most}}}}}")
    lines.append("enabled: false  # switch it on after: harvester try URL, harvester run ID --dry-run")
    return "\n".join(lines) + "\n"


def remarks(survey: Survey) -> list[str]:
    """What was seen, and what could not be told, a sentence a line."""
    told = [f"Seen at {survey.url}:", f"robots.txt: {survey.robots}."]
    if survey.product:
        told.append(f"Product: {survey.product}, by {survey.product_sign}.")
    else:
        told.append(
            "Product: not recognised; the generic profile reads it. Whether its patterns fit, the pages below show."
        )
    if survey.proven:
        told.append(
            f"Sitemap: {survey.sitemap} and others name {survey.services} pages of services; that proves completeness."
        )
    elif survey.sitemaps:
        told.append(f"Sitemaps: {survey.sitemaps}, but none names a page of a service (options: services).")
    else:
        told.append(
            "Sitemap: none found; without one (options: sitemap) runs are partial unless the product's lists prove it."
        )
    if not survey.proven:
        told.append(f"Links: a first look found {survey.services} pages of services.")
    for sample in survey.samples:
        if sample.trouble:
            told.append(f"Page {sample.url}: {_line(sample.trouble)}")
        else:
            said = ", ".join(sample.structured) or "none"
            told.append(
                f"Page {sample.url}: {_line(sample.title)!r}, keys {sample.keys}, links {sample.links}, structured data {said},"
                f" texts {', '.join(sample.texts) or 'none'}."
            )
    if survey.samples and not any(sample.structured for sample in survey.samples):
        told.append("Structured data: none on these pages, so fields are told by headings.")
    told += [f"Trouble: {_line(trouble)}" for trouble in survey.trouble[:5]]
    return told


def write_draft(survey: Survey, folder: Path, name: str | None) -> Path:
    """Write the file below ``sources/``; never over one that is there.

    Raises:
        UsageError: there is a file of that name.
    """
    region = survey.region
    chosen = name or source_id(urlsplit(survey.url).hostname or "", region)
    if there := sorted(folder.rglob(f"{chosen}.y*ml")):
        raise UsageError(f"{there[0]} is there already; give another name with --id")
    level = "kreis" if region is not None and region.kind == "Kreis" else "kommune"
    file = folder / level / f"{chosen}.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(draft(survey, chosen), encoding="utf-8")
    return file


def show_draft(console: Console, survey: Survey, file: Path) -> None:
    """Tell what was seen, where it was written, and what is still to do."""
    for line in remarks(survey):
        console.print(Text(line), soft_wrap=True)
    console.print(Text(f"\nwritten: {file}", style="bold"), soft_wrap=True)
    read = read_source(file)
    if not isinstance(read, Source):
        for problem in read:
            console.print(Text(f"to do: {problem}", style="yellow"), soft_wrap=True)


def _line(text: str) -> str:
    return " ".join(text.split())[:300]


def _quoted(text: str) -> str:
    """A text as YAML: JSON's quotes are YAML's, too."""
    return json.dumps(_line(text), ensure_ascii=False)
