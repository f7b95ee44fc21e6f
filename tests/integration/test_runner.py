"""Whole runs against the embedded database: outcomes, leases, removals, resuming after a kill."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.runner import crawl
from crawler.sources import Politeness, Source
from storage.collections import migrate
from storage.connection import open_database
from storage.sources import acquire
from tests.support.site import Answer, Site
from tests.support.tiny_crawl import ENGINE

FAST = Politeness(delay=0.0, reason="loopback site of a test")


def source(url):
    return Source(
        id="tiny",
        family="social",
        title="Tiny",
        protocol="tiny",
        url=url,
        politeness=FAST,
        allow_private=True,
    )


def rows(*names):
    return [{"id": name, "url": f"/{name}", "title": name} for name in names]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with open_database(data_directory=tmp_path_factory.mktemp("data")) as database:
        yield database.client


@pytest.fixture
def db(server, request):
    database = server[f"t{abs(hash(request.node.name)) % 10**8}"]
    migrate(database)
    return database


def run(db, site, **options):
    return crawl([source(site.url("/list"))], db=db, settings=ENGINE, **options)[0]


def test_a_second_run_changes_nothing(db):
    with Site({"/list": Answer({"items": rows("a", "b")})}) as site:
        first, second = run(db, site), run(db, site)
    assert (first.state, dict(first.outcomes)) == ("done", {"new": 2})
    assert dict(second.outcomes) == {"unchanged": 2}
    assert db.evidence.count_documents({}) == 1
    assert db.runs.count_documents({"state": "done"}) == 2


def test_every_record_has_one_outcome(db):
    with Site(
        {"/list": Answer({"items": [*rows("a", "b", "a"), {"id": "", "url": "/x", "title": ""}]})}
    ) as site:
        summary = run(db, site)
    assert summary.read == sum(summary.outcomes.values()) == 4


def test_a_complete_listing_marks_what_is_gone(db):
    pages = [Answer({"items": rows("a", "b", "c")}), Answer({"items": rows("a", "b")})]
    with Site({"/list": pages}) as site:
        run(db, site)
        run(db, site)
    assert [d["native_id"] for d in db.signals.find({"removed_at": {"$ne": None}})] == ["c"]


def test_a_failed_run_marks_nothing(db):
    with Site({"/list": [Answer({"items": rows("a", "b")}), Answer("down", 404)]}) as site:
        run(db, site)
        summary = run(db, site)
    assert summary.state == "failed"
    assert db.signals.count_documents({"removed_at": {"$ne": None}}) == 0
    assert db.issues.count_documents({"code": "http-404"}) == 1


def test_a_source_held_by_another_process_is_locked(db):
    with Site({"/list": Answer({"items": []})}) as site:
        acquire(db, "tiny", "someone-else", datetime.now(UTC))
        assert run(db, site).state == "locked"
        assert site.log == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_run_resumes_to_the_same_documents(db, number, tmp_path):
    routes = {
        f"/list{k}": Answer(
            {"items": rows(*(f"{k}-{n}" for n in range(50))), "next": f"/list{k + 1}"}, delay=0.15
        )
        for k in range(1, 20)
    }
    routes |= {"/list": Answer({"items": [], "next": "/list1"}), "/list20": Answer({"items": []})}
    script = tmp_path / "child.py"
    host, port = db.client.address
    script.write_text(
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('runner_child', {__file__!r})\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\n"
        "from pymongo import MongoClient\n"
        f"db = MongoClient({host!r}, {port}, tz_aware=True)[{db.name!r}]\n"
        "module.crawl([module.source(sys.argv[1])], db=db, settings=module.ENGINE)\n"
    )
    root = Path(__file__).parents[2]
    with Site(routes) as site:
        child = subprocess.Popen(
            [sys.executable, str(script), site.url("/list")], cwd=root, env=os.environ | {"PYTHONPATH": str(root)},
            stderr=subprocess.PIPE,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while db.signals.count_documents({}) < 200 and time.monotonic() < deadline and child.poll() is None:
            time.sleep(0.02)
        child.send_signal(number)
        child.communicate(timeout=30)
        before = db.signals.count_documents({})
        summary = run(db, site)
    assert 200 <= before < 950
    assert summary.state == "done"
    assert summary.read <= 950 - before
    assert db.signals.count_documents({}) == 950
    assert len(db.signals.distinct("last_run")) == 1
    assert db.runs.count_documents({}) == 1
