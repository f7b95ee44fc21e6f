"""Career sites: a posting and its removal are recognised by one address, and a sitemap that nobody named is found."""

import json

import pytest

from crawler.identity import signal_id
from spiders.jobposting import JobPosting
from tests.support.drive import drive

JOB = {"@type": "JobPosting", "title": "Analyst", "description": "<p>Open data.</p>"}
SITE = "https://a.example"
PAGE = f"{SITE}/jobs/1?page_id=7"
WORDS = (
    '<html><head><meta property="og:title" content="Data analyst">'
    f'<meta property="og:url" content="{SITE}/vacancy/analyst"></head>'
    "<body><h1>Data analyst</h1><p>Open data.</p><a href='/apply'>Apply</a></body></html>"
)
MAP = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{SITE}/jobs/1</loc></url></urlset>'


def page(*nodes):
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)
    return f"<html><head>{scripts}</head><body></body></html>"


def visit(reply, redirected=None, **params):
    def answer(request):
        if redirected:
            request.meta["redirect_urls"] = [redirected]
        return reply

    return drive(JobPosting, SITE, answer, params=params or {"pages": [PAGE]})


def keys(run):
    return [signal_id("driven", item.native_id, item.url) for item in run.items]


@pytest.mark.parametrize(
    "body",
    [
        page({**JOB, "url": "/vacancy/analyst"}),
        page({**JOB, "url": "https://b.example/x/1"}),
        page(JOB),
        WORDS,
    ],
    ids=["other path", "other host", "no address", "words"],
)
def test_a_page_that_is_gone_removes_the_posting_it_held(body):
    assert keys(visit(body)) == keys(visit(("", 404)))


def test_a_redirected_page_and_its_removal_keep_the_address_that_was_asked_for():
    first, gone = visit(page(JOB), redirected=f"{SITE}/old/1"), visit(("", 410), redirected=f"{SITE}/old/1")
    assert [item.url for item in (*first.items, *gone.items)] == [f"{SITE}/old/1"] * 2


def test_the_address_that_a_posting_states_is_kept_as_an_identifier():
    (found,) = visit(page({**JOB, "url": "https://b.example/x/1", "identifier": "77"})).items
    assert (found.url, found.identifiers) == (PAGE, ["77", "https://b.example/x/1"])


def test_a_posting_that_states_the_address_of_its_page_keeps_its_key():
    run = visit(page({**JOB, "url": PAGE}))
    assert (keys(run), run.items[0].identifiers) == ([signal_id("driven", None, PAGE)], [])


def test_postings_that_share_a_page_are_recognised_by_their_own_addresses():
    run = visit(page({**JOB, "url": "/jobs/8"}, {**JOB, "title": "Editor", "url": "/jobs/9"}))
    assert [(item.native_id, item.url) for item in run.items] == [
        (None, f"{SITE}/jobs/8"),
        (None, f"{SITE}/jobs/9"),
    ]


def test_the_only_posting_of_a_list_is_recognised_as_if_there_were_several():
    one = visit(page({**JOB, "url": "/jobs/8"}), lists=[f"{SITE}/jobs/"])
    bare = visit(page(JOB), lists=[f"{SITE}/jobs/"])
    assert [item.url for item in one.items] == [f"{SITE}/jobs/8"]
    assert [item.native_id for item in bare.items] == [f"{SITE}/jobs/#Analyst"]


def site(**replies):
    def answer(request):
        name = request.url.removeprefix(f"{SITE}/").replace(".", "_")
        return page(JOB) if name.startswith("jobs") else replies.get(name, ("", 404))

    return answer


def discover(**replies):
    return drive(JobPosting, SITE, site(**replies), complete=True)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_refused_robots_txt_names_no_sitemap_and_the_usual_one_is_read(status):
    run = discover(robots_txt=("no", status), sitemap_xml=MAP)
    assert ([item.url for item in run.items], run.codes, run.context.complete) == (
        [f"{SITE}/jobs/1"],
        [],
        True,
    )


@pytest.mark.parametrize("status", [429, 503])
def test_a_robots_txt_that_is_busy_says_nothing_about_sitemaps(status):
    run = discover(robots_txt=("later", status), sitemap_xml=MAP)
    assert (run.items, run.codes) == ([], [f"http-{status}"])


@pytest.mark.parametrize("reply", [("", 404), ("", 410), "<html><body>Oops</body></html>"])
def test_the_index_is_tried_where_there_is_no_sitemap(reply):
    run = discover(robots_txt="User-agent: *", sitemap_xml=reply, sitemap_index_xml=MAP)
    assert ([item.url for item in run.items], run.codes, run.context.complete) == (
        [f"{SITE}/jobs/1"],
        [],
        True,
    )


def test_a_site_without_any_sitemap_says_so_and_is_never_complete():
    run = discover()
    assert (run.items, run.codes, run.context.complete) == ([], ["no-sitemap"], False)


def test_a_sitemap_that_robots_txt_names_must_be_there():
    run = discover(robots_txt=f"Sitemap: {SITE}/map.xml", sitemap_xml=MAP)
    assert (run.items, run.codes) == ([], ["http-404"])
