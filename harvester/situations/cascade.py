"""The cascade: which situations a service belongs to, and why. Pure.

In every taxonomy the first step that has something to say decides: an editor, the source, the exact key, its prefixes,
a pure group, the text. What a step says in one taxonomy reaches the others through the map where no step speaks directly.
Below the threshold nothing is said: an honest „Weitere Leistungen“ is better than a guessed drawer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from harvester.model import LeikaKey, Service
from harvester.situations.assignment import SHOWN, Assigned, Assignment
from harvester.situations.evidence import Clues, evidence_of
from harvester.situations.finding import Finding
from harvester.situations.knowledge import Knowledge
from harvester.situations.mapping import Link
from harvester.situations.said import Said, said_by_source

OZG, PVLAGEN = "ozg", "pvlagen"
# Confidences of prefix and group are measured (docs/situations.md): how often the official label of a held-out key is what
# the step says. An exact key is looked up; its figure only leaves room for errors of the list.
KEY = 0.99
PREFIX = {11: 0.956, 8: 0.992}
GROUP = 0.986
CERTAIN = 0.94
"""From here on a statement of the official record that the source contradicts is a finding."""
SEVERAL = 0.3
"""A further situation is named when it has at least this share of the votes or of the probability."""
DERIVED = {"exact": 0.98, "broad": 0.9, "narrow": 0.6}
"""What is lost on the way through the map."""


def assign(service: Service, knowledge: Knowledge, names: Iterable[str] = (), clues: Clues | None = None) -> Assigned:
    """All situations of a service.

    ``names``: under which an override may call it, beside its keys: the catalogue's id, ``source:remote id``.
    ``clues``: its own (``clues_of``), of whom has them already.
    """
    called = (*names, *service.leika_keys)
    override = next((knowledge.overrides[name] for name in called if name in knowledge.overrides), None)
    if override is not None:
        decided = _by_taxonomy(Said(sid, "editor", 1.0, "editor") for sid in override.situations)
        return Assigned(_ranked(decided, knowledge), ())
    findings: list[Finding] = []
    direct = _by_taxonomy(said_by_source(service, knowledge, findings))
    told = _fields_told(direct, knowledge)
    rules = list(_rules(service, knowledge, clues))
    findings += _conflicts(service, told, rules, knowledge)
    if OZG not in direct:
        rules = rules or ([] if told else list(_text(service, knowledge, clues)))
        if rules:
            direct[OZG] = rules
    return Assigned(_ranked(direct, knowledge), tuple(findings))


def assign_by_keys(keys: Sequence[LeikaKey], score: float, knowledge: Knowledge) -> tuple[Assignment, ...]:
    """Situations by keys that matching gave a service: exact or by prefix, as sure as the match allows.

    None where the list knows none of the keys. The rules begin with ``matched>``.
    """
    named = Service(remote_id="matched", title="matched", leika_keys=tuple(keys))
    direct = [
        Said(said.situation, said.origin, said.confidence * score, f"matched>{said.rule}", said.drawer)
        for said in _rules(named, knowledge)
        if said.origin != "group"
    ]
    return _ranked({OZG: direct}, knowledge) if direct else ()


def _by_taxonomy(every: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for said in every:
        found.setdefault(said.taxonomy, []).append(said)
    return found


def _rules(service: Service, knowledge: Knowledge, clues: Clues | None = None) -> Iterator[Said]:
    """The official record: exact key, else prefix, else pure group. The exact keys of a service silence its unknown ones."""
    leika = knowledge.leika
    exact = [entry for key in service.leika_keys if (entry := leika.by_key(key))]
    for entry in exact:
        yield Said(f"{OZG}:{entry.lage}", "key", KEY, "key.14", knowledge.drawers.get(entry.ozg_id, ""))
    if exact:
        return
    for key in service.leika_keys:
        if known := leika.by_prefix(key):
            digits, votes = known
            for vote in votes:
                if vote.share >= SEVERAL:
                    yield Said(f"{OZG}:{vote.code}", "prefix", vote.share * PREFIX[digits], f"prefix.{digits}")
        elif group := leika.by_group(key):
            field = group.code
            code = knowledge.model.within(evidence_of(service, clues), field) if knowledge.model else field
            yield Said(f"{OZG}:{code}", "group", group.share * GROUP, "group")


def _text(service: Service, knowledge: Knowledge, clues: Clues | None) -> Iterator[Said]:
    """The text step; silent below its threshold."""
    if knowledge.model is None:
        return
    guess = knowledge.model.classify(evidence_of(service, clues))
    if guess.sure:
        for code, probability in guess.named(SEVERAL):
            yield Said(f"{OZG}:{code}", "text", probability, "text")


def _fields_told(direct: Mapping[str, Sequence[Said]], knowledge: Knowledge) -> set[str]:
    """The Themenfelder that the source names, directly or through the map."""
    told = {_field(said.situation) for said in direct.get(OZG, ())}
    for said in direct.get(PVLAGEN, ()):
        told |= {_field(link.target) for link in _links(said.situation, knowledge) if link.target.startswith(f"{OZG}:")}
    return told


def _conflicts(service: Service, told: set[str], rules: Sequence[Said], knowledge: Knowledge) -> Iterator[Finding]:
    """A finding where the source and the official record name different Themenfelder; the administrative remainder fits to any."""
    record = {_field(said.situation) for said in rules if said.confidence >= CERTAIN}
    remainder = f"{OZG}:querschnittsleistungen"
    if told and record and not told & record and remainder not in told | record:
        source, key = (
            ", ".join(sorted(s.name if (s := knowledge.situation(sid)) else sid for sid in some))
            for some in (told, record)
        )
        message = f"„{service.title}“: Die Quelle nennt {source}, der Leistungsschlüssel spricht für {key}."
        hint = "Schlüssel und Lage bei der Quelle prüfen oder in data/overrides/ entscheiden."
        yield Finding("warning", "situations.conflict", "service", service.remote_id, message, hint)


def _ranked(direct: dict[str, list[Said]], knowledge: Knowledge) -> tuple[Assignment, ...]:
    """Assignments by taxonomy, at most three in each, those reached through the map where nothing was said directly."""
    everything = dict(direct)
    for taxonomy in (PVLAGEN, OZG):
        if taxonomy not in everything:
            derived = [said for some in direct.values() for one in some for said in _derived(one, taxonomy, knowledge)]
            if derived:
                everything[taxonomy] = derived
    found: list[Assignment] = []
    for some in everything.values():
        best: dict[str, Said] = {}
        for said in some:
            if said.situation not in best or best[said.situation].confidence < said.confidence:
                best[said.situation] = said
        order = (
            list(best.values())
            if some[0].origin in {"editor", "source"}
            else sorted(best.values(), key=lambda s: -s.confidence)
        )
        kept = [said for said in order if not _covered(said.situation, best, knowledge)][:SHOWN]
        found += [Assignment(s.situation, s.origin, round(s.confidence, 4), s.rule, n) for n, s in enumerate(kept)]
    return tuple(found)


def _derived(said: Said, taxonomy: str, knowledge: Knowledge) -> Iterator[Said]:
    """What one statement means in another taxonomy: a real drawer, else the map, else the map of what lies above it."""
    if said.drawer.startswith(f"{taxonomy}:"):
        yield Said(said.drawer, said.origin, said.confidence, f"{said.rule}>drawer")
        return
    for link in _links(said.situation, knowledge):
        if link.target.startswith(f"{taxonomy}:"):
            confidence = said.confidence * DERIVED[link.relation]
            yield Said(link.target, said.origin, confidence, f"{said.rule}>{link.relation}")
            return


def _links(sid: str, knowledge: Knowledge) -> Iterator[Link]:
    taxonomy = knowledge.taxonomies.get(sid.partition(":")[0])
    for situation in taxonomy.ancestors(sid) if taxonomy else ():
        yield from knowledge.links.get(situation.id, ())


def _covered(sid: str, others: Iterable[str], knowledge: Knowledge) -> bool:
    """Whether a narrower one of the others says the same more exactly."""
    taxonomy = knowledge.taxonomies.get(sid.partition(":")[0])
    if taxonomy is None:
        return False
    return any(other != sid and sid in {s.id for s in taxonomy.ancestors(other)} for other in others)


def _field(sid: str) -> str:
    return sid.partition(".")[0]
