"""A path of local names leads to the bytes that lxml reads there."""

import copy
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from harvester.explain import LocatorError, excerpt
from harvester.explain.window import Window
from harvester.explain.xml_place import locate_xml

NAMES = ("a", "p:a", "b", "p:ab", "ä", "schreibe")
TRAPS = (
    "Text mit Umlaut ü",
    "&lt;p&gt; &amp;nbsp; &#228;&#x20AC;",
    "<!-- </a> <a> ' -->",
    "<![CDATA[ <a></p:a> ]] > &lt; ]]>",
    "<?weg </schreibe> ?>",
    "  \n ]]  \r\n",
)
ATTRIBUTES = ("", ' k="v"', " k='a>b \"/'", ' p:k="&lt;x&quot; /" l = "2" ', '\n k="\n\t"')


def element(children):
    return st.builds(
        lambda name, attributes, inside: (
            f"<{name}{attributes}>{''.join(inside)}</{name} >" if inside else f"<{name}{attributes}/>"
        ),
        st.sampled_from(NAMES),
        st.sampled_from(ATTRIBUTES),
        st.lists(children, max_size=4),
    )


documents = st.builds(
    lambda head, inside: f"{head}<wurzel xmlns:p='urn:p'>{''.join(inside)}</wurzel>\n<!-- </wurzel> -->",
    st.sampled_from(
        [
            "",
            '<?xml version="1.0" encoding="UTF-8"?>\n<!-- <wurzel><a/></wurzel> -->',
            '<!DOCTYPE wurzel [ <!-- don\'t ]> --> <!ENTITY e "]>"> <?x ]> ?> ]>',
        ]
    ),
    st.lists(st.recursive(st.sampled_from(TRAPS), element, max_leaves=12), max_size=6),
)


def path(node):
    steps = []
    while (parent := node.getparent()) is not None:
        name = etree.QName(node).localname
        same = list(parent.iterchildren("{*}" + name))
        steps.append(f"{name}[{same.index(node) + 1}]")
        node = parent
    return "/".join(["/*", *reversed(steps)])


def canonical(node):
    node = copy.deepcopy(node)
    node.tag, node.tail = "x", None
    node.attrib.clear()
    return etree.tostring(node, method="c14n", exclusive=True)


def read(data, locator, chunk):
    place = locate_xml(Window(BytesIO(data), keep=4, chunk=chunk), locator)
    return data[place.start : place.find_end()], place.decode


@given(documents, st.integers(1, 40))
def test_every_element_is_found_where_lxml_sees_it(document, chunk):
    data = document.encode()
    for node in etree.fromstring(data).iter("{*}*"):
        raw, decode = read(data, path(node), chunk)
        assert canonical(etree.fromstring(b"<x xmlns:p='urn:p'>%b</x>" % raw)) == canonical(node)
        assert decode(raw) == node.xpath("string()")


@given(documents, st.integers(1, 40))
def test_every_attribute_is_found_where_lxml_sees_it(document, chunk):
    data = document.encode()
    for node in etree.fromstring(data).iter("{*}*"):
        for name, value in node.attrib.items():
            raw, decode = read(data, f"{path(node)}/@{etree.QName(name).localname}", chunk)
            assert decode(raw) == value


def test_a_missing_number_means_the_first_of_that_local_name():
    found = excerpt(BytesIO(b"<r><x>0</x><p:a>1</p:a><a>2</a></r>"), "/*/a")
    assert (found.value, found.before, found.after) == (b"1", b"<r><x>0</x><p:a>", b"</p:a><a>2</a></r>")


@pytest.mark.parametrize(
    ("locator", "matched", "why"),
    [
        ("/*/a[3]", "/*", "only 2 times a"),
        ("/*/a[2]/b/c", "/*/a[2]/b", "no c"),
        ("/*/a/@k", "/*/a", "no attribute k"),
        ("/*/a[0]", "/*", "no step"),
        ("/*/@k/a", "/*", "last step"),
        ("/*/", "/*", "no step"),
    ],
)
def test_a_path_that_leads_nowhere_says_how_far_it_led(locator, matched, why):
    with pytest.raises(LocatorError, match=why) as caught:
        excerpt(BytesIO(b"<r><a/><a><b/></a></r>"), locator)
    assert caught.value.matched == matched


@pytest.mark.parametrize(
    "data", [b"", b"<r", b"<r><a>", b"<r><a><!-- </a></r>", b"Hallo", b"<r><a k='></a></r>", b"<r><!DOCTYPE a></r>"]
)
def test_a_document_that_is_broken_on_the_way_is_told(data):
    with pytest.raises(LocatorError, match="not well-formed"):
        excerpt(BytesIO(data), "/*/a")


def test_memory_does_not_grow_with_the_document():
    largest = 0

    class Stream:
        left = 3_000

        def read(self, _size):
            nonlocal largest
            largest = max(largest, len(window.data))
            self.left -= 1
            return b"<r>" if self.left == 2_999 else b"<s><t>Wort</t></s>" * 50 if self.left > 0 else b""

    window = Window(Stream(), keep=100, chunk=1000)
    place = locate_xml(window, "/*/s[149900]/t")
    assert place.start == len("<r>") + len("<s><t>Wort</t></s>") * 149_899 + len("<s><t>")
    assert largest < 10_000
