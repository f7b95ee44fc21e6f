"""Issues outlive a database that refuses them for a while, and a failed run names the first of them."""

import time

from crawler.runner import crawl
from crawler.sources import Politeness, Source
from storage import issues
from tests.support.site import Answer, Site
from tests.support.tiny_crawl import ENGINE

BEATING = ENGINE | {"DSI_HEARTBEAT": 0.05}
REFUSE_ALL = {"$jsonSchema": {"bsonType": "object", "required": ["never"]}}


def run(db, site, *paths):
    source = Source(
        id="tiny", family="social", title="Tiny", protocol="tiny", url=site.url("/"), allow_private=True,
        politeness=Politeness(delay=0.0, reason="loopback site of a test"),
        params={"paths": [site.url(path) for path in paths]},
    )  # fmt: skip
    return crawl([source], db=db, settings=BEATING)[0]


def wait_until(happened):
    deadline = time.monotonic() + 10
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_failed_run_names_an_error_that_was_written_long_before_its_end(db):
    def empty(seen):
        wait_until(lambda: db.issues.count_documents({"code": "http-403"}))
        return Answer({"items": []})

    with Site({"/refused": Answer("no", 403), "/empty": empty}) as site:
        summary = run(db, site, "/refused", "/empty")
    assert summary.state == "failed"
    assert summary.error.startswith("http-403: ")
    assert "/refused" in summary.error


def test_issues_that_could_not_be_written_are_written_at_the_end(db):
    def empty(seen):
        time.sleep(1)  # long enough for a sign of life, which is refused
        db.command("collMod", "issues", validator={})
        return Answer({"items": []})

    db.command("collMod", "issues", validator=REFUSE_ALL)
    with Site({"/refused": Answer("no", 403), "/empty": empty}) as site:
        summary = run(db, site, "/refused", "/empty")
    assert db.issues.count_documents({"code": "http-403"}) == 1
    assert summary.issues == db.issues.count_documents({})


def test_a_database_that_refuses_is_not_called_a_lost_lease(db):
    def empty(seen):
        time.sleep(1)
        db.command("collMod", "issues", validator={})
        return Answer({"items": []})

    db.command("collMod", "issues", validator=REFUSE_ALL)
    with Site({"/refused": Answer("no", 403), "/empty": empty}) as site:
        run(db, site, "/refused", "/empty")
    [record] = db.runs.find()
    assert (record["state"], record["reason"]) == ("failed", "store-failed")
    assert "write issues of tiny" in record["error"]


def test_a_message_that_quotes_half_a_character_is_stored(db):
    said = {
        "level": "error",
        "code": "rest-error",
        "message": "broken \ud83d",
        "url": "https://a.example/\ud83d",
    }
    assert issues.add(db, "r", "s", [said]) == 1
    assert db.issues.find_one()["message"] == "broken ?"
