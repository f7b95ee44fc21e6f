"""The crawl engine against a loopback site: robots, one request per host, Retry-After, bounds."""

import json

import pytest

from crawler.runner import crawl
from crawler.sources import Politeness, Source
from tests.support.site import Answer, Site
from tests.support.tiny_crawl import ENGINE

HASTY = ENGINE | {"DSI_BUSY_PAUSE": 0.1}
FAST = Politeness(delay=0.0, reason="loopback site of a test")
ALLOW = Answer("User-agent: *\nAllow: /\n")


def page(*names, following=None):
    return Answer({"items": [{"id": n, "url": f"/{n}", "title": n} for n in names], "next": following})


def source(site, path="/list", name="tiny-source", **values):
    values = {"politeness": FAST, "allow_private": True} | values
    return Source(id=name, family="social", title=name, protocol="tiny", url=site.url(path), **values)


def run(*sources, **options):
    return crawl(list(sources), db=None, dry_run=True, settings=HASTY, **options)


def test_items_are_read_page_by_page(capsys):
    with Site({"/list": page("a", "b", following="/list2"), "/list2": page("c")}) as site:
        (summary,) = run(source(site))
    assert (summary.state, summary.read, summary.pages) == ("done", 3, 2)
    assert [json.loads(line)["native_id"] for line in capsys.readouterr().out.splitlines()] == ["a", "b", "c"]


def test_forty_parallel_first_requests_to_a_disallowing_host_fetch_nothing():
    with Site({"/robots.txt": Answer("User-agent: *\nDisallow: /\n", delay=0.2)}) as site:
        paths = [site.url(f"/{n}") for n in range(40)]
        politeness = Politeness(delay=0.0, concurrency=16, reason="loopback site of a test")
        (summary,) = run(source(site, params={"paths": paths}, politeness=politeness))
        assert site.paths() == []
        assert [seen.path for seen in site.log] == ["/robots.txt"]
    assert summary.issues == 40


@pytest.mark.parametrize("status", [500, 503])
def test_robots_with_a_server_error_refuses_everything(status):
    with Site({"/robots.txt": Answer("User-agent: *\nAllow: /\n", status), "/list": page("a")}) as site:
        (summary,) = run(source(site))
        assert site.paths() == []
    assert summary.read == 0


def test_crawl_delay_is_kept():
    robots = Answer("User-agent: *\nCrawl-delay: 0.4\n")
    with Site({"/robots.txt": robots, "/list": page("a", following="/l2"), "/l2": page("b")}) as site:
        run(source(site))
        first, second = (seen.started for seen in site.log if seen.path != "/robots.txt")
    assert second - first >= 0.39


def test_three_sources_on_one_host_never_have_two_requests_in_flight():
    slow = {f"/{n}": Answer({"items": []}, delay=0.05) for n in range(9)}
    with Site({"/robots.txt": ALLOW} | slow) as site:
        members = [
            source(site, name=f"s{k}", params={"paths": [site.url(f"/{n}") for n in range(k, 9, 3)]})
            for k in range(3)
        ]
        summaries = run(*members)
        assert len(site.paths()) == 9
        assert site.max_in_flight == 1
    assert [summary.state for summary in summaries] == ["done"] * 3


def test_retry_after_is_honoured():
    busy = Answer("later", 429, {"Retry-After": "1"})
    with Site({"/robots.txt": ALLOW, "/list": [busy, page("a")]}) as site:
        (summary,) = run(source(site))
        first, second = (seen.started for seen in site.log if seen.path == "/list")
    assert second - first >= 0.99
    assert summary.read == 1


def test_a_host_that_stays_busy_is_given_up():
    with Site({"/list": Answer("later", 503, {"Retry-After": "0"})}) as site:
        (summary,) = run(source(site))
        assert len(site.paths()) == 3
    assert summary.state == "failed"
    assert "http-503" in summary.error


def test_a_body_over_the_limit_is_an_issue():
    with Site({"/list": Answer("x" * 5000)}) as site:
        (summary,) = run(source(site, limits={"max_bytes": 1024}))
    assert summary.state == "failed"
    assert "response-" in summary.error


def test_html_where_json_was_expected_is_an_issue():
    with Site({"/list": Answer("<html>maintenance</html>")}) as site:
        (summary,) = run(source(site))
    assert summary.state == "failed"
    assert summary.error.startswith("not-json")
    assert summary.issues == 1


def test_a_redirect_to_itself_is_an_issue():
    with Site({"/list": Answer("", 302, {"Location": "/list"})}) as site:
        (summary,) = run(source(site))
    assert "self-redirect" in summary.error


def test_the_limit_ends_a_run():
    with Site({"/list": page("a", "b", "c", following="/list")}) as site:
        (summary,) = run(source(site), limit=2)
    assert (summary.read, summary.state) == (2, "done")


def test_an_item_without_title_and_text_is_rejected():
    with Site({"/list": page("")}) as site:
        (summary,) = run(source(site))
    assert (summary.read, summary.outcomes["rejected"], summary.issues) == (1, 1, 1)
