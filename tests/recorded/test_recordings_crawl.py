"""Recorded real answers of the first protocols, served on loopback and crawled end to end by one command."""

import csv
import json

import pytest
from pymongo import MongoClient

from storage.server import client
from tests.support.command import Workspace
from tests.support.shared import recording
from tests.support.site import Answer, Site

pytestmark = [pytest.mark.recorded, pytest.mark.slow]

RECORDED_HOST = b"127.0.0.1:8088"
"""Where the WordPress site of the recordings ran; its addresses are turned to the serving site."""
SOURCE = """title = "Recorded answers"
protocol = "@protocol@"
url = "http://127.0.0.1:@port@@path@"
allow_private = true
[politeness]
delay = 0
reason = "loopback site of a test"
[limits]
max_bytes = 50_000_000
[params]
"""
SOURCES = {
    "jobs/board": ("greenhouse", "/v1/boards/codepath/jobs", "", 14),
    "jobs/pages": ("jobposting", "/sitemap.xml", 'pattern = "/jobs/"\n', 4),
    "portals/birmingham": ("ckan", "/birmingham", "", 10),
    "portals/catalogues": ("ckan", "/datacatalogs", "", 390),
    "funding/blog": ("wordpress", "/", 'kind = "funding_call"\n', 20),
    "funding/rss": ("feed", "/feed.rss", "", 10),
    "funding/atom": ("feed", "/feed.atom", "", 10),
    "funding/calls": (
        "records", "/calls.jsonl.gz",
        'kind = "funding_call"\n[params.fields]\nnative_id = "topicId"\nurl = "portalUrl"\ntext = "description"\n'
        'closes_raw = "deadline"\ndeadline_model = "stage"\nstatus_raw = "callStatus"\n',
        629,
    ),
}  # fmt: skip
"""`family/id` -> protocol, path on the site, parameters, number of records in the recording."""
PAGES = (
    "meta_software_engineer", "remoteok_job", "weworkremotely_job", "weworkremotely_job_broken_json",
)  # fmt: skip


def first_page(name):
    """A recorded search answer for the first page; the recording holds no further ones."""
    whole = json.loads(recording(f"portals/raw/ckan/{name}").read_bytes())

    def answer(seen):
        if "start=0" in seen.path or "start=" not in seen.path:
            return Answer(whole)
        return Answer({"success": True, "result": {"count": 0, "results": []}})

    return answer


def routes(port):
    """All recordings at the addresses their protocols ask for."""

    def press(name, **headers):
        body = recording(f"funding/raw/wordpress/{name}").read_bytes()
        return Answer(body.replace(RECORDED_HOST, b"127.0.0.1:%d" % port), headers=headers)

    jobs = {f"/jobs/{name}": Answer(recording(f"jobs/raw/jsonld/{name}.html").read_bytes()) for name in PAGES}
    entries = "".join(f"<url><loc>http://127.0.0.1:{port}{path}</loc></url>" for path in jobs)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return jobs | {
        "/sitemap.xml": Answer(f'<urlset xmlns="{space}">{entries}</urlset>'),
        "/v1/boards/codepath/jobs": Answer(recording("jobs/raw/greenhouse/jobs_codepath.json").read_bytes()),
        "/birmingham/api/3/action/package_search": first_page("birmingham_package_search.json"),
        "/datacatalogs/api/3/action/package_search": first_page("datacatalogs_org_search_2013.json"),
        "/": press("home.html"),
        "/wp-json/wp/v2/posts": press("rest_posts_p1.json", **{"X-WP-TotalPages": "1"}),
        "/feed.rss": press("feed.rss", **{"Content-Type": "application/rss+xml"}),
        "/feed.atom": press("feed.atom", **{"Content-Type": "application/atom+xml"}),
        "/calls.jsonl.gz": Answer(recording("funding/raw/sedia_open_calls.jsonl.gz").read_bytes()),
    }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """The runs, the documents and the workspace after one command."""
    workspace = Workspace(tmp_path_factory.mktemp("recordings"))
    with Site() as site, client(workspace.path / "data" / "mongodb") as uri, MongoClient(uri) as mongo:
        site.routes |= routes(site.port)
        for name, (protocol, path, params, _) in SOURCES.items():
            workspace.source(name, SOURCE + params, protocol=protocol, port=site.port, path=path)
        runs = workspace.crawl(*(name.rpartition("/")[2] for name in SOURCES), expect=(0, 4))
        yield runs, list(mongo.dsi.signals.find()), workspace, mongo.dsi


@pytest.mark.parametrize("name", SOURCES)
def test_every_recorded_record_is_stored(crawled, name):
    runs, documents, _, _ = crawled
    run, expected = runs[name.rpartition("/")[2]], SOURCES[name][3]
    assert run["read"] == run["accounted"] == expected, run
    assert run["outcomes"].get("rejected", 0) == 0
    assert sum(row["source"] == run["source"] for row in documents) == expected


def test_every_document_has_text_grade_and_the_raw_answer(crawled):
    _, documents, _, database = crawled
    raw = set(database.evidence.distinct("_id"))
    for row in documents:
        assert row["title"] or row["text"], row["_id"]
        assert row["dsi"]["grade"] in ("core", "adjacent", "none")
        assert raw.issuperset(row["evidence"])
        assert row["evidence"]


def test_a_broken_block_is_an_issue_beside_a_good_record(crawled):
    _, documents, _, database = crawled
    assert all(row["title"] and row["text"] for row in documents if row["source"] == "pages")
    issues = list(database.issues.find({"source": "pages"}))
    assert any("broken_json" in row["url"] for row in issues), issues


def test_the_indicators_are_exported(crawled, tmp_path):
    _, _, workspace, _ = crawled
    workspace.run("indicators", "build")
    workspace.run("export", str(tmp_path / "out"))
    with (tmp_path / "out" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["kind"] for row in csv.DictReader(file)}
    assert {"job_advert", "dataset", "funding_call"} <= kinds
