"""Recorded responses through the reader of their protocol; those with adverts are in test_job_recordings."""

from pathlib import Path

import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.loader import protocols
from crawler.parse import parse_file

pytestmark = pytest.mark.recorded

DATA = Path(__file__).parents[3] / "shared" / "data"
CKAN, WORDPRESS = "portals/raw/ckan", "funding/raw/wordpress"
SEDIA = {
    "kind": "funding_call",
    "fields": {
        "native_id": "topicId", "url": "portalUrl", "text": "description", "closes_raw": "deadline",
        "deadline_model": "stage", "status_raw": "callStatus", "money": {"amount": "budgetMax"},
    },
}  # fmt: skip

COUNTS = [
    ("ckan", f"{CKAN}/birmingham_package_search.json", 10),
    ("ckan", f"{CKAN}/datacatalogs_org_search_2013.json", 390),
    ("ckan", f"{CKAN}/dkan_package_show_fr.json", 1),
    ("wordpress", f"{WORDPRESS}/feed.atom", 10),
    ("wordpress", f"{WORDPRESS}/feed.rss", 10),
    ("feed", f"{WORDPRESS}/feed.atom", 10),
    ("feed", f"{WORDPRESS}/feed.rss", 10),
    ("wordpress", f"{WORDPRESS}/rest_posts_p1.json", 20),
    ("wordpress", f"{WORDPRESS}/rest_posts_embed.json", 3),
    ("wordpress", f"{WORDPRESS}/post.html", 1),
]
NO_ENTRIES = [
    ("wordpress", f"{WORDPRESS}/rest_posts_page99_400.json", {"rest-error"}),
    ("wordpress", f"{WORDPRESS}/rest_trashed_401.json", {"rest-error"}),
    ("wordpress", f"{WORDPRESS}/rest_categories.json", {"skipped-type"}),
    ("wordpress", f"{WORDPRESS}/home.html", {"no-content"}),
    ("wordpress", f"{WORDPRESS}/robots.txt", {"no-content"}),
    ("wordpress", f"{WORDPRESS}/sitemap_index.xml", {"no-content"}),
    ("wordpress", f"{WORDPRESS}/sitemap_posts.xml", {"no-content"}),
    ("wordpress", f"{WORDPRESS}/feed_page7.rss", {"empty-feed"}),
    ("feed", f"{WORDPRESS}/feed_page7.rss", {"empty-feed"}),
    ("feed", f"{WORDPRESS}/feed_page99_404.rss", {"empty-feed"}),
]


def recording(name):
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"the recorded response {name} is not beside the repository")
    return path


def parse(protocol, name, params=None):
    """Items and issue codes; a refusal of the whole answer counts as an issue."""
    items, codes = [], set()
    try:
        for found in parse_file(protocol, recording(name), None, params or {}, protocols()):
            if isinstance(found, Issue):
                codes.add(found.code)
            else:
                items.append(found)
    except SourceResponseError as error:
        codes.add(error.code)
    return items, codes


@pytest.mark.parametrize(("protocol", "name", "count"), COUNTS)
def test_every_record_of_the_answer_is_read(protocol, name, count):
    items, codes = parse(protocol, name)
    assert (len(items), codes) == (count, set())


@pytest.mark.parametrize(("protocol", "name", "count"), COUNTS)
def test_every_record_has_a_title_and_an_identity_of_its_own(protocol, name, count):
    items, _ = parse(protocol, name)
    assert all(item.title for item in items)
    assert len({item.native_id or item.url for item in items}) == count


@pytest.mark.parametrize(("protocol", "name", "codes"), NO_ENTRIES)
def test_an_answer_without_entries_says_why(protocol, name, codes):
    assert parse(protocol, name) == ([], codes)


def test_the_dump_of_european_calls_is_read_with_a_field_map():
    items, codes = parse("records", "funding/raw/sedia_open_calls.jsonl.gz", SEDIA)
    assert (len(items), codes) == (629, set())
    assert {item.kind for item in items} == {"funding_call"}
    assert all(item.native_id and item.title and item.closes_raw for item in items)
