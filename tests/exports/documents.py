"""Made-up services for property tests: every field can hold what a source could have said."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harvester.exports.document import (
    Competence,
    InSituation,
    Key,
    Office,
    Online,
    Publisher,
    ServiceDocument,
    ServiceLink,
    Statement,
    TextModule,
    Validity,
)
from harvester.model import LinkRole, Module

_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
_SAID = _WORDS.filter(str.strip)
_MAYBE = st.none() | _WORDS
_ARS = st.sampled_from(["000000000000", "050000000000", "055130000000", "055620020020"])
_TIME = st.datetimes().map(lambda moment: moment.isoformat() + "+00:00")
_LANGUAGE = st.sampled_from(["de", "en", "uk", "de-x-leicht"])
_ID = st.text("abcdefgh234567", min_size=13, max_size=13).map(lambda letters: f"s{letters}")
_URL = st.sampled_from(
    ["https://a.example/b?c=d&e=ä", "https://a.example/ü b<c>", "mailto:x@y.example", "kein link", "http://[", ""]
)
_OFFICE = st.builds(
    Office, id=_SAID, name=_SAID, level=_MAYBE, region=st.none() | _ARS, homepage=st.none() | _URL, phone=_MAYBE, email=_MAYBE,
    address=_MAYBE,
)  # fmt: skip
_LINK = st.builds(
    ServiceLink, url=_URL, role=st.sampled_from([str(role) for role in LinkRole]), label=_WORDS, language=_LANGUAGE,
    outcome=st.none() | st.just("invalid"), since=st.none() | _TIME,
    online_service=st.none() | st.builds(Online, id=_SAID, title=_SAID),
)  # fmt: skip


def documents() -> SearchStrategy[ServiceDocument]:
    """Any service."""
    text = st.builds(
        TextModule,
        language=_LANGUAGE,
        module=st.sampled_from([str(m) for m in Module if m != "title"]),
        html=_WORDS,
        text=_WORDS,
    )
    return st.builds(
        ServiceDocument,
        id=_ID,
        slug=st.just("slug"),
        title=_SAID,
        language=_LANGUAGE,
        leika_keys=st.lists(
            st.builds(Key, leika_key=st.just("99115002060000"), confidence=st.floats(0, 1)), max_size=1
        ).map(tuple),
        audience=st.lists(st.sampled_from(["citizen", "business"]), unique=True).map(tuple),
        source=st.builds(Publisher, id=_SAID, title=_SAID, region=_ARS, name=_MAYBE),
        organisation=st.none() | _OFFICE,
        statements=st.lists(st.builds(Statement), max_size=1).map(tuple),
        regions=st.lists(st.builds(Validity, ars=_ARS), max_size=2).map(tuple),
        texts=st.lists(text, max_size=3, unique_by=lambda told: (told.language, told.module)).map(tuple),
        links=st.lists(_LINK, max_size=3).map(tuple),
        competences=st.lists(st.builds(Competence, organisation=_OFFICE, ars=_ARS), max_size=2).map(tuple),
        situations=st.lists(st.builds(InSituation, id=_SAID, name=_SAID, confidence=st.floats(0, 1)), max_size=1).map(
            tuple
        ),
        changed_at=_TIME,
    )
