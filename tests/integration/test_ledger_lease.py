"""A run that lost its source to another process writes nothing more: the record belongs to its successor."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.runner import crawl
from storage import runs, sources
from storage.errors import LeaseHeldError, StorageError
from tests.support.site import Answer, Site
from tests.support.tiny_crawl import ENGINE, tiny_source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def run(db, site, **settings):
    return crawl([tiny_source(site)], db=db, settings=ENGINE | settings)[0]


@pytest.fixture(params=[0.05, 60.0], ids=["noticed by the heartbeat", "noticed at the end"])
def robbed(db, request):
    """The summary of a run whose source, silent for too long, another process takes while a page is on its way."""

    def taken(seen):
        later = datetime.now(UTC) + timedelta(minutes=10)
        sources.acquire(db, "tiny", "successor", later)
        runs.start(db, db.runs.find_one()["_id"], "tiny", later, owner="successor")
        return Answer({"items": [{"id": "", "url": "/x", "title": ""}]}, delay=0.5)

    with Site({"/list": taken}) as site:
        return run(db, site, DSI_HEARTBEAT=request.param)


def test_the_record_and_the_source_stay_with_the_successor(db, robbed):
    [record] = db.runs.find()
    assert (record["state"], record["owner"], record["resumed"]) == ("running", "successor", 1)
    remembered = sources.state(db, "tiny")
    assert remembered["lease"]["owner"] == "successor"
    assert "last_run" not in remembered


def test_no_issue_is_written_into_the_run_of_the_successor(db, robbed):
    assert db.issues.count_documents({}) == 0


def test_the_summary_says_that_the_source_was_taken_over(robbed):
    assert robbed.state == "failed"
    assert "taken over" in robbed.error


def test_what_waits_to_be_stored_is_left_to_the_successor(db):
    def taken(seen):
        later = datetime.now(UTC) + timedelta(minutes=10)
        sources.acquire(db, "tiny", "successor", later)
        return Answer({"items": []}, delay=0.5)

    first = Answer({"items": [{"id": "1", "url": "/x", "title": "A"}], "next": "/more"})
    with Site({"/list": first, "/more": taken}) as site:
        summary = run(db, site, DSI_HEARTBEAT=0.05)
    assert (db.signals.count_documents({}), summary.outcomes["rejected"]) == (0, 1)


def test_a_sign_of_life_for_the_run_of_another_owner_is_refused(db):
    runs.start(db, "r", "s", NOW, owner="first")
    runs.start(db, "r", "s", NOW, owner="second")
    with pytest.raises(LeaseHeldError, match="second"):
        runs.heartbeat(db, "r", NOW, owner="first", read=1)
    assert "read" not in runs.recent(db, "s")[0]


def test_the_end_of_the_run_of_another_owner_is_refused(db):
    runs.start(db, "r", "s", NOW, owner="first")
    runs.start(db, "r", "s", NOW, owner="second")
    with pytest.raises(LeaseHeldError, match="second"):
        runs.finish(db, "r", "done", NOW, owner="first")
    assert runs.recent(db, "s")[0]["state"] == "running"


def test_a_sign_of_life_needs_a_run_that_was_started(db):
    with pytest.raises(StorageError, match="never started"):
        runs.heartbeat(db, "r", NOW)
