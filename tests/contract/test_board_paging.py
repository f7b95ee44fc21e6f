"""Boards read to their true end: pages, texts of their own, and everything that must not look like an end."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.arbeitnow import Arbeitnow
from spiders.arbeitsagentur import Arbeitsagentur
from spiders.bamboohr import BambooHR
from spiders.greenhouse import Greenhouse
from spiders.lever import Lever
from spiders.personio import Personio
from spiders.recruitee import Recruitee
from spiders.smartrecruiters import SmartRecruiters
from spiders.teamtailor import Teamtailor
from spiders.workday import Workday
from tests.support.drive import drive

LEVER, SMART = (
    "https://api.lever.co/v0/postings/lab?mode=json",
    "https://api.smartrecruiters.com/v1/companies/Lab/postings",
)
WORKDAY = "https://lab.wd5.myworkdayjobs.com/wday/cxs/lab/Careers/jobs"


def query(request, name):
    return parse_qs(urlsplit(request.url).query).get(name, [None])[0]


def postings(numbers):
    return [
        {"id": f"p{n}", "text": f"Post {n}", "hostedUrl": f"https://jobs.lever.co/lab/p{n}"} for n in numbers
    ]


def lever_of(count):
    def answer(request):
        start = int(query(request, "skip"))
        return postings(range(start, min(start + 100, count)))

    return answer


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (99, 1), (100, 2), (250, 3)])
def test_lever_is_read_to_its_last_page(count, requests):
    run = drive(Lever, LEVER, lever_of(count))
    assert (len(run.ids), len(set(run.ids)), len(run.requests), run.context.complete) == (
        count,
        count,
        requests,
        True,
    )
    assert run.codes == ([] if count else ["empty-board"])


def test_a_page_that_repeats_itself_is_an_error_and_ends_the_listing_incomplete():
    run = drive(Lever, LEVER, lambda request: postings(range(100)))
    assert (len(run.ids), run.codes, run.context.complete) == (100, ["page-loop"], False)


@pytest.mark.parametrize(
    ("reply", "codes", "gone"),
    [
        (("Not Found", 404), ["unknown-board"], True),
        (({"ok": False, "error": "Document not found"}, 404), ["unknown-board"], True),
        (("", 410), ["unknown-board"], True),
        (("busy", 503), ["http-503"], False),
        (("who are you", 403), ["http-403"], False),
        (("slow down", 429), ["http-429"], False),
    ],
)
def test_a_refusal_is_told_from_an_empty_board(reply, codes, gone):
    run = drive(Lever, LEVER, lambda request: reply)
    assert (run.items, run.codes, run.context.gone, run.context.complete) == ([], codes, gone, False)


def test_a_later_page_that_is_missing_or_a_service_that_moved_closes_nothing():
    run = drive(Lever, LEVER, lambda r: postings(range(100)) if query(r, "skip") == "0" else ("", 404))
    assert (len(run.ids), run.codes, run.context.gone, run.context.complete) == (
        100,
        ["unknown-board"],
        False,
        False,
    )
    moved = drive(Arbeitnow, "https://a.example/api", lambda r: ("", 404))
    assert (moved.codes, moved.context.gone) == (["unknown-board"], False)
    window = drive(Lever, LEVER, lambda r: ("", 404), complete=False)
    assert (window.codes, window.context.gone) == (["unknown-board"], False)


def test_a_listing_that_states_more_than_it_holds_is_not_complete():
    run = drive(
        Greenhouse,
        "https://a.example/jobs",
        lambda request: {"jobs": [{"id": 1, "title": "A"}], "meta": {"total": 2}},
    )
    assert (run.ids, run.codes, run.context.complete) == (["1"], ["total-differs"], False)


def smart(count, size=100, gone=(), broken=()):
    company = {"identifier": "Lab", "name": "Lab"}

    def answer(request):
        tail = urlsplit(request.url).path.rsplit("/", 1)[-1]
        if tail != "postings":
            if tail in gone or tail in broken:
                return "", 404 if tail in gone else 500
            sections = {"jobDescription": {"title": "Job", "text": f"<p>Text {tail}</p>"}}
            return {"id": tail, "name": f"Post {tail}", "company": company, "jobAd": {"sections": sections}}
        start = int(query(request, "offset"))
        part = [
            {"id": str(n), "name": f"Post {n}", "company": company}
            for n in range(start, min(start + size, count))
        ]
        return {"totalFound": count, "content": part}

    return answer


def test_every_posting_of_smartrecruiters_gets_its_text():
    run = drive(SmartRecruiters, SMART, smart(130))
    assert (len(run.ids), len(run.requests), run.context.complete) == (130, 132, True)
    assert all("Text" in item.html for item in run.items)


def test_a_service_that_caps_the_page_is_followed_by_what_was_received():
    assert len(drive(SmartRecruiters, SMART, smart(50, size=20)).ids) == 50


def test_a_posting_that_vanished_since_the_list_is_removed_and_the_listing_stays_complete():
    run = drive(SmartRecruiters, SMART, smart(3, gone={"1"}))
    assert [(i.native_id, i.removed) for i in run.items] == [("0", False), ("1", True), ("2", False)]
    assert (run.codes, run.context.complete) == ([], True)


def test_a_posting_that_fails_is_an_error_and_never_a_removal():
    run = drive(SmartRecruiters, SMART, smart(3, broken={"1"}))
    assert (run.ids, run.codes) == (["0", "2"], ["http-500"])


def test_what_an_interrupted_run_stored_is_not_asked_for_again():
    done = frozenset({"https://jobs.smartrecruiters.com/Lab/0"})
    assert drive(SmartRecruiters, SMART, smart(2), done=done).ids == ["1"]


def test_an_unknown_company_that_answers_200_is_an_issue():
    run = drive(SmartRecruiters, SMART, smart(0))
    assert (run.codes, run.context.complete) == (["empty-board"], True)


def test_workday_states_its_total_on_the_first_page_only():
    def answer(request):
        if request.method == "GET":
            number = request.url.rsplit("_", 1)[-1]
            info = {
                "title": f"Post {number}",
                "jobReqId": number,
                "jobPostingId": f"Post_{number}",
                "jobDescription": "<p>x</p>",
            }
            return {"jobPostingInfo": info, "hiringOrganization": {"name": "Lab"}}
        asked = json.loads(request.body)
        numbers = range(asked["offset"], min(asked["offset"] + asked["limit"], 45))
        rows = [{"title": f"Post R{n}", "externalPath": f"/job/Graz/Post_R{n}"} for n in numbers]
        return {"total": 0 if asked["offset"] else 45, "jobPostings": rows}

    run = drive(Workday, WORKDAY, answer)
    assert (len(run.ids), run.ids[0], run.codes, run.context.complete) == (45, "R0", [], True)
    assert run.urls[3] == "https://lab.wd5.myworkdayjobs.com/wday/cxs/lab/Careers/job/Graz/Post_R2"


def test_bamboohr_asks_for_each_opening():
    def answer(request):
        if request.url.endswith("/list"):
            return {"meta": {"totalCount": 1}, "result": [{"id": "45", "jobOpeningName": "Lead"}]}
        shared = {
            "jobOpeningShareUrl": "https://lab.bamboohr.com/careers/45",
            "jobOpeningName": "Lead",
            "description": "<p>x</p>",
        }
        return {"result": {"jobOpening": {**shared, "datePosted": "2026-01-01"}}}

    run = drive(BambooHR, "https://lab.bamboohr.com/careers/list", answer)
    assert run.urls[1] == "https://lab.bamboohr.com/careers/45/detail"
    assert [(i.native_id, i.published_raw, i.organisation.name) for i in run.items] == [
        ("45", "2026-01-01", "lab")
    ]


def test_arbeitnow_ends_where_no_page_follows():
    def answer(request):
        page = int(query(request, "page"))
        rows = [{"slug": f"s{page}-{n}", "title": "A"} for n in range(100)]
        return {"data": rows, "links": {"next": "https://a.example/?search=x" if page < 3 else None}}

    run = drive(Arbeitnow, "https://a.example/api", answer)
    assert (len(run.ids), run.context.complete) == (300, True)


def test_the_agency_gets_its_key_in_a_header_and_never_counts_absence():
    run = drive(Arbeitsagentur, "https://a.example/pc/v6/jobs?was=x", lambda request: {"maxErgebnisse": 0})
    assert run.requests[0].headers["X-API-Key"] == b"jobboerse-jobsuche"
    assert (run.codes, run.context.complete) == (["empty-board"], False)


RSS = '<rss version="2.0"><channel><title>Lab</title>{}</channel></rss>'
ITEM = (
    '<item xmlns:tt="https://teamtailor.com/locations"><title>Post {0}</title><guid>g{0}</guid>'
    "<link>https://a.example/{0}</link>"
    "<description>&lt;p&gt;Open&lt;/p&gt;</description><remoteStatus>hybrid</remoteStatus>"
    "<tt:locations><tt:location>"
    "<tt:city>Malmö</tt:city><tt:country>Sweden</tt:country></tt:location></tt:locations></item>"
)


def test_teamtailor_is_read_in_pages_and_names_the_employer_by_its_channel():
    def answer(request):
        start = int(query(request, "offset"))
        return RSS.format("".join(ITEM.format(n) for n in range(start, min(start + 100, 120))))

    run = drive(Teamtailor, "https://lab.teamtailor.com/jobs.rss", answer)
    assert (len(run.ids), run.context.complete) == (120, True)
    first = run.items[0]
    assert (first.organisation.name, first.place.country, first.location_mode, first.html) == (
        "Lab",
        "SE",
        "hybrid",
        "<p>Open</p>",
    )


def test_a_site_that_caps_its_pages_is_read_until_one_brings_nothing_new():
    def answer(request):
        start = int(query(request, "offset"))
        return RSS.format("".join(ITEM.format(n) for n in range(start, min(start + 30, 70))))

    run = drive(Teamtailor, "https://lab.teamtailor.com/jobs.rss", answer)
    assert (len(set(run.ids)), run.codes, run.context.complete) == (70, [], True)


@pytest.mark.parametrize("count", [3, 100])
def test_a_site_that_sends_all_at_once_whatever_is_asked_is_complete(count):
    feed = RSS.format("".join(ITEM.format(n) for n in range(count)))
    run = drive(Teamtailor, "https://lab.teamtailor.com/jobs.rss", lambda request: feed)
    assert (len(run.ids), run.codes, run.context.complete) == (count, [], True)


def test_truncated_xml_is_read_as_far_as_it_goes_and_recorded_as_an_error():
    run = drive(
        Teamtailor, "https://lab.teamtailor.com/jobs.rss", lambda request: RSS.format(ITEM.format(1))[:-60]
    )
    assert (run.ids, run.codes) == (["g1"], ["damaged-xml"])


PERSONIO = (
    "<workzag-jobs><position><id>7</id><subcompany>Lab e.V.</subcompany><office>Berlin</office>"
    "<additionalOffices><office>Graz</office>"
    "</additionalOffices><name>Entwickler:in</name><jobDescriptions><jobDescription>"
    "<name>Aufgaben</name><value><![CDATA[<p>Offene "
    "Daten</p>]]></value></jobDescription></jobDescriptions><employmentType>intern</employmentType>"
    "<schedule>part-time</schedule>"
    "<createdAt>2026-03-01T09:00:00+00:00</createdAt></position></workzag-jobs>"
)


def test_a_personio_position_has_its_own_name_text_places_and_address():
    run = drive(Personio, "https://lab.jobs.personio.de/xml?language=de", lambda request: PERSONIO)
    (found,) = run.items
    assert (found.native_id, found.title, found.url) == (
        "7",
        "Entwickler:in",
        "https://lab.jobs.personio.de/job/7",
    )
    assert [p.raw for p in (found.place, *found.places)] == ["Berlin", "Graz"]
    assert (found.employment_type, found.language_declared) == (["PART_TIME", "INTERN"], "de")
    assert "Aufgaben" in found.html
    assert run.context.complete


def test_an_empty_personio_feed_is_complete_and_a_page_in_its_place_is_refused():
    run = drive(Personio, "https://lab.jobs.personio.de/xml", lambda request: "<workzag-jobs/>")
    assert (run.codes, run.context.complete) == (["empty-board"], True)


def test_recruitee_lists_everything_in_one_answer():
    run = drive(Recruitee, "https://lab.recruitee.com/api/offers/", lambda request: {"offers": []})
    assert (len(run.requests), run.context.complete) == (1, True)
