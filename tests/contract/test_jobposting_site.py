"""Career sites: sitemaps, list pages, microdata and RDFa, pages in words only, and what is no vacancy."""

import json
from datetime import UTC, datetime

import pytest

from crawler.items import Issue
from crawler.parse import parse_file
from spiders.jobposting import JobPosting
from tests.support.drive import drive

JOB = {"@type": "JobPosting", "title": "Analyst", "description": "<p>Open data.</p>"}
SITE = "https://a.example"


def page(*nodes, body=""):
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)
    return f"<html><head>{scripts}</head><body>{body}</body></html>"


def read(tmp_path, body, **params):
    path = tmp_path / "page.html"
    path.write_text(body, encoding="utf-8")
    return list(parse_file("jobposting", path, f"{SITE}/jobs/1", params, {"jobposting": JobPosting}))


MICRO = (
    '<{0} itemscope itemtype="https://schema.org/JobPosting">{1}<meta itemprop="title" content="Analyst">'
    '<meta itemprop="datePosted" content="2026-01-01">'
    '<span itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization">'
    '<b itemprop="name">Civic Lab</b></span><div itemprop="description"><p>Open <i>data</i>.</p></div>{2}'
)


@pytest.mark.parametrize(
    "shape", [("article", "", "</article>"), ("article", "</article>", "")], ids=["around", "beside"]
)
def test_microdata_is_read_around_or_beside_its_element(tmp_path, shape):
    (found,) = read(tmp_path, f"<html><body><div>{MICRO.format(*shape)}</div></body></html>")
    assert (found.title, found.published_raw, found.organisation.name) == (
        "Analyst",
        "2026-01-01",
        "Civic Lab",
    )
    assert "<p>Open <i>data</i>.</p>" in found.html


def test_rdfa_is_read_where_there_is_nothing_else(tmp_path):
    body = (
        '<html><body vocab="https://schema.org/"><div typeof="JobPosting"><h1 property="title">Analyst</h1>'
        '<span property="hiringOrganization" typeof="Organization">'
        '<b property="schema:name">Civic Lab</b></span>'
        '<time property="datePosted" datetime="2026-01-01">today</time></div></body></html>'
    )
    (found,) = read(tmp_path, body)
    assert (found.title, found.published_raw, found.organisation.name) == (
        "Analyst",
        "2026-01-01",
        "Civic Lab",
    )


def test_postings_without_address_of_their_own_are_told_apart(tmp_path):
    found = read(
        tmp_path,
        page(JOB, {**JOB, "title": "Editor"}, {**JOB, "title": "Nurse", "identifier": {"value": "n7"}}),
    )
    assert [f.native_id for f in found] == [f"{SITE}/jobs/1#Analyst", f"{SITE}/jobs/1#Editor", "n7"]


def test_the_same_posting_twice_on_a_page_is_one(tmp_path):
    assert len(read(tmp_path, page(JOB, {"@graph": [JOB]}))) == 1


@pytest.mark.parametrize("link", ["https://lab.example", "https://lab.example/about"])
def test_the_home_page_of_the_employer_is_not_the_address_of_the_posting(tmp_path, link):
    employer = {"name": "Lab", "sameAs": "https://lab.example/about/"}
    (found,) = read(tmp_path, page({**JOB, "url": link, "hiringOrganization": employer}))
    assert found.url == f"{SITE}/jobs/1"


def test_an_occupation_code_of_isco_or_esco_is_kept_with_its_scheme(tmp_path):
    code = {
        "@type": "CategoryCode",
        "inCodeSet": "http://www.ilo.org/isco08",
        "codeValue": "2512",
        "name": "Developers",
    }
    (found,) = read(tmp_path, page({**JOB, "occupationalCategory": ["IT", code]}))
    assert (found.occupation.scheme, found.occupation.code, found.occupation.label) == (
        "ISCO08",
        "2512",
        "Developers",
    )


WORDS = (
    '<html lang="es"><head><meta property="og:title" content="Técnica de datos | Lab">'
    '<meta property="og:site_name" content="Lab"></head>'
    "<body><h1>Técnica de datos</h1><p>Datos abiertos.</p><a href='/apply'>Inscribirse</a></body></html>"
)


def test_a_page_about_one_vacancy_is_read_by_its_words(tmp_path):
    (found,) = read(tmp_path, WORDS)
    assert (found.title, found.organisation.name, found.language_declared, found.url) == (
        "Técnica de datos",
        "Lab",
        "es",
        f"{SITE}/jobs/1",
    )
    assert found.page


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("Técnica de datos</h1>", "Técnica de datos</h1><h1>Editora</h1>"), "two headings"),
        (("<h1>Técnica de datos</h1>", ""), "no heading"),
        (("/apply'>Inscribirse", "/x'>Leer"), "nothing to apply with"),
        (("</body>", "".join(f"<a href='/jobs/{n}0'>x</a>" for n in range(2, 9)) + "</body>"), "a list"),
    ],
)
def test_a_page_that_is_not_plainly_one_vacancy_is_an_issue(tmp_path, change, why):
    (found,) = read(tmp_path, WORDS.replace(*change))
    assert isinstance(found, Issue), why
    assert found.code == "no-jobposting"


def test_reading_by_words_can_be_switched_off(tmp_path):
    assert [found.code for found in read(tmp_path, WORDS, words=False)] == ["no-jobposting"]


def test_broken_json_ld_beside_a_good_one_is_an_issue_beside_an_advert(tmp_path):
    broken = '<script type="application/ld+json">{"@type": "JobPosting", "title": }</script>'
    found = read(tmp_path, page(JOB, body=broken))
    assert [getattr(part, "code", None) or part.title for part in found] == ["bad-json-ld", "Analyst"]


MAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def site(
    request,
    *,
    entries="<url><loc>https://a.example/jobs/1</loc></url><url><loc>https://a.example/jobs/2</loc></url>",
    second=200,
):
    path = request.url.removeprefix(SITE)
    if path == "/robots.txt":
        return f"Sitemap: {SITE}/map.xml"
    if path == "/map.xml":
        return MAP.format(entries)
    return (page(JOB), second) if path == "/jobs/2" else page(JOB)


@pytest.mark.parametrize("complete", [None, True])
def test_sitemaps_count_as_complete_only_where_the_source_file_says_so(complete):
    run = drive(JobPosting, SITE, site, complete=complete)
    assert ([i.url for i in run.items], run.context.complete) == (
        [f"{SITE}/jobs/1", f"{SITE}/jobs/2"],
        bool(complete),
    )


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_a_removal(status):
    run = drive(JobPosting, SITE, lambda request: site(request, second=status))
    assert [(i.url, i.removed) for i in run.items] == [(f"{SITE}/jobs/1", False), (f"{SITE}/jobs/2", True)]


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_page_that_is_refused_is_an_error_and_no_removal(status):
    run = drive(JobPosting, SITE, lambda request: site(request, second=status))
    assert ([i.url for i in run.items], run.codes) == ([f"{SITE}/jobs/1"], [f"http-{status}"])


def test_a_damaged_sitemap_is_never_complete():
    run = drive(
        JobPosting,
        SITE,
        lambda request: site(request, entries="<url><loc>https://a.example/jobs/1</loc></url><url><lo"),
        complete=True,
    )
    assert (run.codes, run.context.complete) == (["damaged-sitemap"], False)


def test_an_incremental_run_asks_for_what_changed_and_is_never_complete():
    entries = "".join(f"<url><loc>{SITE}/jobs/{n}</loc><lastmod>2026-0{n}-01</lastmod></url>" for n in (1, 2))
    run = drive(
        JobPosting,
        SITE,
        lambda r: site(r, entries=entries),
        complete=True,
        since=datetime(2026, 1, 15, tzinfo=UTC),
    )
    assert ([i.url for i in run.items], run.context.complete) == ([f"{SITE}/jobs/2"], False)


def listing(request):
    path = request.url.removeprefix(SITE)
    if path == "/jobs/":
        return '<a href="/jobs/1#top">1</a><a href="/about">x</a><a rel="next" href="/jobs/?page=2">more</a>'
    if path.startswith("/jobs/?page="):
        return (
            '<a href="/jobs/2">2</a><a rel="next" href="/jobs/?page=3">more</a>'
            if path.endswith("=2")
            else '<a href="/jobs/2">2</a>'
        )
    return page({**JOB, "title": f"Post {path}"})


def test_a_list_is_followed_to_its_vacancies_and_further_pages():
    run = drive(JobPosting, SITE, listing, params={"lists": [f"{SITE}/jobs/"]}, complete=True)
    assert [i.title for i in run.items] == ["Post /jobs/1", "Post /jobs/2"]
    assert (run.codes, run.context.complete) == (["page-loop"], True)


def test_a_list_that_repeats_itself_ends():
    def endless(request):
        number = request.url.partition("page=")[2] or "0"
        if "/jobs/1" in request.url:
            return page(JOB)
        return f'<a href="/jobs/1">1</a><a rel="next" href="/jobs/?page={int(number) + 1}">more</a>'

    run = drive(JobPosting, SITE, endless, params={"lists": [f"{SITE}/jobs/"]})
    assert (len(run.items), run.codes) == (1, ["page-loop"])


def test_a_list_that_holds_the_vacancies_in_full_needs_no_further_requests():
    body = page(
        {**JOB, "url": "/jobs/1"},
        {**JOB, "title": "Editor", "url": "/jobs/2"},
        body='<a href="/jobs/1">1</a>',
    )
    run = drive(JobPosting, SITE, lambda request: body, params={"lists": [f"{SITE}/jobs/"]})
    assert ([i.url for i in run.items], len(run.requests)) == ([f"{SITE}/jobs/1", f"{SITE}/jobs/2"], 1)


def test_a_list_without_vacancies_says_so():
    run = drive(JobPosting, SITE, lambda request: "<p>Nothing open.</p>", params={"lists": [f"{SITE}/jobs/"]})
    assert (run.items, run.codes) == ([], ["empty-list"])


def test_a_full_list_that_repeats_itself_ends():
    def endless(request):
        number = int(request.url.partition("page=")[2] or 0)
        return page(
            JOB, {**JOB, "title": "Editor"}, body=f'<a rel="next" href="/jobs/?page={number + 1}">more</a>'
        )

    run = drive(JobPosting, SITE, endless, params={"lists": [f"{SITE}/jobs/"]})
    assert (len(run.requests), run.codes) == (2, ["page-loop"])
