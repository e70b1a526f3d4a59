"""The seam: what a service without a key is about. Pure, and the same whatever the order of what it is given.

A service gets a key only on evidence: a link from an official record to its page, or a wording over the threshold with the runner-up
clearly behind. What a source itself states (a field, structured data of a page) is never touched: such a service is not asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harvester.matching.clues import Clues, find_clues
from harvester.matching.decision import Alternative, Decision, Match, Review
from harvester.matching.hierarchy import reach
from harvester.matching.official import Named, OfficialLinks
from harvester.matching.page import Page, page_of
from harvester.matching.rank import Guess, Model, judged, order, read_model, sureness
from harvester.matching.reasons import evidence_for, told_link
from harvester.matching.table import Table
from harvester.model import LeikaKey, Service

LINKED = 0.98
"""Score of a key that an official record's link to this very page gives."""
_LED = 0.5
"""Sureness of the wording from which a shared form's address settles the matter."""
_CLEARLY = 0.85
"""Sureness from which a wording contradicts an official record's link."""
_OTHERS = 3
NOTHING = OfficialLinks()


def match(service: Service, table: Table, official: OfficialLinks = NOTHING, model: Model | None = None) -> Decision:
    """What a service is about.

    None for services with a key of their own, in another language than German, or about which nothing worth a look is known.
    """
    if service.leika_keys or service.language != "de":
        return None
    return match_page(page_of(service), table, official, model or read_model())


def match_page(page: Page, table: Table, official: OfficialLinks, model: Model) -> Decision:
    """The same for what was read of a service."""
    clues = find_clues(page, table)
    guesses = order(clues, model.rank)
    sure = sureness(judged(guesses, clues), model.judge) if guesses else 0.0
    if named := official.leading_to(page.own_address):
        return _by_link(page, named, guesses, sure, model, clues, table)
    return _by_wording(page, official, guesses, sure, model, clues, table) if guesses else None


def _by_link(
    page: Page,
    named: Sequence[Named],
    guesses: Sequence[Guess],
    sure: float,
    model: Model,
    clues: Mapping[str, Clues],
    table: Table,
) -> Decision:
    """Official records lead to this page: their keys, unless its wording clearly speaks of something else."""
    keys = tuple(dict.fromkeys(LeikaKey(one.leika_key) for one in named))
    evidence = tuple(told_link(one) for one in named)
    others = _alternatives(guesses, table)
    if guesses and sure >= max(model.sure, _CLEARLY) and guesses[0].code not in {key[:8] for key in keys}:
        return Review(
            proposals=(*keys, LeikaKey(f"{guesses[0].code}000000")),
            score=round(1 - sure, 4),
            rule="matching/link",
            reason_de="Ein amtlicher Datensatz verweist auf diese Seite, aber ihr Wortlaut spricht für eine andere Leistung.",
            reason_en="An official record links to this page, but its wording speaks of another service.",
            evidence=(*evidence, *evidence_for(page, guesses[0].code, clues, table)),
            alternatives=others,
        )
    return Match(leika_keys=keys, digits=14, score=LINKED, rule="matching/link", evidence=evidence, alternatives=others)


def _by_wording(
    page: Page,
    official: OfficialLinks,
    guesses: Sequence[Guess],
    sure: float,
    model: Model,
    clues: Mapping[str, Clues],
    table: Table,
) -> Decision:
    first = guesses[0].code
    evidence = evidence_for(page, first, clues, table)
    others = _alternatives(guesses[1:], table)
    if successors := table.superseded.get(first):
        if sure < model.doubtful:
            return None
        names = ", ".join(f"{code} ({table.name_of(code)})" for code in successors)
        return Review(
            proposals=tuple(LeikaKey(f"{code}000000") for code in successors),
            score=round(min(sure, model.doubtful), 4),
            rule="matching/text",
            reason_de=f"„{table.name_of(first)}“ ({first}) ist abgelöst; in Frage kommen: {names}.",
            reason_en=f"'{table.name_of(first)}' ({first}) was superseded; candidates: {names}.",
            evidence=evidence,
            alternatives=others,
        )
    reached = reach(page.title, first, table)
    led = tuple(one for url in page.addresses for one in official.leading_to(url) if one.leika_key[:8] == first)
    if sure >= model.sure or (led and sure >= _LED):
        linked = tuple(told_link(one) for one in led[:1])
        return Match(
            leika_keys=(reached.key,),
            digits=reached.digits,
            score=round(max(sure, model.sure) if led else sure, 4),
            rule="matching/text",
            evidence=(*linked, *evidence),
            alternatives=others,
        )
    if sure < model.doubtful:
        return None
    return Review(
        proposals=(reached.key,),
        score=round(sure, 4),
        rule="matching/text",
        reason_de=_why_de(guesses, sure, model, table),
        reason_en=f"Sure to {sure:.0%}; {model.sure:.0%} are demanded.",
        evidence=evidence,
        alternatives=others,
    )


def _why_de(guesses: Sequence[Guess], sure: float, model: Model, table: Table) -> str:
    told = f"Nur zu {sure:.0%} sicher, verlangt sind {model.sure:.0%}."
    close = len(guesses) > 1 and guesses[1].share > guesses[0].share / 4
    return f"{told} „{table.name_of(guesses[1].code)}“ liegt dicht dahinter." if close else told


def _alternatives(guesses: Sequence[Guess], table: Table) -> tuple[Alternative, ...]:
    return tuple(
        Alternative(leika_key=LeikaKey(f"{g.code}000000"), name=table.name_of(g.code), share=round(g.share, 4))
        for g in guesses[:_OTHERS]
    )
