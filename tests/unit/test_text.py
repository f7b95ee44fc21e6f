"""Plain text out of fragments."""

import pytest

from crawler.normalise.text import plain_text


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<p>Hello <b>bo</b>ld</p><p>two</p>", "Hello bold\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("&lt;p&gt;x &amp;amp; y&lt;/p&gt;&lt;p&gt;z&lt;/p&gt;", "x & y\nz"),
        ("&amp;lt;p&amp;gt;Hi&amp;lt;/p&amp;gt;", "Hi"),
        ("a < b & c > d", "a < b & c > d"),
        ("<script>x()</script><p>seen</p>", "seen"),
        ("a\x00b\x07c \u00a0 d", "abc d"),
        (None, ""),
    ],
)
def test_fragment_becomes_text(fragment, expected):
    assert plain_text(fragment) == expected


def test_twenty_thousand_nested_blocks_are_read():
    assert plain_text("<div>" * 20_000 + "deep" + "</div>" * 20_000) == "deep"
