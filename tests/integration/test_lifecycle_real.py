"""The life of adverts over crawls of a board: taken away, added, changed, re-listed; what closes nothing.

The board is the recorded one of Greenhouse where it lies beside the repository, else one of the same shape.
"""

import copy
import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from crawler.runner import crawl
from tests.support.shared import DATA
from tests.support.site import Answer, Site
from tests.support.sources import loopback_source

RECORDED = DATA / "jobs/raw/greenhouse/jobs_codepath.json"
PATH = "/v1/boards/codepath/jobs"


def invented():
    """Fourteen posts in the shape of the recorded ones."""
    return {
        "jobs": [
            {
                "id": 4000 + n,
                "internal_job_id": 900 + n,
                "title": f"Post number {n}",
                "updated_at": "2026-02-01T10:00:00-05:00",
                "absolute_url": f"https://boards.greenhouse.io/lab/jobs/{4000 + n}",
                "location": {"name": "Remote"},
            }
            for n in range(14)
        ],
        "meta": {"total": 14},
    }


@pytest.fixture(params=["invented", pytest.param("recorded", marks=pytest.mark.recorded)])
def board(request):
    if request.param == "invented":
        return invented()
    if not RECORDED.is_file():
        pytest.skip("the recorded board is not beside the repository")
    return json.loads(RECORDED.read_bytes())


def without(board, *numbers, changed=(), added=0):
    """The board with posts taken away, changed and added."""
    jobs = [copy.deepcopy(job) for n, job in enumerate(board["jobs"]) if n not in numbers]
    for n in changed:
        jobs[n]["title"] += " (two years)"
    for n in range(added):
        jobs.append(
            {
                **copy.deepcopy(board["jobs"][0]),
                "id": 99_000 + n,
                "internal_job_id": 99_500 + n,
                "title": f"New post {n}",
            }
        )
    return {"jobs": jobs, "meta": {"total": len(jobs)}}


class Board:
    """One source, crawled as often as answers are given."""

    def __init__(self, db, site, **lifecycle):
        self.db, self.site = db, site
        self.source = loopback_source(site, "board", "greenhouse", PATH, **lifecycle)

    def read(self, body, status=200):
        self.site.routes[PATH] = Answer(body, status)
        return crawl([self.source], db=self.db, settings={"DSI_BUSY_TRIES": 1, "DSI_BUSY_PAUSE": 0.01})[0]

    def removed(self):
        return {
            row["native_id"]: row["removal_reason"]
            for row in self.db.signals.find({"removed_at": {"$ne": None}})
        }

    def observed(self, run):
        return Counter(row["outcome"] for row in self.db.observations.find({"run": run.run_id}))


@pytest.fixture
def site():
    with Site() as running:
        yield running


def test_counts_of_a_second_reading_are_exact(db, site, board):
    run = Board(db, site)
    first = run.read(board)
    assert (first.state, dict(first.outcomes)) == ("done", {"new": 14})
    second = run.read(without(board, 0, 5, 9, changed=(1, 2), added=3))
    assert (second.state, dict(second.outcomes)) == ("done", {"new": 3, "changed": 2, "unchanged": 9})
    gone = [str(board["jobs"][n]["id"]) for n in (0, 5, 9)]
    assert run.removed() == dict.fromkeys(gone, "listing_absent")
    assert run.observed(second) == {"new": 3, "changed": 2, "removed": 3}
    assert db.runs.find_one({"_id": second.run_id})["extra"]["removed"] == 3
    assert db.signals.count_documents({}) == 17


def test_a_post_that_comes_back_is_listed_again(db, site, board):
    run = Board(db, site)
    run.read(board)
    run.read(without(board, 3))
    third = run.read(board)
    assert dict(third.outcomes) == {"relisted": 1, "unchanged": 13}
    assert run.removed() == {}


def test_absence_counts_from_the_run_the_source_file_says(db, site, board):
    run = Board(db, site, missing_runs=2)
    run.read(board)
    run.read(without(board, 3))
    assert run.removed() == {}
    run.read(without(board, 3))
    assert len(run.removed()) == 1


@pytest.mark.parametrize(
    ("body", "status", "state"),
    [
        ("<html><h1>Service Unavailable</h1></html>", 503, "failed"),
        ("<html><h1>Forbidden</h1></html>", 403, "failed"),
        ("<html><h1>Too many</h1></html>", 429, "failed"),
        ("<html><h1>Error</h1></html>", 500, "failed"),
        ("truncated", 200, "failed"),
        ("short", 200, "done"),
        ("<html><h1>Careers</h1></html>", 200, "failed"),
    ],
)
def test_no_refusal_and_no_damaged_answer_closes_an_advert(db, site, body, status, state):
    board = invented()
    run = Board(db, site, max_shrink=1.0, shrunk_runs=1)
    run.read(board)
    if body == "truncated":
        body = json.dumps(board)[:-200]
    elif body == "short":  # a list that holds less than it states
        body = {"jobs": board["jobs"][:9], "meta": {"total": 14}}
    for _ in range(4):
        assert run.read(body, status).state == state
    assert run.removed() == {}
    assert db.signals.count_documents({"missing_count": {"$gt": 0}}) == 0


@pytest.mark.parametrize(
    ("body", "status", "state", "code"),
    [
        ({"jobs": [], "meta": {"total": 0}}, 200, "done", "empty-board"),
        ({"status": 404, "error": "Job not found"}, 404, "failed", "unknown-board"),
        ("Not Found", 404, "failed", "unknown-board"),
    ],
)
def test_an_empty_or_missing_board_closes_its_adverts_when_it_stays_so(
    db, site, board, body, status, state, code
):
    run = Board(db, site)
    run.read(board)
    for _ in range(2):
        answer = run.read(body, status)
        assert answer.state == state
        assert run.removed() == {}
        found = {row["code"] for row in db.issues.find({"run_id": answer.run_id})}
        assert found == {code, "implausible-shrink"}
    run.read(body, status)
    assert Counter(run.removed().values()) == {"listing_absent": 14}


def test_a_board_that_recovers_in_between_closes_nothing(db, site):
    board = invented()
    run = Board(db, site)
    run.read(board)
    for body, status in (({"jobs": []}, 200), ("", 404), (board, 200), ({"jobs": []}, 200), ("", 404)):
        run.read(body, status)
    assert run.removed() == {}


def test_a_source_may_trust_an_empty_board_at_once(db, site):
    run = Board(db, site, max_shrink=1.0)
    run.read(invented())
    run.read({"jobs": []})
    assert len(run.removed()) == 14


def test_standing_invitations_are_flagged(db, site):
    board = without(invented(), *range(11))
    board["jobs"][0]["title"], board["jobs"][1]["internal_job_id"] = "Talent pool: developers", None
    Board(db, site).read(board)
    flagged = {row["native_id"] for row in db.signals.find({"evergreen": True})}
    assert flagged == {str(job["id"]) for job in board["jobs"][:2]}


FEED = """<source><job><title>Past</title><referencenumber>1</referencenumber>
   <expirationdate>{past}</expirationdate></job>
<job><title>Today</title><referencenumber>2</referencenumber><expirationdate>{today}</expirationdate></job>
<job><title>Absurd</title><referencenumber>3</referencenumber><date>2026-01-01</date>
   <expirationdate>2001-01-01</expirationdate></job>
<job><title>Open</title><referencenumber>4</referencenumber></job></source>"""


def test_an_advert_past_its_closing_date_is_expired_once_though_it_is_still_listed(db, site):
    now = datetime.now(UTC)
    days = {"past": f"{now - timedelta(days=3):%Y-%m-%d}", "today": f"{now:%Y-%m-%d}"}
    run = Board(db, site)
    run.source = run.source.model_copy(update={"protocol": "jobfeed"})
    first = run.read(FEED.format(**days))
    assert dict(first.outcomes) == {"new": 4}
    assert run.removed() == {"1": "expired"}
    second = run.read(FEED.format(**days))
    assert (dict(second.outcomes), run.removed()) == ({"unchanged": 4}, {"1": "expired"})
    assert db.observations.count_documents({"run": second.run_id}) == 0
    longer = run.read(FEED.format(**days | {"past": f"{now + timedelta(days=30):%Y-%m-%d}"}))
    assert (dict(longer.outcomes), run.removed()) == ({"relisted": 1, "unchanged": 3}, {})


def own_pages():
    """Rows of a list whose adverts have answers of their own, and what those say besides."""
    company = {"identifier": "Lab", "name": "Civic Lab"}
    row = {n: {"id": str(n), "name": f"Post {n}", "company": company} for n in range(3)}
    return row, {"jobAd": {"sections": {"jobDescription": {"title": "Job", "text": "<p>Open data.</p>"}}}}


def test_an_advert_that_is_gone_before_it_was_ever_read_is_no_vacancy(db, site):
    row, text = own_pages()
    site.routes |= {f"{PATH}/{n}": Answer(row[n] | text) for n in row} | {f"{PATH}/1": Answer("", 404)}
    run = Board(db, site)
    run.source = run.source.model_copy(update={"protocol": "smartrecruiters"})
    first = run.read({"totalFound": 3, "content": list(row.values())})
    assert (first.read, dict(first.outcomes)) == (3, {"new": 2, "removed": 1})
    assert db.signals.count_documents({}) == 2
    assert run.observed(first) == {"new": 2}
    assert set(db.evidence.distinct("_id")) == set(db.signals.distinct("evidence"))


def test_an_advert_whose_own_page_is_gone_is_removed_at_once(db, site):
    row, text = own_pages()
    site.routes |= {f"{PATH}/{n}": [Answer(row[n] | text)] for n in row}
    site.routes[f"{PATH}/1"] = [Answer(row[1] | text), Answer("", 404), Answer("", 503)]
    run = Board(db, site)
    run.source = run.source.model_copy(update={"protocol": "smartrecruiters"})
    listing = {"totalFound": 3, "content": list(row.values())}
    assert dict(run.read(listing).outcomes) == {"new": 3}
    second = run.read(listing)
    assert (second.state, dict(second.outcomes)) == ("done", {"unchanged": 2, "removed": 1})
    assert run.removed() == {"1": "source_removed"}
    third = run.read(listing)  # refused: neither a removal nor a complete listing
    assert (third.state, dict(third.outcomes), run.removed()) == (
        "partial",
        {"unchanged": 2},
        {"1": "source_removed"},
    )
