"""Adverts of sources whose listing is never complete: what closes those that have no closing date."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.runner import crawl
from tests.support.site import Answer, Site
from tests.support.sources import loopback_source

PATH = "/jobs.xml"
FEED = "<source>{}</source>"
JOB = "<job><title>Post {0}</title><referencenumber>{0}</referencenumber>{1}</job>"
CLOSES = f"<expirationdate>{datetime.now(UTC) + timedelta(days=100):%Y-%m-%d}</expirationdate>"


class Feed:
    """One source, crawled as often as answers are given."""

    def __init__(self, db, site, **lifecycle):
        self.db, self.site = db, site
        self.source = loopback_source(site, "feed", "jobfeed", PATH, **lifecycle)

    def read(self, *jobs, status=200, **options):
        body = FEED.format(
            "".join(JOB.format(*job) if isinstance(job, tuple) else JOB.format(job, "") for job in jobs)
        )
        self.site.routes[PATH] = Answer(body, status)
        settings = {"DSI_BUSY_TRIES": 1, "DSI_BUSY_PAUSE": 0.01}
        return crawl([self.source], db=self.db, settings=settings, **options)[0]

    def wait(self, days):
        """Let time pass: everything was seen so many days earlier."""
        for row in self.db.signals.find({}, {"last_seen": 1}):
            earlier = row["last_seen"] - timedelta(days=days)
            self.db.signals.update_one({"_id": row["_id"]}, {"$set": {"last_seen": earlier}})

    def removed(self):
        gone = self.db.signals.find({"removed_at": {"$ne": None}})
        return {row["native_id"]: row["removal_reason"] for row in gone}


@pytest.fixture
def site():
    with Site() as running:
        yield running


def test_an_advert_not_seen_for_six_weeks_is_closed(db, site):
    feed = Feed(db, site)
    feed.read(1, 2)
    feed.wait(43)
    run = feed.read(2)
    assert feed.removed() == {"1": "lifetime"}
    assert db.runs.find_one({"_id": run.run_id})["extra"]["lifetime"] == 1
    assert db.observations.find_one({"run": run.run_id})["reason"] == "lifetime"


def test_an_advert_not_seen_for_less_stays_open(db, site):
    feed = Feed(db, site)
    feed.read(1, 2)
    feed.wait(41)
    feed.read(2)
    assert feed.removed() == {}


def test_the_source_file_says_how_long(db, site):
    feed = Feed(db, site, lifetime_days=10)
    feed.read(1, 2)
    feed.wait(11)
    feed.read(2)
    assert feed.removed() == {"1": "lifetime"}


def test_an_advert_with_a_closing_date_waits_for_it(db, site):
    feed = Feed(db, site)
    feed.read((1, CLOSES), 2)
    feed.wait(43)
    feed.read(2)
    assert feed.removed() == {}


def test_an_advert_that_is_seen_again_is_listed_again(db, site):
    feed = Feed(db, site)
    feed.read(1, 2)
    feed.wait(43)
    feed.read(2)
    assert dict(feed.read(1, 2).outcomes) == {"relisted": 1, "unchanged": 1}
    assert feed.removed() == {}


def test_a_source_with_a_complete_listing_is_not_affected(db, site):
    feed = Feed(db, site, complete=True, missing_runs=9)
    feed.read(1, 2)
    feed.wait(43)
    feed.read(2)
    assert feed.removed() == {}


@pytest.mark.parametrize(
    ("status", "options"),
    [(503, {}), (304, {}), (200, {"limit": 1}), (200, {"since": datetime.now(UTC) - timedelta(days=1)})],
    ids=["refused", "not modified", "limited", "since"],
)
def test_a_run_that_did_not_read_everything_closes_nothing(db, site, status, options):
    feed = Feed(db, site)
    feed.read(1, 2, 3)
    feed.wait(43)
    feed.read(2, 3, status=status, **options)
    assert feed.removed() == {}


def test_only_adverts_have_a_lifetime(db, site):
    feed = Feed(db, site)
    feed.read(1, 2)
    db.signals.update_one({"native_id": "1"}, {"$set": {"kind": "post"}})
    feed.wait(43)
    feed.read(2)
    assert feed.removed() == {}
