"""Pages with schema.org JobPosting: JSON-LD, damaged JSON-LD, microdata."""

import json

import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from spiders.jobposting import JobPosting

JOB = {
    "@context": "https://schema.org", "@type": "JobPosting", "title": "Analyst",
    "description": "<p>Open data.</p>", "datePosted": "2026-11-01", "validThrough": "2026-12-01",
    "employmentType": ["FULL_TIME", "part time"],
    "hiringOrganization": {"@type": "Organization", "name": "Civic Lab"},
    "jobLocation": {"address": {"addressLocality": "Graz", "addressCountry": "AT"}},
    "baseSalary": {"currency": "EUR", "value": {"minValue": 3000, "maxValue": "4,000", "unitText": "month"}},
}  # fmt: skip


def page(*scripts):
    blocks = "".join(f'<script type="application/ld+json">{s}</script>' for s in scripts)
    return f"<html><head>{blocks}</head><body></body></html>"


def read(tmp_path, body):
    path = tmp_path / "page.html"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return list(parse_file("jobposting", path, "https://a.example/jobs/1", {}, {"jobposting": JobPosting}))


def test_a_posting_becomes_an_advert(tmp_path):
    (found,) = read(tmp_path, page(json.dumps(JOB)))
    assert (found.title, found.organisation.name, found.place.city, found.place.country) == (
        "Analyst",
        "Civic Lab",
        "Graz",
        "AT",
    )
    assert (found.money.amount, found.money.amount_max, found.money.unit) == (3000, 4000, "MONTH")
    assert (found.employment_type, found.closes_raw) == (["FULL_TIME", "PART_TIME"], "2026-12-01")


def test_postings_in_a_graph_are_found(tmp_path):
    graph = {"@graph": [{"@type": "WebPage"}, JOB, {**JOB, "title": "Designer"}]}
    assert [f.title for f in read(tmp_path, page(json.dumps(graph)))] == ["Analyst", "Designer"]


def test_a_broken_script_is_an_issue_and_the_good_one_stays(tmp_path):
    bad, good = read(tmp_path, page('{"@type": "JobPosting", ', json.dumps(JOB)))
    assert (bad.code, good.title) == ("bad-json-ld", "Analyst")


def test_a_trailing_comma_and_raw_line_ends_are_repaired(tmp_path):
    issue, found = read(tmp_path, page('{"@type": "JobPosting", "title": "Analyst", "description": "a\nb",}'))
    assert (issue.code, issue.level, found.title) == ("repaired-json-ld", "warning", "Analyst")


def test_a_posting_without_title_is_an_issue(tmp_path):
    (found,) = read(tmp_path, page('{"@type": "JobPosting"}'))
    assert found.code == "missing-title"


def test_microdata_is_read_where_there_is_no_json_ld(tmp_path):
    body = (
        '<html><body><div itemscope itemtype="https://schema.org/JobPosting">'
        '<h1 itemprop="title">Analyst</h1></div></body></html>'
    )
    assert [f.title for f in read(tmp_path, body)] == ["Analyst"]


def test_a_page_in_windows_1252_keeps_its_letters(tmp_path):
    body = page(json.dumps({**JOB, "title": "Prüferin"}, ensure_ascii=False)).encode("windows-1252")
    assert [f.title for f in read(tmp_path, body)] == ["Prüferin"]


@pytest.mark.parametrize("body", ["<html><body>No jobs</body></html>", '{"jobs": []}'])
def test_a_page_without_posting_says_so(tmp_path, body):
    (found,) = read(tmp_path, body)
    assert isinstance(found, Issue)
    assert found.code == "no-jobposting"


def test_an_empty_page_is_refused(tmp_path):
    with pytest.raises(SourceResponseError):
        read(tmp_path, " \n")
