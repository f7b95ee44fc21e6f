"""`dsi crawl`: which sources it takes, and what a dry run tells."""

import json
from datetime import UTC, datetime

import pytest
from pymongo import MongoClient

from storage import sources as registry
from storage.server import client
from tests.support.command import Workspace
from tests.support.site import Answer, Site

SOURCE = """title = "Board"
protocol = "records"
url = "http://127.0.0.1:@port@/dump"
allow_private = true
[politeness]
delay = 0
reason = "loopback site of a test"
"""
INACTIVE = 'status = "@status@"\nstatus_reason = "terms of use refuse crawlers"\n'
ROWS = [
    {"id": str(n), "title": f"Advert {n}", "text": "Text.", "url": "https://example.org/"} for n in range(2)
]


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


@pytest.fixture
def board():
    with Site({"/dump": Answer(ROWS)}) as site:
        yield site


def test_a_dry_run_prints_its_items_and_stores_nothing(workspace, board):
    workspace.source("jobs/board", SOURCE, port=board.port)
    done = workspace.run("crawl", "board", "--sources", "sources", "--dry-run")
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == ["Advert 0", "Advert 1"]
    assert not (workspace.path / "data").exists()


@pytest.mark.parametrize("verb", [("crawl", "board", "--dry-run"), ("sources", "probe", "board")])
def test_a_dry_run_that_fails_says_why(workspace, verb):
    with Site() as site:
        workspace.source("jobs/board", SOURCE, port=site.port)
        done = workspace.run(*verb, "--sources", "sources", expect=1)
    assert done.stdout == ""
    assert f"board: error: http-404: the server answered 404 [{site.url('/dump')}]\n" in done.stderr


def test_a_dry_run_tells_what_is_not_normal(workspace, board):
    workspace.source("jobs/board", SOURCE + "[assertions]\nmin_items = 5\n", port=board.port)
    done = workspace.run("crawl", "board", "--sources", "sources", "--dry-run")
    assert len(done.stdout.splitlines()) == 2
    assert (
        done.stderr
        == "board: warning: few-items: 2 items where at least 5 are normal (assertions.min_items)\n"
    )


def test_a_dry_run_leaves_out_what_is_not_due(tmp_path, board):
    with client(tmp_path / "database") as uri, MongoClient(uri) as mongo:
        workspace = Workspace(tmp_path, {"MONGODB_URI": uri})
        workspace.source("jobs/board", SOURCE, port=board.port)
        registry.save(mongo.dsi, "board", last_run_at=datetime.now(UTC))
        done = workspace.run("crawl", "board", "--sources", "sources", "--dry-run", "--due", expect=5)
    assert done.stderr == "dsi: no source is due\n"
    assert board.log == []


def test_a_dry_run_without_a_source_says_so(workspace):
    done = workspace.run("crawl", "--country", "XX", "--dry-run", expect=5)
    assert done.stderr == "dsi: no active source matches\n"


def test_a_dry_run_is_not_handed_to_a_cluster(workspace, board):
    workspace.source("jobs/board", SOURCE, port=board.port)
    cluster = ("--cluster", "tcp://127.0.0.1:9")
    done = workspace.run("crawl", "board", "--sources", "sources", "--dry-run", *cluster, expect=2)
    assert "--dry-run" in done.stderr
    assert "--cluster" in done.stderr


@pytest.mark.parametrize(("verb", "status"), [
    (("crawl", "board"), "paused"), (("crawl", "board"), "retired"), (("sources", "probe", "board"), "retired"),
])  # fmt: skip
def test_a_source_that_is_not_active_is_not_asked_even_when_it_is_named(workspace, board, verb, status):
    workspace.source("jobs/board", INACTIVE + SOURCE, port=board.port, status=status)
    done = workspace.run(*verb, "--sources", "sources", expect=2)
    assert f"source board is {status} (terms of use refuse crawlers)" in done.stderr
    assert board.log == []


def test_a_paused_source_may_be_probed(workspace, board):
    workspace.source("jobs/board", INACTIVE + SOURCE, port=board.port, status="paused")
    done = workspace.run("sources", "probe", "board", "--sources", "sources")
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize("status", ["paused", "retired"])
def test_a_source_that_is_not_active_may_be_looked_up(workspace, status):
    workspace.source("jobs/board", INACTIVE + SOURCE, port=1, status=status)
    done = workspace.run("sources", "show", "board", "--sources", "sources")
    assert json.loads(done.stdout)["status"] == status


@pytest.mark.parametrize("verb", [("crawl", "board", "--dry-run"), ("sources", "probe", "board")])
def test_sites_are_told_whom_to_ask(workspace, board, verb):
    workspace.source("jobs/board", SOURCE, port=board.port)
    (workspace.path / "dsi.toml").write_text('contact = "https://example.org/crawler"\n', "utf-8")
    workspace.run(*verb, "--sources", "sources")
    agents = {seen.headers["User-Agent"] for seen in board.log}
    assert len(agents) == 1
    assert agents.pop().endswith(" (+https://example.org/crawler)")


def test_rules_of_robots_txt_for_our_name_hold_whatever_the_contact_is(workspace, board):
    board.routes["/robots.txt"] = Answer(
        "User-agent: *\nAllow: /\n\nUser-agent: dsi-observatory\nDisallow: /\n"
    )
    workspace.environment["DSI_CONTACT"] = "https://example.org/crawler"
    workspace.source("jobs/board", SOURCE, port=board.port)
    done = workspace.run("crawl", "board", "--sources", "sources", "--dry-run", expect=1)
    assert "robots-disallow" in done.stderr
    assert board.paths() == []
