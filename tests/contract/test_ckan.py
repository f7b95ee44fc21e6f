"""CKAN: what a portal may answer, and paging against a portal that sends fewer rows than asked for."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from crawler.runner import crawl
from crawler.sources import Politeness, Source
from spiders.ckan import Ckan
from tests.support.site import Answer, Site


def read(tmp_path, body, url=None):
    path = tmp_path / "answer.json"
    path.write_bytes(body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode())
    return list(parse_file("ckan", path, url, {}, {"ckan": Ckan}))


def search(*packages, count=None):
    return {
        "success": True,
        "result": {"count": len(packages) if count is None else count, "results": [*packages]},
    }


TREES = {
    "id": "a1", "name": "trees", "title": "Trees", "notes": "All trees.", "license_id": "cc-by",
    "tags": [{"display_name": "green"}], "groups": [{"title": "Environment"}],
    "resources": [{"format": "text/csv", "url": "https://city.example/trees.csv"}, {"format": "CSV"}],
    "extras": [{"key": "frequency", "value": "yearly"}],
}  # fmt: skip


def test_a_package_becomes_a_dataset(tmp_path):
    (found,) = read(tmp_path, search(TREES))
    assert (found.native_id, found.title, found.licence) == ("a1", "Trees", "cc-by")
    assert (found.formats, found.themes, found.keywords, found.frequency) == (
        ["CSV"],
        ["Environment"],
        ["green"],
        "yearly",
    )


def test_the_page_of_a_dataset_lies_below_the_path_of_the_portal(tmp_path):
    (found,) = read(tmp_path, search(TREES), "https://city.example/katalog/")
    assert found.url == "https://city.example/katalog/dataset/trees"


def test_an_empty_portal_is_no_error(tmp_path):
    assert read(tmp_path, search()) == []


def test_a_package_without_identity_is_an_issue_and_the_good_one_stays(tmp_path):
    found = read(tmp_path, search({"title": "Nameless"}, "text", TREES))
    assert [isinstance(f, Issue) for f in found] == [True, True, False]
    assert {f.code for f in found[:2]} == {"bad-record"}


def test_missing_fields_leave_a_record(tmp_path):
    (found,) = read(tmp_path, search({"name": "bare", "resources": None, "tags": None, "extras": None}))
    assert (found.native_id, found.title, found.formats) == ("bare", "bare", [])


def test_a_harvest_source_is_no_dataset(tmp_path):
    (found,) = read(tmp_path, search({"id": "h", "name": "h", "type": "harvest"}))
    assert found.code == "skipped-type"


def test_a_multilingual_title_gives_one_text(tmp_path):
    (found,) = read(tmp_path, search({"id": "m", "name": "m", "title": {"fr": "Arbres", "en": "Trees"}}))
    assert found.title == "Trees"


def test_a_body_in_windows_1252_keeps_its_letters(tmp_path):
    body = json.dumps(search({"id": "c", "name": "c", "title": "Bäume"}), ensure_ascii=False).encode(
        "windows-1252"
    )
    assert read(tmp_path, body)[0].title == "Bäume"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"success": False, "error": {"message": "Access denied"}}, "ckan-error"),
        ({"success": False, "error": "down"}, "ckan-error"),
        ({"success": True, "result": {}}, "not-ckan"),
        (b"3", "not-ckan"),
        (b"<!doctype html><html></html>", "not-json"),
        (b"", "not-json"),
    ],
)
def test_an_answer_of_another_kind_is_refused(tmp_path, body, code):
    with pytest.raises(SourceResponseError) as caught:
        read(tmp_path, body)
    assert caught.value.code == code


def portal(total, cap):
    def answer(seen):
        query = parse_qs(urlsplit(seen.path).query)
        start, rows = int(query["start"][0]), min(int(query["rows"][0]), cap)
        packages = [
            {"id": f"p{n}", "name": f"p{n}", "title": f"Data {n}"}
            for n in range(start, min(start + rows, total))
        ]
        return Answer(search(*packages, count=total))

    return answer


def run(db, site, **params):
    fast = Politeness(delay=0.0, reason="loopback site of a test")
    source = Source(id="portal", family="portals", title="Portal", protocol="ckan", url=site.url("/open"),
                    politeness=fast, allow_private=True, params=params)  # fmt: skip
    engine = {
        "SPIDER_MODULES": ["spiders"],
        "ITEM_PIPELINES": {
            "crawler.pipelines.validate.ValidatePipeline": 100,
            "crawler.pipelines.store.StorePipeline": 900,
        },
    }
    return crawl([source], db=db, settings=engine)[0]


def test_a_portal_that_caps_rows_is_read_to_its_end(db):
    with Site({"/open/api/3/action/package_search": portal(60, 2)}) as site:
        summary = run(db, site, rows=50)
    assert (summary.state, dict(summary.outcomes)) == ("done", {"new": 60})


def test_a_listing_longer_than_the_chain_limit_is_complete(db):
    with Site({"/open/api/3/action/package_search": portal(25, 1)}) as site:
        assert dict(run(db, site, rows=1).outcomes) == {"new": 25}


def test_a_portal_that_repeats_a_page_is_stopped(db):
    same = Answer(search(TREES, count=10))
    with Site({"/open/api/3/action/package_search": same}) as site:
        run(db, site)
        assert len(site.paths()) == 2
    assert db.issues.count_documents({"code": "page-loop"}) == 1
