"""Host groups on the workers of a Dask scheduler, and what happens without one."""

import pytest
from pymongo import MongoClient

from crawler.cluster import crawl_group
from storage.server import client
from tests.support.command import Workspace
from tests.support.site import Answer, Site

SOURCE = """title = "Clustered"
protocol = "records"
url = "http://@host@:@port@/dump"
allow_private = true
[politeness]
delay = 0
reason = "loopback site of a test"
"""
ROWS = [
    {"id": str(n), "title": f"Advert {n}", "text": "Text.", "url": "https://example.org/"} for n in range(5)
]


@pytest.mark.slow
def test_two_hosts_are_crawled_by_two_workers(tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with client(tmp_path / "database") as uri, Site({"/dump": Answer(ROWS)}) as site:
        workspace = Workspace(tmp_path, {"MONGODB_URI": uri})
        for name, host in (("one", "127.0.0.1"), ("two", "localhost")):
            workspace.source(f"jobs/{name}", SOURCE, host=host, port=site.port)
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, host="127.0.0.1",
            protocol="tcp",
        ) as cluster:  # fmt: skip
            done = workspace.crawl("one", "two", "--cluster", cluster.scheduler_address)
        with MongoClient(uri) as mongo:
            triggers = {run["source"]: run["trigger"] for run in mongo.dsi.runs.find()}
            assert mongo.dsi.signals.count_documents({}) == 10
    assert {name: run["accounted"] for name, run in done.items()} == {"one": 5, "two": 5}
    assert triggers == {"one": "cluster", "two": "cluster"}


@pytest.mark.slow
def test_a_group_that_fails_leaves_the_runs_of_the_others(tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with client(tmp_path / "database") as uri, Site({"/dump": Answer(ROWS)}) as site:
        workspace = Workspace(tmp_path, {"MONGODB_URI": uri})
        workspace.source("jobs/good", SOURCE, host="127.0.0.1", port=site.port)
        workspace.source("jobs/bad", SOURCE.replace("records", "telepathy"), host="localhost", port=site.port)
        with distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, host="127.0.0.1",
            protocol="tcp",
        ) as cluster:  # fmt: skip
            done = workspace.crawl("good", "bad", "--cluster", cluster.scheduler_address, expect=4)
    assert {name: run["state"] for name, run in done.items()} == {"good": "done", "bad": "failed"}
    assert "telepathy" in done["bad"]["error"]


def test_a_group_whose_process_fails_answers_with_failed_runs():
    sources = [{"id": "one"}, {"id": "two"}]
    work = {"uri": "mongodb://me:secret@127.0.0.1:9/?serverSelectionTimeoutMS=300", "database": "dsi",
            "since": None, "limit": None, "settings": None}  # fmt: skip
    rows = crawl_group({**work, "sources": sources})
    assert [(row["source"], row["state"]) for row in rows] == [("one", "failed"), ("two", "failed")]
    assert "ended with code 1" in rows[0]["error"]
    assert "secret" not in rows[0]["error"]


def test_without_a_shared_database_the_cluster_is_refused(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.source("jobs/one", SOURCE, host="127.0.0.1", port=1)
    done = workspace.run("crawl", "one", "--sources", "sources", "--cluster", "tcp://127.0.0.1:9", expect=2)
    assert "MONGODB_URI" in done.stderr
