"""Searches that are asked in slices: one query that fails or repeats itself does not keep the others from it."""

import json

import pytest

from spiders.eures import Eures
from tests.support.drive import drive

SEARCH = "https://a.example/search"


def search(**odd):
    """Answers: one vacancy per country, and for a country named here what is given."""

    def answer(request):
        asked = json.loads(request.body)
        country, page = asked["locationCodes"][0], asked["page"]
        if country in odd:
            return odd[country](page)
        return {"numberRecords": 1, "jvs": [{"id": country, "title": "A"}]}

    return answer


def run(answer, countries):
    return drive(Eures, SEARCH, answer, params={"countries": countries}, complete=True)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (("busy", 503), "http-503"),
        (("", 404), "unknown-board"),
        ("<html>", "not-json"),
        ({"error": "bad"}, "unknown-board"),
        (TimeoutError("60 s"), "request-failed"),
    ],
    ids=["refused", "gone", "unreadable", "error", "no answer"],
)
def test_a_query_that_fails_is_recorded_and_the_later_ones_are_asked(reply, code):
    found = run(search(be=lambda page: reply), ["AT", "BE", "DE"])
    assert (found.ids, found.codes, found.context.complete) == (["at", "de"], [code], False)


def test_a_query_that_repeats_its_pages_is_recorded_and_the_later_ones_are_asked():
    rows = [{"id": f"be{n}", "title": "A"} for n in range(50)]
    found = run(search(be=lambda page: {"numberRecords": 200, "jvs": rows}), ["BE", "DE"])
    assert (len(found.ids), found.ids[-1], found.codes, found.context.complete) == (
        51,
        "de",
        ["page-loop"],
        False,
    )


def test_a_query_that_fails_on_a_later_page_keeps_what_it_gave():
    def half(page):
        rows = [{"id": f"be{n}", "title": "A"} for n in range(50)]
        return {"numberRecords": 80, "jvs": rows} if page == 1 else ("busy", 503)

    found = run(search(be=half), ["BE", "DE"])
    assert (len(found.ids), found.ids[-1], found.codes) == (51, "de", ["http-503"])


def test_a_last_query_that_fails_makes_the_listing_incomplete():
    found = run(search(be=lambda page: ("busy", 503)), ["AT", "BE"])
    assert (found.ids, found.context.complete) == (["at"], False)


def test_a_service_that_is_down_is_left_in_peace():
    found = run(lambda request: ("busy", 503), [f"C{n}" for n in range(9)])
    assert (len(found.requests), found.codes) == (5, ["http-503"] * 5 + ["queries-left-out"])
