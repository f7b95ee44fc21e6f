"""The European funding portal's search: records, an ignored filter, paging by form posts."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from crawler.runner import crawl
from crawler.sources import Politeness, Source
from spiders.sedia import Sedia
from tests.support.site import Answer, Site


def call(identifier="DSI-01", language="en", title="Open commons", **metadata):
    meta = {"identifier": [identifier], "type": ["1"], "title": [title], "status": ["31094502"], **metadata}
    return {"reference": f"{identifier}{language}", "language": language, "metadata": meta}


def answer(*results, total=None):
    return {"totalResults": len(results) if total is None else total, "results": [*results]}


def read(tmp_path, body, **params):
    path = tmp_path / "answer.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return list(parse_file("sedia", path, None, params, {"sedia": Sedia}))


def test_a_topic_becomes_a_call(tmp_path):
    budget = json.dumps({"budgetTopicActionMap": {"1": [
        {"action": "DSI-01 - HORIZON-RIA", "budgetYearMap": {"2027": "2000000"}, "expectedGrants": 4},
        {"action": "DSI-02 - HORIZON-RIA", "budgetYearMap": {"2027": "9000000"}},
    ]}})  # fmt: skip
    deadlines = ["2027-03-02T17:00:00.000+0000", "2026-12-01T17:00:00.000+0000"]
    record = call(budgetOverview=[budget], deadlineDate=deadlines, frameworkProgramme=["43108390"])
    (found,) = read(tmp_path, answer(record))
    assert (found.native_id, found.status_raw, found.programme) == ("DSI-01:1", "open", "Horizon Europe")
    assert (found.money.amount, found.expected_grants) == (2_000_000, 4)
    assert [d.year for d in found.deadlines] == [2026, 2027]
    assert found.url.endswith("/topic-details/dsi-01")


def test_language_editions_of_one_call_give_one_record_in_the_first_language(tmp_path):
    found = read(tmp_path, answer(call(language="de", title="Gemeingut"), call()), languages=["en", "de"])
    assert [f.title for f in found] == ["Open commons"]


def test_no_hits_are_no_error(tmp_path):
    assert read(tmp_path, answer()) == []


def test_a_broken_record_is_an_issue_and_the_good_one_stays(tmp_path):
    found = read(tmp_path, answer({"reference": "x"}, "text", call(title=""), call("DSI-02")))
    assert [f.native_id for f in found if not isinstance(f, Issue)] == ["DSI-02:1"]
    assert [f.code for f in found if isinstance(f, Issue)] == ["bad-record"] * 3


def test_a_damaged_budget_leaves_the_call_without_money(tmp_path):
    (found,) = read(tmp_path, answer(call(budgetOverview=["{not json"])))
    assert found.money is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (answer(call(), total=2_500_000), "unfiltered-answer"),
        ({"message": "down"}, "not-sedia"),
        ([], "not-sedia"),
        ("<html></html>", "not-json"),
        ("", "not-json"),
    ],
)
def test_an_answer_of_another_kind_is_refused(tmp_path, body, code):
    with pytest.raises(SourceResponseError) as caught:
        read(tmp_path, body)
    assert caught.value.code == code


def test_a_service_that_caps_the_page_size_is_read_to_its_end(db):
    def service(seen):
        if b"Content-Type: application/json" not in seen.body or b'"31094502"' not in seen.body:
            return Answer(answer(total=9_000_000))
        page = int(parse_qs(urlsplit(seen.path).query)["pageNumber"][0])
        numbers = range((page - 1) * 2, min(page * 2, 45))
        return Answer(answer(*(call(f"DSI-{n}") for n in numbers), total=45))

    with Site({"/search": service}) as site:
        source = Source(id="calls", family="funding", title="Calls", protocol="sedia", url=site.url("/search"),
                        politeness=Politeness(delay=0.0, reason="loopback site of a test"),
                        allow_private=True)  # fmt: skip
        engine = {
            "SPIDER_MODULES": ["spiders"],
            "ITEM_PIPELINES": {
                "crawler.pipelines.validate.ValidatePipeline": 100, "crawler.pipelines.store.StorePipeline": 900,
            },
        }  # fmt: skip
        summary = crawl([source], db=db, settings=engine)[0]
    assert (summary.state, dict(summary.outcomes)) == ("done", {"new": 45})
    assert {seen.method for seen in site.log if seen.path != "/robots.txt"} == {"POST"}
