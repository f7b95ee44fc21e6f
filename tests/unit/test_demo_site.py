"""The demonstration web answers, its source files are valid, and its content shows every part of the taxonomy."""

import json
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

import pytest

from classifiers.taxonomy import AREAS, GRADES, TRENDS
from crawler.demo.site import DemoSite, answer, load_records
from crawler.demo.sources import SECOND_VISIT, SOURCES, write_sources
from crawler.sources import load_sources

RECORDS = load_records()
CRAWLED = [record for record in RECORDS if record["source"] != "demo-register"]
"""Records beside those of the register, which lists nothing but DSI."""


def ask(path, visit=1):
    return answer(path, base="http://demo", records=RECORDS, visit=visit)


def test_catalogue_is_paged():
    pages = [ask(f"/demo-data-it/api/3/action/package_search?start={n}&rows=100") for n in (0, 4, 8)]
    sizes = [len(json.loads(body)["result"]["results"]) for _, _, body in pages]
    assert sizes == [4, 2, 0]


@pytest.mark.parametrize("path", ["/nowhere", "/jobs/none", "/register/people.json", "/search-api"])
def test_unknown_path_is_404(path):
    assert ask(path)[0] == 404


def test_site_serves_robots_over_http():
    with DemoSite() as site, urlopen(f"http://127.0.0.1:{site.port}/robots.txt") as reply:
        assert b"/sitemap_index.xml" in reply.read()


def test_site_changes_at_the_second_visit():
    changed = {record["source"] for record in RECORDS if "later" in record}
    assert changed == set(SECOND_VISIT)
    assert [ask("/jobs/j23", visit)[0] for visit in (1, 2)] == [200, 410]
    boards = [json.loads(ask("/v1/boards/demo-board/jobs", visit)[2])["meta"]["total"] for visit in (1, 2)]
    assert boards[0] - boards[1] == 1


def test_source_files_are_valid_and_every_record_has_a_source(tmp_path: Path):
    write_sources(tmp_path, 8080)
    loaded = load_sources([tmp_path])
    assert len(loaded) == len(SOURCES)
    assert {record["source"] for record in RECORDS} == set(loaded)


def test_labels_are_not_served():
    pages = [ask(f"/jobs/{r['id']}")[2] for r in RECORDS if r["source"] == "demo-jobs"]
    pages += [ask("/grants.jsonl")[2], ask("/v1/boards/demo-board/jobs")[2]]
    assert not [page for page in pages if b'"grade"' in page or b"areas" in page]


def test_identifiers_are_unique():
    keys = Counter((record["source"], record.get("kind"), record["id"]) for record in RECORDS)
    assert [key for key, count in keys.items() if count > 1] == []


def test_labels_are_those_of_the_taxonomy_and_all_of_them_occur():
    core = [record for record in CRAWLED if record["grade"] == "core"]
    assert {record["grade"] for record in RECORDS} == set(GRADES)
    assert {area for record in core for area in record.get("areas", ())} == set(AREAS.values())
    assert {trend for record in core for trend in record.get("trends", ())} == set(TRENDS.values())


def test_content_is_mixed():
    share = sum(record["grade"] == "core" for record in CRAWLED) / len(CRAWLED)
    assert 0.35 < share < 0.5
    assert len({record["lang"] for record in RECORDS}) > 20
    assert {record["age"] // 30 for record in RECORDS} >= set(range(12))
