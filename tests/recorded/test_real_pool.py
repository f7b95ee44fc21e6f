"""7,311 real adverts, datasets and grants through the command line: crawl, classify, store, build, export."""

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from pymongo import MongoClient

from storage.server import client
from tests.support.command import Workspace
from tests.support.shared import recording
from tests.support.site import Answer, Site

pytestmark = [pytest.mark.recorded, pytest.mark.slow]

SOURCES = Path(__file__).parent / "sources"
POOLS = {
    "jobs/pool-adverts": "jobs/ads.jsonl",
    "portals/pool-datasets": "portals/datasets.jsonl",
    "funding/pool-grants": "funding/grants.jsonl",
}
MOVES = {"last_seen", "last_run"}
"""The fields that a run which finds nothing new may touch."""


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    """A workspace into which the three pools were crawled twice; the documents after each crawl."""
    bodies = {f"/{name}": Answer(recording(name).read_bytes()) for name in POOLS.values()}
    workspace = Workspace(tmp_path_factory.mktemp("pool"))
    names = [name.rpartition("/")[2] for name in POOLS]
    with Site(bodies) as site:
        for name in POOLS:
            workspace.source(name, (SOURCES / f"{name}.toml").read_text("utf-8"), port=site.port)
        with client(workspace.path / "data" / "mongodb") as uri, MongoClient(uri, tz_aware=True) as mongo:
            runs, stored = [], []
            for _ in range(2):
                runs.append(workspace.crawl(*names))
                stored.append({row["_id"]: row for row in mongo.dsi.signals.find()})
            workspace.run("indicators", "build")
            yield workspace, runs, stored


def read_lines(name: str) -> int:
    return sum(1 for line in recording(name).read_bytes().split(b"\n") if line.strip())


def test_every_record_that_was_read_has_an_outcome(pool):
    _, (first, _), (documents, _) = pool
    for name, file in POOLS.items():
        run = first[name.rpartition("/")[2]]
        assert run["read"] == run["accounted"] == read_lines(file)
    counts = [run["outcomes"] for run in first.values()]
    kept = sum(n for outcomes in counts for name, n in outcomes.items() if name != "rejected")
    assert sum(run["read"] for run in first.values()) == 7311
    assert len(documents) == kept


def test_a_second_run_stores_nothing_new(pool):
    _, (_, second), _ = pool
    assert {name for run in second.values() for name in run["outcomes"]} <= {"unchanged", "rejected"}


def test_a_second_run_moves_only_last_seen(pool):
    _, _, (before, after) = pool
    assert before.keys() == after.keys()
    for key, document in after.items():
        former = before[key]
        touched = {name for name in document.keys() | former.keys() if document.get(name) != former.get(name)}
        assert touched <= MOVES, f"{document['source']} {document['native_id']}: {touched - MOVES}"


def test_every_document_is_classified_and_dated(pool):
    _, _, (documents, _) = pool
    assert all(row["dsi"]["grade"] in ("core", "adjacent", "none") for row in documents.values())
    assert all(isinstance(row["first_seen"], datetime) for row in documents.values())


def test_the_export_counts_what_is_stored(pool, tmp_path):
    workspace, _, (documents, _) = pool
    workspace.run("export", str(tmp_path / "out"))
    with (tmp_path / "out" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    described = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    assert {resource["name"] for resource in described["resources"]} >= {"indicators"}
    core = {row["_id"] for row in documents.values() if row["dsi"]["grade"] == "core"}
    assert core
