"""Feeds: RSS, Atom and RDF, whole and damaged."""

import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from spiders.feed import Feed

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><language>de</language>{}</channel></rss>'
ENTRY = (
    "<item><title>Open call</title><link>https://a.example/1</link><guid>g1</guid>"
    "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate><category>data</category><description>Apply.</description></item>"
)


def read(tmp_path, body, **params):
    path = tmp_path / "feed.xml"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return list(parse_file("feed", path, "https://a.example/feed", params, {"feed": Feed}))


def test_an_entry_becomes_a_post(tmp_path):
    (found,) = read(tmp_path, RSS.format(ENTRY))
    assert (found.kind, found.native_id, found.url, found.title) == (
        "post",
        "g1",
        "https://a.example/1",
        "Open call",
    )
    assert (found.html, found.keywords, found.language_declared) == ("Apply.", ["data"], "de")


def test_a_date_of_publication_is_no_date_of_change(tmp_path):
    (found,) = read(tmp_path, RSS.format(ENTRY))
    assert (found.published_raw, found.updated_raw) == ("Mon, 02 Nov 2026 10:00:00 GMT", None)


def test_the_kind_is_a_parameter(tmp_path):
    assert read(tmp_path, RSS.format(ENTRY), kind="funding_call")[0].kind == "funding_call"


def test_atom_is_read_with_its_date_of_change(tmp_path):
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><id>urn:1</id><title>Call</title>'
        '<link href="/1"/><updated>2026-11-02T10:00:00Z</updated>'
        '<content type="html">&lt;p&gt;Hi&lt;/p&gt;</content></entry></feed>'
    )
    (found,) = read(tmp_path, atom)
    assert (found.url, found.updated_raw, found.html) == (
        "https://a.example/1",
        "2026-11-02T10:00:00Z",
        "<p>Hi</p>",
    )


def test_rss_1_is_read(tmp_path):
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="https://a.example"><title>N</title></channel>'
        '<item rdf:about="https://a.example/1"><title>Call</title><link>https://a.example/1</link></item></rdf:RDF>'
    )
    assert [found.title for found in read(tmp_path, rdf)] == ["Call"]


def test_an_empty_feed_says_so(tmp_path):
    assert [found.code for found in read(tmp_path, RSS.format(""))] == ["empty-feed"]


def test_an_entry_without_address_is_an_issue_and_the_good_one_stays(tmp_path):
    bad, good = read(tmp_path, RSS.format("<item><title>Nowhere</title></item>" + ENTRY))
    assert (bad.code, good.title) == ("bad-record", "Open call")


def test_a_broken_block_is_named_and_the_entries_before_it_stay(tmp_path):
    found = read(tmp_path, RSS.format(ENTRY + "<item><title>A & B <b</title>"))
    assert isinstance(found[0], Issue)
    assert found[0].code == "damaged-feed"
    assert found[1].title == "Open call"


def test_a_wrong_charset_keeps_the_letters(tmp_path):
    declared = RSS.replace('1.0"?', '1.0" encoding="utf-8"?')
    body = declared.format(ENTRY.replace("Open call", "Förderaufruf")).encode("windows-1252")
    assert [f.title for f in read(tmp_path, body) if not isinstance(f, Issue)] == ["Förderaufruf"]


@pytest.mark.parametrize("body", ["", "<!doctype html><html><body>Hello</body></html>", '{"a": 1}'])
def test_an_answer_of_another_kind_is_refused(tmp_path, body):
    with pytest.raises(SourceResponseError) as caught:
        read(tmp_path, body)
    assert caught.value.code == "not-a-feed"
