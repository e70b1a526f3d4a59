"""Cleaning a text: only the allowed elements stay, words stay whole and apart, and cleaning again changes nothing."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.model import Clean, clean_line, clean_text, html, is_placeholder
from harvester.model.html import _even, _settle, _spare

ALLOWED = {"p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i", "em", "sup", "sub", "ul", "ol", "li", "a"}
SCHEMES = {"http", "https", "mailto", "tel"}
INVISIBLE = set("\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\ufeff\x00\x07\x7f")

OTHER = re.split(
    r"\s+",
    """script style span div table tr td th svg math mi button noscript title img iframe textarea plaintext frameset
    body html form input select option template object section dl dt dd pre hr font""",
)
ATTRIBUTES = (
    "",
    ' href="https://example.org/?a=1&b;2"',
    ' href="javascript:alert(1)"',
    ' href="java&#x200b;script:alert(1)"',
    ' href="&#1;javascript:alert(1)"',
    ' HREF=" JaVaScRiPt:alert(1)"',
    " href='/weg zum amt'",
    ' href="data:text/html,x"',
    " onclick=alert(1)",
    ' class="a>b"',
    ' style="x"',
)
PIECES = (
    "a",
    "b c",
    " ",
    "\n",
    "&",
    "&amp;",
    "&lt;",
    "lt;",
    "&gt;",
    "<",
    ">",
    "p",
    "/p",
    "#60;",
    "&#60;",
    "&nbsp;",
    "&shy;",
)
ODD = (
    "\u200b",
    "\u0301",
    "\u0338",
    "&#x338;",
    "&#769;",
    "\u2028",
    "\x0c",
    "\x85",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&zwj;",
)
TAGS = st.builds("<{}{}>".format, st.sampled_from([*sorted(ALLOWED), *OTHER]), st.sampled_from(ATTRIBUTES))
ENDS = st.builds("</{}>".format, st.sampled_from([*sorted(ALLOWED), *OTHER]))
MARKUP = st.lists(st.one_of(TAGS, ENDS, st.sampled_from(PIECES), st.sampled_from(ODD)), max_size=25).map("".join)
TEXTS = st.one_of(MARKUP, st.text())

WORDS = st.text(alphabet=st.sampled_from(list("abäß 1.\u0301\u00a0\n§€'\"=/&>;")), max_size=12)
ADDRESSES = (
    "https://a-b.example.org/ä?x=1&amp;y=2",
    "http://example.org",
    "mailto:a@example.org",
    "http://1.2.3.999/",
    "http://xn--a.de",
    "https://example.org:99999/",
    "/x",
)


def tree(children):
    """Markup as an editor writes it, mostly."""

    def within(*names):
        return st.builds("<{0}>{1}</{0}>".format, st.sampled_from(names), children)

    items = st.lists(children.map("<li>{}</li>".format), min_size=1, max_size=3).map("".join)
    return st.one_of(
        st.lists(children, max_size=3).map("".join),
        within("b", "strong", "i", "em", "sup", "sub"),
        within("p", "h2", "h3"),
        st.builds("<{0}>{1}</{0}>".format, st.sampled_from(("ul", "ol")), items),
        st.builds('<a href="{}">{}</a>'.format, st.sampled_from(ADDRESSES), children),
        children.map("{}<br>".format),
    )


ORDERLY = st.recursive(WORDS, tree, max_leaves=12)


class Reader(HTMLParser):
    """What a browser would be given."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_comment(self, data):
        self.elements.append((f"comment {data}", {}))


def scheme_of(address):
    """The scheme as browsers see it: blanks and control characters around and inside do not count."""
    found = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", address))
    return found[1].lower() if found else None


@given(TEXTS)
def test_cleaning_again_changes_nothing(value):
    once = clean_text(value)
    assert clean_text(once.html) == once


@given(st.one_of(ORDERLY, MARKUP))
def test_what_takes_the_short_way_is_what_the_long_way_would_leave(value):
    even = _even(value)
    spared = _spare(even)
    assert spared is None or spared == _settle(even)


@given(ORDERLY)
def test_orderly_markup_is_clean_after_one_cleaning(value):
    once = clean_text(value)
    assert clean_text(once.html) == once


@pytest.mark.parametrize(
    "ordinary",
    [
        "<p>Wer einen Hund hält, meldet ihn <b>an</b>.</p> <ul> <li>Ausweis</li> <li>Nachweis</li> </ul>",
        '<p>Mehr <a href="https://www.example.org/a-b?c=1&amp;d=2">hier</a>.<br>Danke &amp; bis bald</p>',
        "<h2>Kosten</h2><p>10 &lt; 20</p>",
    ],
)
def test_ordinary_texts_take_the_short_way(ordinary):
    assert _spare(ordinary) is not None


@given(TEXTS)
def test_nothing_is_left_that_is_not_allowed(value):
    for tag, attributes in Reader(clean_text(value).html).elements:
        assert tag in ALLOWED
        assert set(attributes) <= ({"href"} if tag == "a" else set())
        assert scheme_of(attributes.get("href") or "") in {None, *SCHEMES}


@given(TEXTS)
def test_both_forms_are_free_of_invisible_characters_and_spare_blanks(value):
    clean = clean_text(value)
    assert not INVISIBLE & set(clean.html + clean.text)
    for line in clean.text.split("\n"):
        assert line == " ".join(line.split())
    assert clean.html == " ".join(clean.html.split())


@given(TEXTS)
def test_there_is_html_where_there_are_words_and_only_there(value):
    clean = clean_text(value)
    assert bool(clean.html) is bool(clean.text)


@given(st.text(alphabet=st.characters(exclude_characters="<&", exclude_categories=["C", "Z", "M"]), min_size=41))
def test_plain_text_keeps_all_its_words(value):
    assert clean_text(value).text.replace(" ", "") == clean_line(value).replace(" ", "")


@given(TEXTS)
def test_a_line_is_one_line_without_invisible_characters(value):
    line = clean_line(value)
    assert line == " ".join(line.split())
    assert not INVISIBLE & set(line)


@pytest.mark.parametrize(
    "gone",
    [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        "<iframe src='https://example.org'>alert</iframe>",
        "<noscript>alert</noscript>",
        "<template>alert</template>",
        "<textarea>alert</textarea>",
        "<object data='x'>alert</object>",
        "<!-- alert -->",
        "<SCRIPT SRC=x>alert(1)</SCRIPT>",
    ],
)
def test_scripts_and_their_like_go_with_their_content(gone):
    assert clean_text(f"<p>vorher {gone}nachher</p>").text == "vorher nachher"
    assert clean_line(f"vorher {gone}nachher") == "vorher nachher"


@pytest.mark.parametrize(
    ("markup", "cleaned"),
    [
        ('<p class="intro" onclick="x()">Text</p>', "<p>Text</p>"),
        ('<span style="color:red">rot</span> und <font>blau</font>', "rot und blau"),
        (
            '<a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="x">hier</a>',
            '<a href="https://example.org/a?b=1&amp;c=2">hier</a>',
        ),
        ('<a href="mailto:amt@example.org">Mail</a>', '<a href="mailto:amt@example.org">Mail</a>'),
        ('<a href="javascript:alert(1)">hier</a>', "hier"),
        ('<a href="java&#x200b;script:alert(1)">hier</a>', "hier"),
        ('<a name="oben">hier</a>', "hier"),
        ("<P>groß</P>", "<p>groß</p>"),
        ("<p>offen", "<p>offen</p>"),
        ("<p><button><p>innen</p></button></p>", "<p>innen</p>"),
        ("5 < 6 & 7 > 2", "5 &lt; 6 &amp; 7 &gt; 2"),
    ],
)
def test_only_the_allow_list_stays(markup, cleaned):
    assert clean_text(markup).html == cleaned


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div>Montag</div><div>Dienstag</div>", "Montag\nDienstag"),
        ("<table><tr><td>Montag</td><td>8 Uhr</td></tr><tr><td>Dienstag</td></tr></table>", "Montag 8 Uhr\nDienstag"),
        ("<dl><dt>Gebühr</dt><dd>10 Euro</dd></dl>", "Gebühr\n10 Euro"),
        ("vorher<p></p>nachher", "vorher\nnachher"),
        ("vorher<b> </b>nachher", "vorher nachher"),
        ("vorher<i><br></i>nachher", "vorher\nnachher"),
        ("vorher<b></b>nachher", "vorhernachher"),
        ("vorher<hr>nachher", "vorher\nnachher"),
        ("vorher\u2028nachher\x0cdanach", "vorher nachher danach"),
        ("<b>vor<div>her</div></b>", "vor\nher"),
    ],
)
def test_words_of_neighbours_never_run_together(markup, text):
    assert clean_text(markup).text == text


def test_a_dropped_block_leaves_no_break_beside_a_block_that_stays():
    assert clean_text("<div><p>eins</p></div><div><div>zwei</div></div>").html == "<p>eins</p>zwei"


@pytest.mark.parametrize(
    "empty",
    ["<p></p>", "<p> <br> </p>", "<ul><li><b></b></li></ul>", "<h2>&nbsp;</h2>", '<a href="https://x.org"> </a>'],
)
def test_elements_without_words_go(empty):
    assert clean_text(f"<p>Text</p>{empty}").html == "<p>Text</p>"


@pytest.mark.parametrize(
    "spelling", ["Müller &amp; Söhne", "M&uuml;ller &#38; S&#xF6;hne", "Müller &amp;amp;amp; Söhne", "Müller & Söhne"]
)
def test_entities_are_resolved_however_often_they_were_escaped(spelling):
    assert clean_text(spelling) == Clean("Müller &amp; Söhne", "Müller & Söhne")
    assert clean_line(spelling) == "Müller & Söhne"


@pytest.mark.parametrize(
    "escaped",
    [
        "&lt;p&gt;Text &lt;b&gt;fett&lt;/b&gt;&lt;/p&gt;",
        "&amp;lt;p&amp;gt;Text &amp;lt;b&amp;gt;fett&amp;lt;/b&amp;gt;&amp;lt;/p&amp;gt;",
    ],
)
def test_markup_that_arrives_as_text_is_markup(escaped):
    assert clean_text(escaped) == Clean("<p>Text <b>fett</b></p>", "Text fett")


def test_escaped_scripts_do_not_come_to_life():
    assert "<script" not in clean_text("&lt;p&gt;&lt;script&gt;alert(1)&lt;/script&gt;Text&lt;/p&gt;").html
    assert clean_text("&lt;script&gt;alert(1)&lt;/script&gt;").html == "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize(
    "invisible", ["\u00ad", "\u200b", "\u200e", "\u202e", "\u2060", "\ufeff", "\x07", "&shy;", "&#8203;", "&zwnj;"]
)
def test_invisible_characters_go(invisible):
    assert clean_text(f"Ver{invisible}waltung &amp; Amt").text == "Verwaltung & Amt"
    assert clean_line(f"Ver{invisible}waltung &amp; Amt") == "Verwaltung & Amt"


@pytest.mark.parametrize("blank", ["\u00a0", "&nbsp;", "\t", "\n  ", "\u202f", " \u200b ", "\u2009"])
def test_every_blank_is_one_blank(blank):
    assert clean_text(f"10{blank}Euro &amp; mehr").text == "10 Euro & mehr"
    assert clean_text(f"10 Euro &amp;{blank}mehr") == Clean("10 Euro &amp; mehr", "10 Euro & mehr")
    assert clean_line(f"10{blank}Euro &amp; mehr") == "10 Euro & mehr"


@pytest.mark.parametrize(
    "decomposed", ["fu\u0308r <b>alle</b>", "fu&#x308;r <b>alle</b>", "fu\u200b\u0308r <b>alle</b>"]
)
def test_letters_are_composed(decomposed):
    assert clean_text(decomposed).html == "für <b>alle</b>"
    assert clean_line("fu\u0308r alle") == "für alle"


def test_half_a_character_is_dropped():
    """JSON can hold one (a lone surrogate); UTF-8, and so the catalogue, cannot."""
    assert clean_text("Am\ud800t <u>hier</u>").text == clean_text("Am\ud800t hier").text == "Amt hier"
    assert clean_line("Am\udfff<b>t</b>") == "Amt"


def test_a_combining_stroke_does_not_break_a_tag():
    assert clean_text("<b>\u0338 onclick=alert(1) x=</b>").html == "<b> onclick=alert(1) x=</b>"


def test_plain_text_has_a_line_per_block():
    markup = "<h2>Kosten</h2> <p>10 Euro,<br>sofort</p><ul> <li>bar</li><li>mit <b>Karte</b></li> </ul>"
    assert clean_text(markup).text == "Kosten\n10 Euro,\nsofort\nbar\nmit Karte"


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "  ",
        "nicht angegeben",
        "<p>Nicht angegeben.</p>",
        "k.A.",
        "<b>-</b>",
        "…",
        "&nbsp;",
        "TBD",
        "*** none ***",
        "<br><br>",
    ],
)
def test_placeholders_are_empty(nothing):
    assert clean_text(nothing) == Clean("", "")


@pytest.mark.parametrize("words", ["keine", "nicht angegeben, aber bekannt", "x1", "-5 Euro", "Angaben zur Person"])
def test_words_are_no_placeholders(words):
    assert not is_placeholder(words)
    assert clean_text(words).text == words


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 100_000 + "x1",
        "<b>" * 300 + "x1" + "</b>" * 300,
        "<" * 100_000 + "x1",
        "&amp;" * 100_000 + "x1",
        "<b>" * 9_000 + "</b>" * 9_000 + "x1",
    ],
    ids=["divs", "nested", "angles", "entities", "empty"],
)
def test_hostile_markup_comes_to_an_end_with_its_words(hostile):
    clean = clean_text(hostile)
    assert clean.text.endswith("x1")
    assert clean_text(clean.html) == clean


def test_markup_that_never_comes_to_rest_is_left_with_its_words(monkeypatch):
    monkeypatch.setattr(html, "_PASSES", 1)
    assert clean_text("<u>eins</u> &amp;<b></b>lt; <b>zwei") == Clean("eins lt; zwei", "eins lt; zwei")
