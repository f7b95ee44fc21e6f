"""The Norwegian feed is a log of events: only the last one of an advert counts, and its text is asked for once."""

from datetime import UTC, datetime

import pytest

from spiders.nav import Nav
from tests.support.drive import drive

FEED = "https://pam-stilling-feed.nav.no/api/v1/feed"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def token(monkeypatch):
    monkeypatch.setenv("DSI_NAV_TOKEN", "aaaaaaaaaaaa.bbbbbbbbbbbb.cccccccccccc")


def entry(uuid, status="ACTIVE", day=1, **more):
    moment = f"2026-01-{day:02}T10:00:00+01:00"
    inner = {"uuid": uuid, "status": status, "title": uuid, "sistEndret": moment}
    return {
        "id": uuid, "url": f"/api/v1/feedentry/{uuid}", "date_modified": moment, "_feed_entry": inner, **more
    }  # fmt: skip


def feed(*pages, advert=None):
    """Answers: the pages of a feed, each naming the next, and an active advert for each detail."""

    def answer(request):
        if "/feedentry/" in request.url:
            uuid = request.url.rsplit("/", 1)[-1]
            content = {"title": f"Stilling {uuid}", "published": "2026-01-01T00:00:00", **(advert or {})}
            return {"uuid": uuid, "status": "ACTIVE", "ad_content": content}
        number = int(request.url.partition("?page=")[2] or 0)
        if not isinstance(pages[number], list):
            return pages[number]
        further = f"/api/v1/feed?page={number + 1}" if number + 1 < len(pages) else None
        return {"items": pages[number], "next_url": further}

    return answer


def details(run):
    return [url.rsplit("/", 1)[-1] for url in run.urls if "/feedentry/" in url]


def outcomes(run):
    return {(item.native_id, item.removed) for item in run.items}


def test_an_advert_with_many_entries_is_asked_for_once():
    run = drive(Nav, FEED, feed([entry("a", day=1), entry("a", day=2)], [entry("a", day=3)]))
    assert (details(run), run.ids, run.codes) == (["a"], ["a"], [])


def test_an_advert_whose_last_entry_withdraws_it_is_a_removal_and_not_asked_for():
    run = drive(Nav, FEED, feed([entry("a", day=1)], [entry("a", "INACTIVE", 2), entry("b", day=2)]))
    assert (details(run), outcomes(run)) == (["b"], {("a", True), ("b", False)})


def test_an_advert_that_came_back_is_open():
    run = drive(Nav, FEED, feed([entry("a", "INACTIVE", 1)], [entry("a", day=2)]))
    assert outcomes(run) == {("a", False)}


def test_an_older_entry_that_stands_later_does_not_count():
    run = drive(Nav, FEED, feed([entry("a", "INACTIVE", 5), entry("a", day=2)]))
    assert outcomes(run) == {("a", True)}


def test_the_feed_is_walked_to_its_end_before_an_advert_is_asked_for():
    run = drive(Nav, FEED, feed([entry("a")], [entry("b")]))
    assert [url.removeprefix(FEED) for url in run.urls[:2]] == ["", "?page=1"]
    assert run.context.checkpoint is not None


@pytest.mark.parametrize("page", [("busy", 503), "<html>maintenance</html>"], ids=["refused", "unreadable"])
def test_a_page_that_cannot_be_read_keeps_what_came_before_and_the_checkpoint(page):
    run = drive(Nav, FEED, feed([entry("a"), entry("b", "INACTIVE")], page), checkpoint=SINCE)
    assert (outcomes(run), run.context.checkpoint) == ({("a", False), ("b", True)}, SINCE)
    assert run.codes == (["http-503"] if isinstance(page, tuple) else ["not-json"])


def test_an_entry_without_a_number_is_an_issue_beside_the_others():
    run = drive(Nav, FEED, feed([{"title": "x"}, "text", entry("a")]))
    assert (run.codes, run.ids) == (["bad-record", "bad-record"], ["a"])


def test_a_trial_run_of_few_adverts_does_not_walk_the_whole_feed():
    run = drive(Nav, FEED, feed([entry("a"), entry("b")], [entry("c")]), limit=2, checkpoint=SINCE)
    assert (details(run), run.context.checkpoint) == (["a", "b"], SINCE)


@pytest.mark.parametrize(
    ("dates", "closes"),
    [
        ({"applicationDue": "Snarest", "expires": "2026-03-01T23:59:59"}, "2026-03-01T23:59:59"),
        ({"applicationDue": "15.02.2026", "expires": "2026-03-01T23:59:59"}, "15.02.2026"),
        ({"applicationDue": "Snarest"}, None),
    ],
)
def test_a_closing_date_in_words_does_not_hide_the_day_the_advert_expires(dates, closes):
    (found,) = drive(Nav, FEED, feed([entry("a")], advert=dates)).items
    assert found.closes_raw == closes
