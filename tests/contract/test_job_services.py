"""National employment services: changes with removals, keys, queries in slices, and the ends they set."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.eures import Eures
from spiders.francetravail import FranceTravail
from spiders.jobtech import JobTech
from spiders.nav import Nav
from tests.support.drive import drive


def query(request, name):
    return parse_qs(urlsplit(request.url).query).get(name, [None])[0]


def stream(request):
    if "snapshot" in request.url:
        return [{"id": "1", "headline": "A"}]
    return [{"id": "2", "headline": "B"}, {"id": "1", "removed": True, "removed_date": "2026-01-02T09:00:00"}]


def test_the_swedish_stream_starts_whole_and_goes_on_with_changes_and_removals():
    base = "https://jobstream.api.jobtechdev.se"
    whole = drive(JobTech, base, stream)
    assert (whole.urls, whole.ids, whole.context.complete) == ([f"{base}/snapshot"], ["1"], True)
    part = drive(JobTech, base, stream, checkpoint=datetime(2026, 1, 2, 12, tzinfo=UTC))
    assert part.urls == [f"{base}/stream?date=2026-01-02T09%3A00%3A00"]
    assert [(i.native_id, i.removed) for i in part.items] == [("2", False), ("1", True)]
    assert not part.context.complete
    assert part.context.checkpoint > whole.context.checkpoint


def test_the_swedish_search_stops_where_the_service_does():
    def answer(request):
        start = int(query(request, "offset"))
        return {
            "total": {"value": 5000},
            "hits": [{"id": str(start + n), "headline": "A"} for n in range(100)],
        }

    run = drive(JobTech, "https://a.example/search?q=x", answer, params={"service": "search"})
    assert (len(run.ids), run.codes, run.context.complete) == (2100, ["short-listing"], False)


FEED = "https://pam-stilling-feed.nav.no/api/v1/feed"
TOKEN = "aaaaaaaaaaaa.bbbbbbbbbbbb.cccccccccccc"


def nav(request):
    if request.url.endswith("publicToken"):
        return f"Current public token for Nav Job Vacancy Feed:\n{TOKEN}"
    if "feedentry" in request.url:
        uuid = request.url.rsplit("/", 1)[-1]
        if uuid == "c":
            return {"uuid": uuid, "status": "INACTIVE", "ad_content": None}
        content = {
            "title": f"Stilling {uuid}",
            "description": "<p>Åpne data</p>",
            "published": "2026-01-01T00:00:00",
            "employer": {"name": "Kommunen", "orgnr": "999"},
            "sector": "Offentlig",
            "categoryList": [{"categoryType": "STYRK08", "code": "2512", "name": "Utvikler"}],
        }
        return {"uuid": uuid, "status": "ACTIVE", "json" if uuid == "b" else "ad_content": content}

    def entry(uuid, status="ACTIVE"):
        return {
            "id": uuid,
            "url": f"/api/v1/feedentry/{uuid}",
            "_feed_entry": {"uuid": uuid, "status": status, "title": uuid},
        }

    if request.url == FEED:
        return {"next_url": "/api/v1/feed/2", "items": [entry("a"), entry("x", "INACTIVE"), entry("c")]}
    return {"next_url": None, "items": [entry("b")]}


def test_the_norwegian_feed_is_followed_to_its_end_with_removals():
    run = drive(Nav, FEED, nav, checkpoint=datetime(2026, 1, 1, tzinfo=UTC))
    assert {(i.native_id, i.removed) for i in run.items} == {
        ("x", True),
        ("a", False),
        ("c", True),
        ("b", False),
    }
    feeds = [request for request in run.requests if "/feed" in request.url and "entry" not in request.url]
    assert feeds[0].headers["If-Modified-Since"] == b"Thu, 01 Jan 2026 00:00:00 GMT"
    assert all(r.headers["Authorization"] == f"Bearer {TOKEN}".encode() for r in run.requests[1:])
    advert = next(i for i in run.items if i.native_id == "b")
    assert (advert.occupation.scheme, advert.organisation.sector, advert.organisation.id) == (
        "STYRK08",
        "public",
        "NO-BRC-999",
    )


def test_nothing_new_in_the_norwegian_feed_is_no_error(monkeypatch):
    monkeypatch.setenv("DSI_NAV_TOKEN", TOKEN)
    run = drive(Nav, FEED, lambda request: ("", 304))
    assert (run.items, run.codes, run.context.not_modified, len(run.requests)) == ([], [], True, 1)


def eures(request):
    asked = json.loads(request.body)
    country, page = (asked["locationCodes"] or ["all"])[0], asked["page"]
    rows = [{"id": f"{country}-{n}", "title": "A"} for n in range((page - 1) * 50, min(page * 50, 70))]
    return {"numberRecords": 70, "jvs": rows}


@pytest.mark.parametrize(("complete", "expected"), [(None, False), (True, True)])
def test_eures_is_asked_country_by_country(complete, expected):
    run = drive(
        Eures, "https://a.example/search", eures, params={"countries": ["FR", "EL"]}, complete=complete
    )
    assert (len(set(run.ids)), len(run.requests), run.context.complete) == (140, 4, expected)


def test_a_query_with_more_results_than_the_portal_shows_is_never_complete():
    def answer(request):
        page = json.loads(request.body)["page"]
        return {"numberRecords": 20_000, "jvs": [{"id": f"{page}-{n}", "title": "A"} for n in range(5000)]}

    run = drive(Eures, "https://a.example/search", answer, params={"keywords": ["a", "b"]}, complete=True)
    assert (run.codes, run.context.complete) == (["short-listing"] * 2, False)


def travail(total):
    def answer(request):
        if request.method == "POST":
            return {"access_token": "secret-token", "expires_in": 1499}
        start = int(query(request, "range").split("-")[0])
        rows = [{"id": f"o{n}", "intitule": "A"} for n in range(start, min(start + 150, total))]
        last = start + len(rows) - 1
        return (
            ({"resultats": rows}, 206, {"Content-Range": f"offres {start}-{last}/{total}"})
            if rows
            else ("", 204)
        )

    return answer


SEARCH = "https://api.francetravail.io/partenaire/offresdemploi/v2/offres/search?region=76"


def test_the_french_service_gets_its_keys_from_the_environment_and_keeps_no_token(monkeypatch):
    monkeypatch.setenv("DSI_FRANCETRAVAIL_ID", "me")
    monkeypatch.setenv("DSI_FRANCETRAVAIL_SECRET", "pass word")
    run = drive(FranceTravail, SEARCH, travail(320))
    assert (len(run.ids), run.codes, [query(r, "range") for r in run.requests[1:]]) == (
        320,
        [],
        ["0-149", "150-299", "300-449"],
    )
    assert b"client_secret=pass+word" in run.requests[0].body
    assert run.requests[1].headers["Authorization"] == b"Bearer secret-token"
    assert query(run.requests[1], "region") == "76"
    assert "secret" not in repr(run.items) + repr(run.context)


def test_no_offers_are_no_error_of_the_french_service(monkeypatch):
    monkeypatch.setenv("DSI_FRANCETRAVAIL_ID", "me")
    monkeypatch.setenv("DSI_FRANCETRAVAIL_SECRET", "x")
    run = drive(FranceTravail, SEARCH, travail(0))
    assert (run.items, run.codes) == ([], ["empty-board"])


def test_a_french_query_that_finds_too_many_is_asked_for_halves_of_its_time(monkeypatch):
    monkeypatch.setenv("DSI_FRANCETRAVAIL_ID", "me")
    monkeypatch.setenv("DSI_FRANCETRAVAIL_SECRET", "x")
    created = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=13 * n) for n in range(7000)]

    def answer(request):
        if request.method == "POST":
            return {"access_token": "t"}
        times = [query(request, name) for name in ("minCreationDate", "maxCreationDate")]
        low, high = (datetime.fromisoformat(time) if time else None for time in times)
        found = [n for n, moment in enumerate(created) if low is None or low <= moment <= high]
        start = int(query(request, "range").split("-")[0])
        rows = [{"id": f"o{n}", "intitule": "A"} for n in found[start : start + 150]]
        header = {"Content-Range": f"offres {start}-{start + len(rows) - 1}/{len(found)}"}
        return ({"resultats": rows}, 206, header) if rows else ("", 204)

    run = drive(FranceTravail, SEARCH, answer)
    assert (len(set(run.ids)), len(run.ids) - 7000 < 5, run.codes) == (7000, True, [])
    assert max(int(query(r, "range").split("-")[0]) for r in run.requests[1:]) <= 3000


def test_too_many_french_offers_within_an_hour_are_read_as_far_as_they_can_be_reached(monkeypatch):
    monkeypatch.setenv("DSI_FRANCETRAVAIL_ID", "me")
    monkeypatch.setenv("DSI_FRANCETRAVAIL_SECRET", "x")
    run = drive(FranceTravail, SEARCH, travail(9000), since=datetime.now(UTC) - timedelta(minutes=30))
    assert (len(run.ids), run.codes) == (3150, ["short-listing"])


def test_missing_keys_are_named(monkeypatch):
    monkeypatch.delenv("DSI_FRANCETRAVAIL_ID", raising=False)
    run = drive(FranceTravail, SEARCH, travail(1), params={"client_secret_env": "DSI_NOT_SET"})
    assert (run.requests, run.codes) == ([], ["missing-credentials"])
