"""What `--since` means to each protocol that can filter, and which of them remember where the last run ended."""

from datetime import UTC, datetime

import pytest

from spiders.ckan import Ckan
from spiders.jobposting import JobPosting
from spiders.jobtech import JobTech
from spiders.nav import Nav
from spiders.wordpress import Wordpress
from tests.support.drive import drive

SITE = "https://a.example"
DAY, EARLIER = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def portal(request):
    return {"success": True, "result": {"count": 1, "results": [{"id": "1", "name": "a"}]}}


def blog(request):
    return [{"id": 1, "title": {"rendered": "A"}}] if "/wp/v2/" in request.url else "<html></html>"


def jobs(request):
    if request.url.endswith(".xml"):
        return f"<urlset><url><loc>{SITE}/jobs/1</loc></url></urlset>"
    return "<h1>Post</h1>"


LISTINGS = {
    "ckan": (Ckan, portal, {}),
    "wordpress": (Wordpress, blog, {}),
    "jobposting": (JobPosting, jobs, {"sitemaps": [f"{SITE}/sitemap.xml"]}),
}


@pytest.mark.parametrize("since", [None, DAY], ids=["whole", "since"])
@pytest.mark.parametrize("name", LISTINGS)
def test_a_protocol_that_always_lists_everything_keeps_no_checkpoint(name, since):
    base, answer, params = LISTINGS[name]
    run = drive(base, SITE, answer, params=params, since=since, complete=True)
    assert (run.context.checkpoint, run.context.complete) == (None, since is None)


def test_the_operators_day_goes_before_the_checkpoint_in_the_swedish_stream():
    run = drive(JobTech, SITE, lambda request: [], since=EARLIER, checkpoint=DAY)
    assert run.urls == [f"{SITE}/stream?date=2025-12-31T21%3A00%3A00"]


def test_the_operators_day_goes_before_the_checkpoint_in_the_norwegian_feed(monkeypatch):
    monkeypatch.setenv("DSI_NAV_TOKEN", "aaaaaaaaaaaa.bbbbbbbbbbbb.cccccccccccc")
    run = drive(Nav, f"{SITE}/feed", lambda request: ("", 304), since=EARLIER, checkpoint=DAY)
    assert run.requests[0].headers["If-Modified-Since"] == b"Thu, 01 Jan 2026 00:00:00 GMT"


@pytest.mark.parametrize("checkpoint", [None, DAY], ids=["whole", "changes"])
def test_a_stream_says_whether_it_was_asked_for_changes_only(checkpoint, monkeypatch):
    monkeypatch.setenv("DSI_NAV_TOKEN", "aaaaaaaaaaaa.bbbbbbbbbbbb.cccccccccccc")
    for base in (JobTech, Nav):
        run = drive(base, SITE, lambda request: [], checkpoint=checkpoint)
        assert run.context.extra.get("changes_only", False) == (checkpoint is not None)
