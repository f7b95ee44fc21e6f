"""Bad input gets a clear error and loses nothing: each fault through the command line, as an operator meets it."""

import json
import os
import shutil
import subprocess
import threading
import time

import pytest
from pymongo import MongoClient

from storage.server import client
from tests.support.command import Workspace
from tests.support.site import Answer, Site

SOURCE = """title = "Faulty"
protocol = "@protocol@"
url = "http://127.0.0.1:@port@@path@"
allow_private = true
[politeness]
delay = 0
reason = "loopback site of a test"
"""
GOOD = [{"id": str(n), "title": f"Advert {n}", "text": "Some text.", "url": "https://example.org/"} for n in range(3)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Address of one embedded server; every test gets a database of its own."""
    with client(tmp_path_factory.mktemp("server")) as uri:
        yield uri


@pytest.fixture
def workspace(tmp_path, server, request):
    name = f"t{abs(hash(request.node.name)) % 10**8}"
    made = Workspace(tmp_path, {"MONGODB_URI": server, "DSI_DATABASE": name})
    with MongoClient(server, tz_aware=True) as mongo:
        made.db = mongo[name]
        yield made


def crawl_one(workspace, answer, *, protocol="records", path="/dump", more="", robots=None, expect=0, busy=None):
    """Crawl one source whose address gives one answer; the run and the codes of its issues."""
    routes = {path: answer}
    if robots:
        routes["/robots.txt"] = robots
    with Site(routes) as site:
        workspace.source("jobs/faulty", SOURCE + more, protocol=protocol, port=site.port, path=path)
        run = workspace.crawl("faulty", expect=expect)["faulty"]
        return run, {row["code"]: row for row in workspace.db.issues.find()}, site


def test_an_unknown_protocol_is_named_with_its_file(workspace):
    workspace.source("jobs/faulty", SOURCE, protocol="telepathy", port=1, path="/")
    done = workspace.run("crawl", "faulty", "--sources", "sources", expect=3)
    assert "telepathy" in done.stderr
    assert "faulty" in done.stderr


def test_a_missing_key_is_named_with_its_file(workspace):
    workspace.source("jobs/faulty", 'title = "No protocol"\nurl = "http://127.0.0.1/"\n')
    done = workspace.run("crawl", "faulty", "--sources", "sources", expect=3)
    assert "faulty.toml: protocol" in done.stderr


def test_an_unreachable_database_is_named_without_its_password(tmp_path):
    away = Workspace(tmp_path, {"MONGODB_URI": "mongodb://reader:secret@127.0.0.1:9/"})
    done = away.run("runs", "list", expect=3)
    assert "127.0.0.1:9" in done.stderr
    assert "secret" not in done.stderr


def test_a_read_only_data_directory_is_named(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    done = Workspace(tmp_path, {"DSI_DATA_DIRECTORY": str(locked / "data")}).run("runs", "list", expect=3)
    assert str(locked) in done.stderr


@pytest.mark.slow
def test_a_full_disk_ends_the_crawl_and_loses_nothing_acknowledged(tmp_path):
    """A file system with 24 MB left, in a name space of the process; the dump is larger. Then room is made."""
    if not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("the kernel gives no own file system to this user")
    filler = "word " * 1000
    rows = [{**GOOD[0], "id": f"n{n}", "text": f"{n} {os.urandom(2000).hex()} {filler}"} for n in range(4000)]
    disk = tmp_path / "disk"
    disk.mkdir()
    workspace = Workspace(tmp_path, {"DSI_DATA_DIRECTORY": str(disk)})
    with Site({"/dump": Answer(rows)}) as site:
        workspace.source(
            "jobs/faulty", SOURCE + "[limits]\nmax_bytes = 100_000_000\n", protocol="records", port=site.port,
            path="/dump",
        )  # fmt: skip
        script = (
            f"mount -t tmpfs -o size=400m tmpfs {disk} && head -c 376M /dev/zero > {disk}/other\n"
            f"{' '.join(workspace.command('crawl', 'faulty', '--sources', 'sources'))}; echo first $?\n"
            f"rm {disk}/other\n"
            f"{' '.join(workspace.command('crawl', 'faulty', '--sources', 'sources', '--json'))}; echo second $?\n"
        )
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", script], cwd=tmp_path, env=workspace.environ(), capture_output=True,
            text=True, timeout=280, check=False,
        )  # fmt: skip
    assert "first 3" in done.stdout, done.stderr[-2000:]
    assert f"the disk of the database directory {disk / 'mongodb'} is full" in done.stderr
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    assert "second 0" in done.stdout, done.stderr[-2000:]
    run = json.loads(done.stdout[done.stdout.index("[") : done.stdout.rindex("]") + 1])[0]
    assert run["read"] == run["accounted"] == 4000


def test_a_model_that_is_not_there_is_named_before_the_first_request(workspace):
    workspace.environment["DSI_MODEL"] = str(workspace.path / "no-model.json")
    with Site({"/dump": Answer(GOOD)}) as site:
        workspace.source("jobs/faulty", SOURCE, protocol="records", port=site.port, path="/dump")
        done = workspace.run("crawl", "faulty", "--sources", "sources", expect=3)
    assert "no-model.json" in done.stderr
    assert site.log == []


def test_html_where_json_was_expected(workspace):
    page = Answer("<!doctype html><p>maintenance</p>")
    run, issues, _ = crawl_one(workspace, page, more='[params]\nformat = "json"\n', expect=1)
    assert run["state"] == "failed"
    assert "html-answer" in issues
    assert "/dump" in issues["html-answer"]["url"]


def test_an_empty_body(workspace):
    run, issues, _ = crawl_one(workspace, Answer(""), expect=1)
    assert (run["state"], run["read"]) == ("failed", 0)
    assert "empty-page" in issues


def test_a_failed_run_removes_nothing(workspace):
    with Site({"/dump": [Answer(GOOD), Answer("")]}) as site:
        workspace.source("jobs/faulty", SOURCE, protocol="records", port=site.port, path="/dump")
        workspace.crawl("faulty")
        workspace.crawl("faulty", expect=1)
    assert workspace.db.signals.count_documents({"removed_at": None}) == 3


def test_a_wrong_charset_is_read_by_its_bytes(workspace):
    text = json.dumps([{**GOOD[0], "title": "Bürgerbeteiligung für Köln"}], ensure_ascii=False)
    answer = Answer(text.encode(), headers={"Content-Type": "application/json; charset=ascii"})
    crawl_one(workspace, answer)
    assert workspace.db.signals.find_one()["title"] == "Bürgerbeteiligung für Köln"


def test_a_page_of_ten_megabytes_is_read_and_its_text_cut(workspace):
    page = "<html><body><main><h1>Long</h1><p>" + "civic data " * 900_000 + "</p></main></body></html>"
    feed = (
        '<rss version="2.0"><channel><title>n</title><item><title>Long</title><guid>1</guid>'
        "<link>https://example.org/1</link><description><![CDATA[" + page + "]]></description></item></channel></rss>"
    )
    run, _, _ = crawl_one(
        workspace, Answer(feed, headers={"Content-Type": "application/rss+xml"}), protocol="feed",
        more="[limits]\nmax_bytes = 20_000_000\n",
    )  # fmt: skip
    assert run["accounted"] == run["read"] == 1
    stored = workspace.db.signals.find_one()
    assert stored["title"] == "Long"
    assert len(stored["text"]) == 200_000


def test_a_body_over_the_limit_is_refused_with_the_limit_named(workspace):
    big = Answer([{**GOOD[0], "text": "x" * 3_000_000}])
    run, issues, _ = crawl_one(workspace, big, more="[limits]\nmax_bytes = 1_000_000\n", expect=1)
    assert run["state"] == "failed"
    assert "response-too-large" in issues
    assert "1000000" in issues["response-too-large"]["message"].replace("_", "").replace(",", "")


def test_a_robots_txt_that_forbids_is_obeyed_and_recorded(workspace):
    run, issues, site = crawl_one(
        workspace, Answer(GOOD), robots=Answer("User-agent: *\nDisallow: /\n"), expect=1
    )
    assert site.paths() == []
    assert run["read"] == 0
    assert "robots-disallow" in issues


def test_another_process_reads_the_database_while_a_crawl_runs(workspace):
    rows = {f"/list{n}": Answer("") for n in range(1)}
    feed = "<rss version='2.0'><channel><title>n</title>{}</channel></rss>"
    item = "<item><title>T {0}</title><guid>{0}</guid><link>https://example.org/{0}</link></item>"
    rows = {"/dump": Answer(feed.format("".join(item.format(n) for n in range(300))), delay=1.5)}
    with Site(rows) as site:
        workspace.source("jobs/faulty", SOURCE, protocol="feed", port=site.port, path="/dump")
        thread = threading.Thread(target=workspace.crawl, args=("faulty",))
        thread.start()
        states = set()
        while thread.is_alive():
            states |= {row["state"] for row in workspace.db.runs.find({}, {"state": 1})}
            time.sleep(0.05)
        thread.join()
    assert "running" in states
    assert workspace.db.signals.count_documents({}) == 300
