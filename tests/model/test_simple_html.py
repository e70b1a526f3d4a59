"""Markup that is taken as clean without the sanitizer is exactly what the sanitizer would have left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.model import html
from harvester.model.simple_html import take_simple

_WORDS = st.text(alphabet=st.sampled_from(list("abä ß.1\u0301\u00a0\u200b\n§€'\"=/")), max_size=12)
_TAGS = ["p", "br", "ul", "ol", "li", "b", "strong", "i", "em", "sup", "sub", "h1", "h6", "div", "a", "P"]
_TAG = st.one_of(
    st.sampled_from(_TAGS).map(lambda tag: f"<{tag}>"),
    st.sampled_from(_TAGS).map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        [
            '<a href="https://x.de/ä?a=b">',
            '<a href="https://x.de" target="_blank" rel="x">',
            '<a href="http://x.de">',
            '<a href="javascript:x">',
            "&amp;",
            "&amp; ",
            "&nbsp;",
            "&ouml;",
            "&ouml",
            "&shy;",
            "&lt;",
            "&#xa0;",
            "&#60;",
            "&",
            "<",
            ">",
            "\u204a",
            "&#x204a;",
            "&amp;&nbsp;",
        ]
    ),
)
_SOUP = st.lists(st.one_of(_WORDS, _TAG), max_size=14).map("".join)


def _tree(children):
    inline = st.sampled_from(["b", "strong", "i", "em", "sup", "sub"])
    listed = st.lists(children, min_size=1, max_size=3).map(lambda items: "".join(f"<li>{item}</li>" for item in items))
    return st.one_of(
        st.lists(children, max_size=3).map("".join),
        st.tuples(inline, children).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        st.tuples(st.sampled_from(["p", "h2", "h3"]), children).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        st.tuples(st.sampled_from(["ul", "ol"]), listed).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        children.map(lambda child: f'<a href="https://example.org/x">{child}</a>'),
        children.map(lambda child: f"{child}<br>"),
    )


_MARKUP = st.one_of(_SOUP, st.recursive(_WORDS, _tree, max_leaves=12))


@given(_MARKUP)
def test_the_short_way_and_the_long_way_agree(markup):
    clean = html._clean.__wrapped__  # noqa: SLF001 - without its memory, which would give the first answer twice
    short = clean(markup)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "take_simple", lambda _: None)
        assert short == clean(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Wer einen Hund hält, meldet ihn <b>an</b>.</p><ul><li>Ausweis</li><li>Nachweis</li></ul>",
        '<p>Mehr <a href="https://example.org/x">hier</a>.<br>Danke</p>',
        "<h2>Kosten</h2><p>keine</p>",
    ],
)
def test_ordinary_texts_take_the_short_way(markup):
    assert take_simple(markup) is not None


@pytest.mark.parametrize(
    "markup",
    [
        "<p>a",
        "a</p>",
        "<p><p>a</p></p>",
        "<ul>a</ul>",
        "<b><p>a</p></b>",
        "<p></p>",
        "<p><br></p>",
        "<script>a</script>",
        '<a href="javascript:x">a</a>',
        "<a>a</a>",
        '<p class="x">a</p>',
        "a < b",
        "a > b",
        "a &amp; b",
        "<P>a</P>",
    ],
)
def test_whatever_could_change_takes_the_long_way(markup):
    assert take_simple(markup) is None
