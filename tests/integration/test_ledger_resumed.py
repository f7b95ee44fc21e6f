"""The record of a run that was interrupted and taken up again holds the figures of all its legs."""

import os
import signal
import time

import pytest

from crawler.runner import crawl
from tests.support.site import Answer, Site
from tests.support.tiny_crawl import ENGINE, tiny_source


def rows(*names):
    return [{"id": name, "url": f"/{name}", "title": name} for name in names]


def run(db, site, **settings):
    return crawl([tiny_source(site)], db=db, settings=ENGINE | settings)[0]


def interrupt(seen):
    """Answer with a page and ask this process to stop, as Ctrl-C does."""
    os.kill(os.getpid(), signal.SIGTERM)
    return Answer({"items": rows("c"), "next": "/last"})


@pytest.fixture
def interrupted():
    """A site of three pages whose second one interrupts the first crawl that asks for it."""
    turns = iter([interrupt])

    def second(seen):
        return next(turns, lambda seen: Answer({"items": rows("c"), "next": "/last"}))(seen)

    first, last = Answer({"items": rows("a", "b"), "next": "/second"}), Answer({"items": rows("d")})
    with Site({"/list": first, "/second": second, "/last": last}) as site:
        yield site


def test_an_interrupted_run_keeps_the_figures_of_its_first_leg(db, interrupted):
    with pytest.raises(KeyboardInterrupt):
        run(db, interrupted)
    [left] = db.runs.find()
    assert (left["state"], left["counts"]["new"]) == ("running", db.signals.count_documents({}))
    assert left["read"] >= 2
    assert left["pages"] >= 1
    assert left["bytes"] > 0


def test_a_resumed_run_adds_its_figures_to_those_of_the_first_leg(db, interrupted):
    with pytest.raises(KeyboardInterrupt):
        run(db, interrupted)
    [left] = db.runs.find()
    leg = run(db, interrupted)
    [ended] = db.runs.find()
    assert (ended["state"], ended["counts"]["new"]) == ("done", 4)
    assert ended["read"] == left["read"] + leg.read
    assert ended["pages"] == left["pages"] + leg.pages
    assert ended["bytes"] == left["bytes"] + leg.bytes
    assert ended["http"]["2xx"] > left["http"]["2xx"]


def test_a_run_whose_last_leg_found_nothing_is_partial_not_failed(db, interrupted):
    with pytest.raises(KeyboardInterrupt):
        run(db, interrupted)
    interrupted.routes["/list"] = Answer("busy", 404)
    assert run(db, interrupted).state == "partial"


def test_the_figures_so_far_stand_in_the_record_while_the_run_goes_on(db):
    seen = {}

    def last(request):
        """Wait until a sign of life has told of the first page."""
        deadline = time.monotonic() + 10
        while not seen.get("read") and time.monotonic() < deadline:
            time.sleep(0.02)
            seen.update(db.runs.find_one())
        return Answer({"items": rows("b")})

    with Site({"/list": Answer({"items": rows("a"), "next": "/last"}), "/last": last}) as site:
        run(db, site, DSI_HEARTBEAT=0.05)
    assert (seen["state"], seen["read"], seen["pages"]) == ("running", 1, 1)


def test_answers_are_counted_by_class_of_status(db):
    with Site({"/list": Answer("gone", 410)}) as site:
        run(db, site)
    [ended] = db.runs.find()
    assert ended["http"] == {"4xx": 2}  # robots.txt and the listing
