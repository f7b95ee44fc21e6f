"""Feeds of adverts: RSS and Atom, partner dialects with a field map, damaged and odd ones."""

import json

import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from spiders.jobfeed import JobFeed
from tests.support.drive import drive

RSS = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<channel><title>Jobs</title>{}</channel></rss>"
)
ITEM = (
    '<item><title><a href="/1">Data steward</a></title><link>https://a.example/1</link>'
    '<guid isPermaLink="false">g1</guid>'
    "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>"
    "<description>&lt;p&gt;Open &amp;amp; civic&lt;/p&gt;</description>"
    "<dc:publisher>Civic Lab</dc:publisher></item>"
)
DIALECT = (
    "<source><publisher>Board</publisher><job><title><![CDATA[Analyst]]></title>"
    "<referencenumber>r1</referencenumber>"
    "<url>https://b.example/1?utm_source=x</url><company>Open Town</company><city>Ghent</city>"
    "<country>BE</country>"
    "<date>2026-11-01</date><expirationdate>2026-12-01</expirationdate><salary>€ 3,000 per month</salary>"
    "<jobtype>part-time</jobtype><description><![CDATA[<p>Help.</p>]]></description></job></source>"
)


def read(tmp_path, body, **params):
    path = tmp_path / "feed"
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return list(parse_file("jobfeed", path, "https://a.example/feed", params, {"jobfeed": JobFeed}))


def test_an_item_whose_title_holds_a_link_becomes_an_advert(tmp_path):
    (found,) = read(tmp_path, RSS.format(ITEM))
    assert (found.kind, found.native_id, found.url, found.title) == (
        "job_advert",
        "g1",
        "https://a.example/1",
        "Data steward",
    )
    assert (found.organisation.name, found.html) == ("Civic Lab", "<p>Open &amp; civic</p>")


def test_an_atom_entry_becomes_an_advert(tmp_path):
    entry = (
        "<entry><id>e1</id><title>Editor</title>"
        '<link rel="alternate" href="https://a.example/e"/><published>2026-01-01</published></entry>'
    )
    (found,) = read(tmp_path, f'<feed xmlns="http://www.w3.org/2005/Atom"><title>J</title>{entry}</feed>')
    assert (found.native_id, found.url, found.published_raw) == ("e1", "https://a.example/e", "2026-01-01")


def test_the_widespread_dialect_needs_no_map(tmp_path):
    (found,) = read(tmp_path, DIALECT)
    assert (found.native_id, found.organisation.name, found.place.raw, found.place.country) == (
        "r1",
        "Open Town",
        "Ghent",
        "BE",
    )
    assert (found.closes_raw, found.employment_type, found.money.raw) == (
        "2026-12-01",
        ["PART_TIME"],
        "€ 3,000 per month",
    )


def test_a_field_map_reads_any_dialect(tmp_path):
    body = (
        "<offres><Offre><Ref>7</Ref><Poste>Médiateur</Poste><Missions>Aider.</Missions>"
        "<Profil>Curieux.</Profil><Lieu><Ville>Sète</Ville></Lieu></Offre></offres>"
    )
    params = {
        "items_path": "Offre",
        "texts": ["Missions", "Profil"],
        "page": "https://c.example/{Ref}",
        "fields": {"native_id": "Ref", "title": "Poste", "place": {"raw": "Lieu.Ville"}},
        "employer": "Ville de Sète",
    }
    (found,) = read(tmp_path, body, **params)
    assert (found.native_id, found.title, found.url, found.place.raw) == (
        "7",
        "Médiateur",
        "https://c.example/7",
        "Sète",
    )
    assert [part in found.html for part in ("Aider.", "Curieux.")] == [True, True]
    assert found.organisation.name == "Ville de Sète"


def test_a_title_is_taken_apart_by_the_pattern(tmp_path):
    pattern = r"^(?P<employer>[^:]+): (?P<title>.+?)(?: \((?P<place>[^)]+)\))?$"
    (found,) = read(tmp_path, [{"id": 1, "title": "Civic Lab: Editor (Graz)"}], title_pattern=pattern)
    assert (found.organisation.name, found.title, found.place.raw) == ("Civic Lab", "Editor", "Graz")


def test_all_places_of_an_offer_are_kept(tmp_path):
    body = (
        "<offers><offer><id>1</id><position>Admin</position><cities><city>Praha</city>"
        "<city>Brno</city></cities></offer></offers>"
    )
    (found,) = read(tmp_path, body)
    assert [p.raw for p in (found.place, *found.places)] == ["Praha", "Brno"]


def test_an_item_without_id_and_address_is_an_issue_and_the_good_one_stays(tmp_path):
    bad, good = read(tmp_path, RSS.format("<item><title>Lost</title></item>" + ITEM))
    assert (bad.code, bad.level, good.native_id) == ("bad-record", "error", "g1")


def test_an_item_without_id_is_recognised_by_its_address(tmp_path):
    (found,) = read(tmp_path, RSS.format("<item><title>A</title><link>https://a.example/2</link></item>"))
    assert (found.native_id, found.url) == (None, "https://a.example/2")


def test_an_empty_feed_says_so(tmp_path):
    (found,) = read(tmp_path, RSS.format(""))
    assert isinstance(found, Issue)
    assert found.code == "empty-feed"


def test_a_truncated_feed_is_an_error_and_what_came_is_read(tmp_path):
    found = read(tmp_path, RSS.format(ITEM)[:-40])
    assert [part.code for part in found if isinstance(part, Issue) and part.level == "error"] == [
        "bad-record"
    ]
    assert [part.native_id for part in found if not isinstance(part, Issue)] == ["g1"]


@pytest.mark.parametrize("body", ["", "<!doctype html><html><body>404</body></html>", '{"jobs": '])
def test_an_answer_of_another_kind_is_refused_or_an_issue(tmp_path, body):
    try:
        found = read(tmp_path, body)
    except SourceResponseError:
        return
    assert found
    assert all(isinstance(part, Issue) for part in found)


@pytest.mark.parametrize("complete", [None, True])
def test_absence_counts_only_where_the_source_file_says_so(complete):
    run = drive(JobFeed, "https://a.example/feed", lambda request: RSS.format(ITEM), complete=complete)
    assert run.context.complete is bool(complete)


def test_an_unchanged_feed_is_not_read_again():
    validators = {"https://a.example/feed": {"etag": '"x"'}}
    run = drive(JobFeed, "https://a.example/feed", lambda request: ("", 304), validators=validators)
    assert run.requests[0].headers["If-None-Match"] == b'"x"'
    assert (run.items, run.codes, run.context.not_modified) == ([], [], True)


PICTURE = '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://a.example/1.png" medium="image"/>'


@pytest.mark.parametrize("pictures", [PICTURE, PICTURE * 2], ids=["one", "several"])
def test_a_picture_beside_the_description_is_not_the_text(tmp_path, pictures):
    (found,) = read(tmp_path, RSS.format(ITEM.replace("<description>", f"{pictures}<description>")))
    assert found.html == "<p>Open &amp; civic</p>"


def test_a_text_that_lies_elsewhere_leaves_the_summary_of_an_atom_entry(tmp_path):
    entry = (
        '<entry><id>e1</id><title>Editor</title><content src="https://a.example/e1.html" type="text/html"/>'
        "<summary>&lt;p&gt;Write.&lt;/p&gt;</summary></entry>"
    )
    (found,) = read(tmp_path, f'<feed xmlns="http://www.w3.org/2005/Atom"><title>J</title>{entry}</feed>')
    assert found.html == "<p>Write.</p>"
