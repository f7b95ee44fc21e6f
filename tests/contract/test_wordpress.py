"""WordPress: REST lists, single entries, errors, and what stands in for a closed REST API."""

import json

import pytest
from scrapy.http import HtmlResponse

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from spiders.wordpress import Wordpress, rest_root

POST = {
    "id": 5, "link": "https://a.example/call", "date": "2026-11-02T11:00:00", "date_gmt": "2026-11-02T10:00:00",
    "title": {"rendered": "Call &#8211; <em>open</em>"}, "content": {"rendered": "<p>Apply.</p>"},
    "_embedded": {"wp:term": [[{"name": "Funding"}], [{"name": "data"}]]},
}  # fmt: skip


def read(tmp_path, body, **params):
    path = tmp_path / "answer"
    text = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(parse_file("wordpress", path, "https://a.example/", params, {"wordpress": Wordpress}))


def test_an_entry_becomes_a_post(tmp_path):
    (found,) = read(tmp_path, [POST])
    assert (found.native_id, found.title, found.html) == ("5", "Call – open", "<p>Apply.</p>")
    assert (found.published_raw, found.keywords) == ("2026-11-02T10:00:00Z", ["Funding", "data"])


def test_a_single_entry_is_read_as_the_kind_of_the_source(tmp_path):
    assert [f.kind for f in read(tmp_path, POST, kind="funding_call")] == ["funding_call"]


def test_an_empty_list_is_no_error(tmp_path):
    assert read(tmp_path, []) == []


def test_a_broken_entry_is_an_issue_and_the_good_one_stays(tmp_path):
    found = read(tmp_path, [{"title": {"rendered": "x"}}, "text", {"id": 6}, POST])
    assert [isinstance(f, Issue) for f in found] == [True, True, True, False]


def test_missing_fields_leave_a_record(tmp_path):
    (found,) = read(tmp_path, [{"id": 7, "title": {"rendered": "Bare"}, "_embedded": {"wp:term": None}}])
    assert (found.url, found.html, found.published_raw, found.keywords) == (None, None, None, [])


def test_an_error_of_the_rest_api_is_an_issue(tmp_path):
    (found,) = read(tmp_path, {"code": "rest_forbidden", "message": "Sorry", "data": {"status": 401}})
    assert found.code == "rest-error"


def test_a_body_in_windows_1252_keeps_its_letters(tmp_path):
    body = json.dumps([{"id": 8, "title": {"rendered": "Fördern"}}], ensure_ascii=False).encode(
        "windows-1252"
    )
    assert read(tmp_path, body)[0].title == "Fördern"


def test_the_page_of_an_entry_is_read_where_rest_is_closed(tmp_path):
    page = (
        '<html lang="de"><head><link rel="shortlink" href="https://a.example/?p=5">'
        '<link rel="canonical" href="https://a.example/call"></head><body class="single"><h1>Call</h1></body></html>'
    )
    (found,) = read(tmp_path, page)
    assert (found.native_id, found.url, found.title, found.language_declared) == (
        "5",
        "https://a.example/call",
        "Call",
        "de",
    )


def test_an_overview_page_holds_no_entry(tmp_path):
    (found,) = read(tmp_path, "<html><body class='home'><h1>News</h1></body></html>")
    assert found.code == "no-content"


@pytest.mark.parametrize(("body", "code"), [("", "empty-page"), ("[{", "not-json")])
def test_an_answer_of_another_kind_is_refused(tmp_path, body, code):
    with pytest.raises(SourceResponseError) as caught:
        read(tmp_path, body)
    assert caught.value.code == code


def test_the_rest_root_is_found_in_header_or_page():
    header = {"Link": '<https://a.example/wp-json/>; rel="https://api.w.org/"'}
    element = b'<html><head><link rel="https://api.w.org/" href="/?rest_route=/"></head></html>'
    assert rest_root(HtmlResponse("https://a.example/", headers=header)) == "https://a.example/wp-json/"
    assert rest_root(HtmlResponse("https://a.example/", body=element)) == "https://a.example/?rest_route=/"
    assert rest_root(HtmlResponse("https://a.example/", body=b"<html></html>")) is None
