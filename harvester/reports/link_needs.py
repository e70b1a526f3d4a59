"""Needs of links: broken hosts, dead links by authority, host and cause, better addresses, and what nobody can tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from harvester.links.confirm import measure_precision
from harvester.links.rules import read_rules
from harvester.plain import plain
from harvester.registry import Source
from harvester.reports.facts import Facts
from harvester.reports.mails import write_mail
from harvester.reports.named_links import Authority, Named, by_authority, named_links, publisher_of
from harvester.reports.need import DeadLink, Fact, Need, Trend, Urgency, key_of
from harvester.reports.shell import quoted

_SILENT_FOR = 3
_FLAPS = 3
_NAMED = 3
_SILENT = {"blocked", "throttled"}
"""Outcomes of a last look that told nothing: a link that was dead before may live or not."""
_MAILED = 40
_SHOWN_COMMANDS = 12
_TABLE = "vorschlaege.csv"


def link_needs(facts: Facts) -> Iterator[Need]:
    """All of them."""
    trends, codes = _trends(facts), _codes(facts)
    broken = {row["host"]: row for row in facts.rows("SELECT * FROM link_incident WHERE closed_at IS NULL")}
    dead = [link._replace(host=_site(facts, link)) for link in named_links(facts, "l.state = 'dead'")]
    at_broken = defaultdict(list)
    for link in dead:
        if link.host in broken:
            at_broken[link.host].append(link)
    for host, incident in sorted(broken.items()):
        yield _host(facts, host, incident, at_broken[host])
    mended = {authority.name: links for authority, links in by_authority(facts, _mended(facts))}
    for authority, links in by_authority(facts, (link for link in dead if link.host not in broken)):
        yield _dead(facts, authority, links, mended.get(authority.name, []), trends, codes)
    moved = named_links(facts, "coalesce(l.suggestion, '') <> '' AND l.state <> 'dead'")
    for authority, links in by_authority(facts, moved):
        yield _suggestions(facts, authority, links, trends, codes)
    yield from _uncertain(facts, trends, codes)


def _site(facts: Facts, link: Named) -> str:
    """The host that the link checker counts an address by."""
    rows = facts.rows("SELECT l.host FROM link_text t JOIN link l ON l.id = t.link_id WHERE t.text = ?", link.url)
    return str(rows[0][0]) if rows else link.host


def _mended(facts: Facts) -> list[Named]:
    """Links that work again since the period began."""
    which = (
        "l.state = 'ok' AND l.id IN (SELECT entity_id FROM event WHERE entity = 'link' AND kind = 'link_fixed'"
        " AND at >= ? AND at < ?)"
    )
    return named_links(facts, which, facts.period.since, facts.period.until)


def _codes(facts: Facts) -> dict[str, str]:
    """The rule that judged each address last, for those that are in trouble."""
    return dict(
        tuple(row)
        for row in facts.rows(
            "SELECT t.text, l.code FROM link l JOIN link_text t ON t.link_id = l.id WHERE l.state IN ('dead', 'suspect')"
            " OR l.permanent_url <> '' OR l.outcome IN ('blocked', 'throttled')"
        )
    )


def _trends(facts: Facts) -> dict[str, Trend]:
    """Links that broke in the period are new, those that broke and mended often are flapping."""
    changes: Counter[str] = Counter()
    fresh: set[str] = set()
    rows = facts.published(
        "SELECT l.url, e.at, e.kind FROM event e JOIN link l ON l.id = e.entity_id"
        " WHERE e.entity = 'link' AND e.kind IN ('link_broken', 'link_fixed')"
    )
    for url, at, kind in rows:
        changes[url] += 1
        if kind == "link_broken" and at >= facts.period.since:
            fresh.add(url)
    found: dict[str, Trend] = dict.fromkeys(fresh, "new")
    return found | {url: "flapping" for url, count in changes.items() if count >= _FLAPS}


def _show(facts: Facts, links: list[Named], trends: dict[str, Trend], codes: dict[str, str]) -> tuple[DeadLink, ...]:
    """By host, then by cause, then by address; the same address of several sources once."""
    rules, shown = read_rules(), {}
    for link in links:
        rule = rules.get(codes.get(link.url, ""))
        cause = (rule.reason_de if facts.words.language == "de" else rule.reason_en) if rule else link.outcome
        trend = trends.get(link.url, "unknown" if link.outcome in _SILENT else "still")
        shown[link.url] = DeadLink(
            url=plain(link.url, 2000),
            host=plain(link.host, 255),
            cause=cause,
            trend=trend,
            since=link.since,
            services=(plain(link.title, 200),),
            count=link.services,
            suggestion=plain(link.suggestion, 2000),
        )
    return tuple(sorted(shown.values(), key=lambda link: (link.host, link.cause, link.url)))


def _dead(
    facts: Facts,
    authority: Authority,
    links: list[Named],
    mended: list[Named],
    trends: dict[str, Trend],
    codes: dict[str, str],
) -> Need:
    words, shown = facts.words, _show(facts, links, trends, codes)
    healthy = tuple(
        link.model_copy(update={"trend": "mended", "cause": words("cause.mended")})
        for link in _show(facts, mended, trends, codes)
    )
    fresh = sum(link.trend == "new" for link in shown)
    lines = [
        line
        for link in shown[:_MAILED]
        for line in (f"{link.url}", f"   {link.cause} ({', '.join(link.services)})", *_better(link))
    ]
    alarms = false_alarms(facts)
    return Need(
        key=key_of("dead_links", authority.name, *sorted(link.url for link in shown)),
        kind="dead_links",
        urgency=Urgency.TODAY if fresh else Urgency.WEEK,
        title=words(
            "need.dead_links.title" if len(shown) > 1 else "need.dead_links.one",
            name=authority.name,
            n=words.number(len(shown)),
        ),
        cause=words("need.dead_links.cause"),
        subject=authority.name,
        since=min((link.since for link in shown if link.since), default=""),
        owner=_owner(facts, authority),
        facts=(Fact(label=words("fact.precision"), text=alarms),) if alarms else (),
        commands=(*_accept(facts, shown), *_confirm(facts, shown)),
        mail=write_mail(
            words,
            _one_source(facts, links),
            words("mail.links.subject", n=len(shown)),
            words("mail.links"),
            lines,
            to=authority.email,
        ),
        links=(*shown, *healthy),
        count=len(shown),
        weight=len(shown),
    )


def _owner(facts: Facts, authority: Authority) -> str:
    return facts.words("owner.authority" if authority.competent else "owner.publisher", name=authority.name)


def _accept(facts: Facts, links: tuple[DeadLink, ...]) -> Iterator[str]:
    """Commands that take proposals over: one by one, and where they are many, by a table."""
    proposed = [link for link in links if link.suggestion]
    for link in proposed[:_SHOWN_COMMANDS]:
        if (url := quoted(link.url)) and (target := quoted(link.suggestion)):
            yield facts.command("links", "accept", url, target)
    if len(proposed) > _SHOWN_COMMANDS:
        yield facts.command("links", "suggest", "--csv", _TABLE)
        yield facts.command("links", "accept", "--csv", _TABLE)


def _confirm(facts: Facts, links: tuple[DeadLink, ...]) -> Iterator[str]:
    for link in links[:_SHOWN_COMMANDS]:
        if url := quoted(link.url):
            yield facts.command("links", "confirm", url, "alive")


def _better(link: DeadLink) -> list[str]:
    return [f"   → {link.suggestion}"] if link.suggestion else []


def _host(facts: Facts, host: str, incident: Any, links: list[Named]) -> Need:  # noqa: ANN401 - a row
    words, rule = facts.words, read_rules().get(incident["code"])
    reason = (rule.reason_de if words.language == "de" else rule.reason_en) if rule else incident["code"]
    (count,) = facts.rows("SELECT count(*) FROM link WHERE host = ? AND removed_at IS NULL", host)[0]
    sources = links or named_links(facts, "l.host = ?", host.partition(":")[0])
    since = incident["opened_at"]
    told = words("mail.host", host=plain(host, 255), since=words.moment(since), reason=reason, n=count)
    name = quoted(host)
    return Need(
        key=key_of("host", host, since),
        kind="host",
        urgency=Urgency.NOW if incident["confirmed_at"] else Urgency.TODAY,
        title=words("need.host.title", host=plain(host, 255), n=words.number(count)),
        cause=reason,
        subject=plain(host, 255),
        since=since,
        owner=words("owner.publisher", name=publisher_of(facts, sources[0].source)) if sources else "",
        facts=(Fact(label=words("fact.incident"), text=f"{incident['code']}, {incident['failures']}×"),),
        commands=(facts.command("links", "check", "--host", name),) if name else (),
        mail=write_mail(words, _one_source(facts, sources), words("mail.host.subject", host=plain(host, 255)), told),
        count=1,
        weight=count,
    )


def _suggestions(
    facts: Facts, authority: Authority, links: list[Named], trends: dict[str, Trend], codes: dict[str, str]
) -> Need:
    words, shown = facts.words, _show(facts, links, trends, codes)
    lines = [line for link in shown[:_MAILED] for line in (link.url, *_better(link))]
    return Need(
        key=key_of("suggestions", authority.name, *sorted(link.url + link.suggestion for link in shown)),
        kind="suggestions",
        urgency=Urgency.WEEK,
        title=words(
            "need.suggestions.title" if len(shown) > 1 else "need.suggestions.one",
            name=authority.name,
            n=words.number(len(shown)),
        ),
        cause=words("need.suggestions.cause"),
        subject=authority.name,
        owner=_owner(facts, authority),
        commands=tuple(_accept(facts, shown)),
        mail=write_mail(
            words,
            _one_source(facts, links),
            words("mail.suggestions.subject", n=len(shown)),
            words("mail.suggestions"),
            lines,
            to=authority.email,
        ),
        links=shown,
        count=len(shown),
        weight=len(shown),
    )


def _uncertain(facts: Facts, trends: dict[str, Trend], codes: dict[str, str]) -> Iterator[Need]:
    """Addresses whose hosts let no program in, time and again: only a person can tell."""
    links = named_links(facts, "l.outcome IN ('blocked', 'throttled') AND l.last_ok_at IS NULL AND l.state <> 'dead'")
    if len(links) < _SILENT_FOR:
        return
    shown = tuple(link.model_copy(update={"trend": "unknown"}) for link in _show(facts, links, trends, codes))
    yield Need(
        key=key_of("uncertain_links", *sorted({link.host for link in shown})),
        kind="uncertain_links",
        urgency=Urgency.SOMETIME,
        title=facts.words("need.uncertain_links.title", n=facts.words.number(len(shown))),
        cause=facts.words("need.uncertain_links.cause"),
        owner=facts.words("owner.editor"),
        commands=tuple(_confirm(facts, shown)),
        links=shown,
        count=len(shown),
    )


def _one_source(facts: Facts, links: list[Named]) -> Source | None:
    return next((source for link in links if (source := facts.source(link.source))), None)


def false_alarms(facts: Facts) -> str:
    """The measured share of false alarms among dead links, in words; empty where nobody has looked yet."""
    found = measure_precision(facts.state.conn)
    return "" if found.share is None else f"{found.false_alarms} / {found.confirmed} ({found.share:.0%})"
