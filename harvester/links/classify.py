"""From an observation to its meaning: a pure function, so that stored observations can be judged again."""

from __future__ import annotations

from dataclasses import dataclass

from harvester.links.host_rules import PLAIN, HostRules
from harvester.links.observation import BodyFault, Fault, Observation, Page
from harvester.links.outcome import Outcome, Verdict
from harvester.links.places import host_of, is_home, path_of
from harvester.links.rules import read_rules
from harvester.links.signs import Signs
from harvester.links.soft404 import SUSPICIOUS, score_page

_OK = Verdict(Outcome.OK, "ok")
_PARTLY = Verdict(Outcome.OK, "ok-partly")
_PERMANENT = frozenset({301, 308})
_EXACT = {
    401: "http-401",
    402: "http-restricted",
    403: "http-403",
    404: "http-404",
    407: "http-restricted",
    408: "http-408",
    410: "http-410",
    423: "http-restricted",
    425: "http-408",
    429: "http-429",
    451: "http-451",
    511: "captive-portal",
    999: "http-999",
}
# A bot wall shows itself with one of these; on other answers its marks are only those of the delivery network.
_WALL_STATUSES = frozenset({200, 202, 401, 403, 405, 406, 429, 503})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the observation: the words to look for, rules of hosts, and the sibling.

    ``sibling`` is what the same host showed for a random address that cannot exist; its status 404 or 410 means that
    the host is honest. None where it was not asked.
    """

    signs: Signs
    hosts: HostRules
    sibling: Observation | None = None


def classify(seen: Observation, around: Surroundings) -> Verdict:  # noqa: PLR0911 -- one return per rule
    """Judge one observation."""
    if seen.tls is not None:
        return _rule(seen.tls)
    if seen.fault is not None:
        return _rule(seen.fault)
    if seen.wall and seen.status in _WALL_STATUSES:
        return _rule("bot-wall")
    status = seen.status or 0
    if 200 <= status < 400 or status == 503:
        return _read_page(seen, status, around)
    if code := _EXACT.get(status):
        return _refused(seen, code, around)
    if 400 <= status < 500:
        return _rule("http-4xx")
    return _rule("http-5xx" if 500 <= status < 600 else "http-odd")


def _rule(code: str | Fault) -> Verdict:
    return Verdict(read_rules()[code].outcome, str(code))


def _refused(seen: Observation, code: str, around: Surroundings) -> Verdict:
    """A 403 or 429 whose page asks for proof that one is human is a bot wall."""
    page = seen.page
    if seen.status in {403, 429} and page is not None and around.signs.bot_wall.search(_words(page)):
        return _rule("bot-wall")
    return _rule(code)


def _read_page(seen: Observation, status: int, around: Surroundings) -> Verdict:
    if status == 503:
        page = seen.page
        if page is not None and around.signs.bot_wall.search(_words(page)):
            return _rule("bot-wall")
        return _rule(
            "maintenance" if page is not None and around.signs.maintenance.search(_words(page)) else "http-5xx"
        )
    if status in {301, 302, 303, 305, 306, 307, 308}:
        return _rule("http-3xx")
    page = seen.page
    if page is None and not seen.hops:
        if status in {204, 205}:
            return _rule("http-no-content")
        return _OK if not seen.body_fault else _PARTLY
    return _read_success(seen, page or Page(), around)


def _read_success(seen: Observation, page: Page, around: Surroundings) -> Verdict:
    words = _words(page)
    # Most pages show no sign at all: one search tells.
    telling = words if words and around.signs.any.search(words) else ""
    if (told := _read_words(seen, page, telling, around)) is not None:
        return told
    if seen.hops:
        first, last = host_of(seen.url), host_of(seen.final_url)
        if first != last and not around.hosts.same_operator(first, last):
            return _rule("foreign-domain")
        if is_home(seen.final_url) and not is_home(seen.url):
            return _rule("redirect-home")
    score, reasons = score_page(seen, page, around.signs if telling else None, around.sibling)
    if score >= SUSPICIOUS:
        return Verdict(Outcome.SUSPICIOUS, "soft-404", score=score, reasons=reasons)
    if seen.hops and (permanent := permanent_target(seen)):
        return Verdict(Outcome.MOVED, "moved-permanently", permanent, score, reasons)
    plain = _PARTLY if seen.body_fault and seen.body_fault is not BodyFault.BOMB else _OK
    return plain if not reasons else Verdict(plain.outcome, plain.code, "", score, reasons)


def _read_words(seen: Observation, page: Page, words: str, around: Surroundings) -> Verdict | None:
    """What the title, the first heading and the host itself say; None where they say nothing."""
    rule = around.hosts.rule(host_of(seen.final_url))
    if not (words or seen.hops or page.login or rule is not PLAIN):
        return None
    signs = around.signs
    if rule.parking or (words and signs.parked.search(words)):
        return _rule("parked")
    if words and signs.bot_wall.search(words):
        return _rule("bot-wall")
    if _is_login(seen, page, words, around, listed=rule.login):
        return _rule("login-page")
    # A service may be called "Wartungsarbeiten": with status 200 the words alone count for nothing.
    return _rule("maintenance-page") if words and signs.maintenance.search(words) else None


def _is_login(seen: Observation, page: Page, words: str, around: Surroundings, *, listed: bool) -> bool:
    """A password field, or a redirect that ends at a login: Keycloak, BundID and Servicekonto among them."""
    asks = bool(words and around.signs.login.search(words))
    if listed or (page.login and (asks or seen.hops)):
        return True
    if not seen.hops:
        return False
    path = path_of(seen.final_url).lower()
    if "/protocol/openid-connect/" in path or "/saml" in path or "/oauth2/" in path or "/oidc/" in path:
        return True
    place = any(part in path for part in ("/login", "/anmeld", "/signin", "/sign-in", "/auth/"))
    return place and (asks or not words)


def permanent_target(seen: Observation) -> str:
    """Where the leading permanent redirects end; empty where there is none. A temporary one stops them (RFC 9110, 15.4)."""
    target = ""
    for hop in seen.hops:
        if hop.status not in _PERMANENT:
            break
        target = hop.target
    return target


def _words(page: Page) -> str:
    return f"{page.title}\n{page.heading}".lower() if page.title or page.heading else ""
