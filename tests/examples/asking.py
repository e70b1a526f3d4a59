"""Ask the sample federation as a harvester would."""

import json
import re
import socket
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from lxml import etree

ROOT = Path(__file__).resolve().parents[2] / "examples" / "emscher-lippe"
sys.path.insert(0, str(ROOT))

from federation import Federation, serve  # noqa: E402  # the sample is a folder, not a package of the project

__all__ = ["Federation", "serve"]  # the tests have them from here

CLIENT = {"client_id": "emscher-lippe-demo", "client_secret": "kein-geheimnis"}
EXPECTED = yaml.safe_load((ROOT / "expected.yml").read_text("utf-8"))
SOURCES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "sources").rglob("*.yml")}
KEY = re.compile(r"99\d{12}")


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes


@dataclass
class Found:
    """A service record as far as counting needs it; `content` is everything it says."""

    id: str | None
    title: str | None
    keys: list[str]
    content: Any


def ask(url: str, *, form: dict[str, str] | None = None, **headers: str) -> Answer:
    data = None if form is None else urlencode(form).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data, named)  # noqa: S310  # loopback addresses of the fixture
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # likewise
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.headers, refusal.read())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def endpoint(federation: Federation, source: str) -> str:
    return str(SOURCES[source]["endpoint"]).replace(":8642", f":{federation.port}")


# --- reading a source the way a harvester would -----------------------------------------------------------------------


def services(federation: Federation, source: str) -> list[Found]:
    """All service records that a run on this day delivers."""
    match SOURCES[source]["interface"], SOURCES[source].get("options", {}):
        case "xzufi", {"transport": "bereitstelldienst"}:
            return [found for page in pages(federation, source) for found in leistungen(page["xzufiObjekte"].encode())]
        case "xzufi", _:
            base = endpoint(federation, source)
            return [found for name in index(base) for found in leistungen(ask(base + name).body)]
        case "pvog", {"details": True}:
            return [detail(federation, source, row["ID-LB"]) for row in table(federation, source)]
        case "pvog", _:
            return [Found(r["ID-LB"], r["Name"], [r["Leikaschlüssel"]], r) for r in table(federation, source)]
        case "dldb", _:
            return [
                Found(r.get("id"), r.get("name"), [r["leika"]] if r["leika"] else [], r)
                for r in json.loads(ask(endpoint(federation, source)).body)["data"]
            ]
        case "website", _:
            return [site_page(url) for url in site_pages(federation, source)]
    raise AssertionError(source)


def site_pages(federation: Federation, source: str) -> list[str]:
    """Addresses of a site's service pages: from its list, its sitemap, or the sitemaps it names."""
    base = endpoint(federation, source)
    found: list[str] = []
    for path in ("dienstleistungen", "sitemap.xml", "karte/1.xml", "karte/dienste.xml"):
        body = ask(base + path).body.decode()
        found += re.findall(
            r"(?:<loc>|href=\")(?:http://[\d.:]+)?(/[^\"<]*(?:dienstleistung|buergerservice|leistungen)/[^\"<]+)", body
        )
    return [base.rstrip("/") + path for path in dict.fromkeys(found) if "99999" not in path]


def site_page(url: str) -> Found:
    body = ask(url).body
    text = body.decode("utf-8", "replace")
    title = re.search(r"<h1[^>]*>(.*?)</h1>", text)
    usable = title is not None and "nicht gefunden" not in title[1] and 'lang="en"' not in text
    keys = re.findall(r"(?:content=\"|leika-key=\"|, |value\": \")(99\d{12})", text)
    return Found(url, title[1] if title and usable else None, keys, body)


def index(base: str) -> list[str]:
    return ask(base + "index.txt").body.decode().split("\r\n")[:-1]


def leistungen(xml: bytes) -> list[Found]:
    records = []
    for element in etree.fromstring(xml).iterfind("{*}schreibe/{*}leistung"):
        titles = [m.findtext("{*}inhalt") for m in element.iterfind("{*}modulText") if m.findtext(".//code") == "03"]
        keys = [*element.iterfind("{*}referenzLeiKa/code"), *element.iterfind("{*}referenzLeistungsschluessel")]
        content = etree.tostring(element)
        title = titles[0] if titles else None
        records.append(Found(element.findtext("{*}id"), title, [str(key.text) for key in keys], content))
    return records


def token(federation: Federation, **changed: str) -> Answer:
    url = str(SOURCES["nw-redaktion"]["options"]["token_url"]).replace(":8642", f":{federation.port}")
    return ask(url, form={"grant_type": "client_credentials", **CLIENT, **changed})


def pages(federation: Federation, source: str, start: str | None = None) -> list[dict[str, Any]]:
    bearer = json.loads(token(federation).body)["access_token"]
    url = start or endpoint(federation, source) + "?index=0&ars=%25"
    found: list[dict[str, Any]] = []
    while not found or not found[-1]["vollstaendig"]:
        found.append(json.loads(ask(url, Authorization=f"Bearer {bearer}").body))
        url = found[-1]["naechsteAnfrageUrl"]
    return found


def table(federation: Federation, source: str) -> list[dict[str, str]]:
    """The PVOG table, one row per service (the first of each)."""
    url = f"{endpoint(federation, source)}/v5/servicedescriptions/csv?ars={SOURCES[source]['region']}"
    header, *lines = ask(url).body.decode("utf-8-sig").splitlines()
    rows = [dict(zip(header.split("|"), line.split("|"), strict=True)) for line in lines]
    return list({row["ID-LB"]: row for row in reversed(rows)}.values())[::-1]


def detail_url(federation: Federation, source: str, lbid: str) -> str:
    base, region = endpoint(federation, source), SOURCES[source]["region"]
    return f"{base}/v6/servicedescriptions/{lbid}/detail?ars={region}&applyDynamicParams=true"


def detail(federation: Federation, source: str, lbid: str) -> Found:
    url = detail_url(federation, source, lbid)
    answer = ask(url)
    if answer.status == 429:
        answer = ask(url)
    record = json.loads(answer.body)
    keys = record["leikakeys"]
    return Found(record["id"], record["name"], [keys] if isinstance(keys, str) else keys, record)


def good(found: list[Found]) -> dict[str, Any]:
    return {record.id: record.content for record in found if record.id and record.title}


def issues(found: list[Found]) -> int:
    unusable = [record for record in found if not record.id or not record.title]
    wrong = [key for record in found for key in record.keys if not KEY.fullmatch(key.replace(" ", ""))]
    return len(unusable) + len(wrong)


UP = sorted(source for source in SOURCES if source != "gladbeck-dldb")
SNAPSHOTS = [source for source in UP if source != "nw-redaktion"]
