"""A change stream goes on where the last run ended; a run narrowed by the operator does not move that place."""

from datetime import UTC, datetime

import pytest

from crawler.runner import crawl
from tests.support.site import Answer, Site
from tests.support.sources import loopback_source

STORED = {
    "ITEM_PIPELINES": {
        "crawler.pipelines.validate.ValidatePipeline": 100,
        "crawler.pipelines.store.StorePipeline": 900,
    }
}
DAY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def stream(db):
    """A Swedish stream of adverts; `stream(since=…)` crawls it and answers the path asked for, without query."""
    advert = {"id": "1", "headline": "Post"}
    with Site({"/snapshot": Answer([advert]), "/stream": Answer([])}) as site:

        def run(**options):
            source = loopback_source(site, "stream", "jobtech", "/")
            [summary] = crawl([source], db=db, settings=STORED, **options)
            assert summary.state == "done"
            return site.paths()[-1].partition("?")[0]

        yield run


def checkpoint(db):
    return db.sources.find_one({"_id": "stream"}).get("checkpoint")


def test_a_whole_run_sets_the_checkpoint_and_the_next_asks_for_changes(db, stream):
    assert stream() == "/snapshot"
    assert checkpoint(db) is not None
    assert stream() == "/stream"


def test_after_a_first_run_with_since_everything_is_asked_for(db, stream):
    assert stream(since=DAY) == "/stream"
    assert checkpoint(db) is None
    assert stream() == "/snapshot"


def test_a_run_with_since_leaves_the_checkpoint_where_it_was(db, stream):
    stream()
    before = checkpoint(db)
    stream(since=DAY)
    assert checkpoint(db) == before
    stream()
    assert checkpoint(db) > before
