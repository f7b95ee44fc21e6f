"""A crawl that is killed at any moment and started again ends with the documents of an undisturbed one."""

import random
import signal
import subprocess
import time

import pytest
from pymongo import MongoClient

from crawler.demo.site import DemoSite
from crawler.demo.sources import SOURCES, write_sources
from storage.server import client
from tests.support.command import Workspace

pytestmark = pytest.mark.slow

DEMO = tuple(name.rpartition("/")[2] for name in SOURCES)
DELAY = 0.1
"""Seconds between two requests: spreads the crawl, so that a random moment falls between two pages."""
RUN_FIELDS = {"first_seen", "first_run", "last_seen", "last_run", "fetched_at"}
"""When and by which run a signal was found; all else must be the same."""


def documents(uri):
    """Signals of a database without what tells the run; the number of other things the crawl keeps."""
    with MongoClient(uri, tz_aware=True) as mongo:
        rows = {
            row["_id"]: {name: value for name, value in row.items() if name not in RUN_FIELDS}
            for row in mongo.dsi.signals.find()
        }
        return rows, mongo.dsi.evidence.count_documents({})


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Workspace maker, what a whole crawl leaves behind, and how long it takes in seconds."""
    with DemoSite() as site:

        def workspace(name):
            made = Workspace(tmp_path_factory.mktemp(name))
            for file in write_sources(made.path / "sources", site.port):
                file.write_text(file.read_text("utf-8").replace("delay = 0", f"delay = {DELAY}"), "utf-8")
            return made

        first = workspace("whole")
        with client(first.path / "data" / "mongodb") as uri:
            started = time.monotonic()
            first.crawl(*DEMO)
            seconds = time.monotonic() - started
            yield workspace, documents(uri), seconds


@pytest.mark.parametrize("seed", range(5))
def test_killed_at_a_random_moment_and_started_again(undisturbed, seed):
    workspace, expected, seconds = undisturbed
    killed = workspace(f"killed{seed}")
    moment = random.Random(seed).uniform(0.5, 0.97) * seconds
    with client(killed.path / "data" / "mongodb") as uri:
        with subprocess.Popen(
            killed.command("crawl", *DEMO, "--sources", "sources"), cwd=killed.path, env=killed.environ(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
        before = len(documents(uri)[0])
        killed.crawl(*DEMO)
        after = documents(uri)
    assert after == expected, f"killed after {moment:.1f} of {seconds:.1f} s with {before} signals stored"
