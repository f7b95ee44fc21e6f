"""The demonstration, end to end: serve, crawl, classify, store, export, report."""

import contextlib
import io
import json
import re

import pytest

from crawler.commands.demo import run_demo
from crawler.demo.site import load_records
from crawler.demo.sources import SOURCES
from storage.connection import open_database


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "out"


@pytest.fixture(scope="module")
def ran(output):
    """Exit code of one demonstration, what it printed, and what it said about failures."""
    pytest.importorskip("altair")
    printed, complaints = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "240")  # a narrow table folds long names
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complaints):
            code = run_demo(output)
    return code, printed.getvalue(), complaints.getvalue()


@pytest.fixture(scope="module")
def db(ran, output):
    with open_database(data_directory=output) as database:
        yield database


def shown(output):
    page = (output / "report.html").read_text(encoding="utf-8")
    data = re.search(r'<script type="application/json" id="data-numbers">(.*?)</script>', page, re.DOTALL)
    return json.loads(data[1])


def test_every_source_is_crawled_and_printed(ran):
    code, printed, complaints = ran
    assert code == 0, complaints + printed
    assert [name for name in SOURCES if name.rpartition("/")[2] not in printed] == []
    assert "(failed)" not in printed


def test_files_are_written_and_printed(ran, output):
    files = [*(output / "exports").iterdir(), output / "report.html"]
    assert {"indicators.csv", "signals.csv", "network.graphml", "report.html"} <= {
        file.name for file in files
    }
    assert [file.name for file in files if str(file) not in ran[1]] == []


def test_every_record_is_stored(db):
    assert db.signals.count_documents({}) == len(load_records())


def test_places_are_known(db):
    unknown = db.signals.count_documents({"place.country": "ZZ"})
    assert unknown / db.signals.count_documents({}) < 0.1
    assert len(db.signals.distinct("place.country")) > 20


def test_same_vacancy_on_two_boards_is_counted_once(db):
    copies = db.signals.find({"canonical": False})
    assert sorted(copy["title"] for copy in copies) == [
        "Backend developer, open flood alerts", "Projektleitung digitale Teilhabe",
    ]  # fmt: skip


def test_withdrawals_and_changes_are_recorded(db):
    gone = {signal["source"] for signal in db.signals.find({"removed_at": {"$ne": None}})}
    assert gone == {"demo-board", "demo-jobs"}
    changed = db.observations.find_one({"outcome": "changed"})
    assert list(changed["changes"]) == ["money"]


def test_problems_are_recorded(db):
    assert set(db.issues.distinct("code")) == {"robots-disallow", "no-jobposting", "bad-json-ld"}


def test_classifier_finds_most_of_what_a_reader_called_core(db):
    read = {record["title"]: record["grade"] for record in load_records()}
    decided = {signal["title"]: signal["dsi"]["grade"] for signal in db.signals.find()}
    found = [title for title, grade in decided.items() if grade == "core"]
    wanted = [title for title, grade in read.items() if grade == "core"]
    right = len(set(found) & set(wanted))
    assert right / len(wanted) > 0.6
    assert right / len(found) > 0.8


def test_every_part_of_the_report_shows_something(ran, output):
    numbers = shown(output)
    assert all(numbers[part] for part in ("cells", "values", "labels", "matrix", "splits", "cities"))
    assert len(numbers["months"]) == 12
    assert {len(numbers["members"][name]) for name in ("area", "trend")} == {9, 4}
    assert len(numbers["network"]["links"]) > 10
    assert len(numbers["evidence"]["rows"]) > 40


@pytest.mark.parametrize(
    "measure", ["money_awarded", "money_offered", "awards", "calls_open", "datasets_listed"]
)
def test_measure_has_a_value(ran, output, measure):
    numbers = shown(output)
    at = [found["id"] for found in numbers["measures"]].index(measure)
    values = [row[-2] for row in numbers["values"] if row[0] == at]
    assert any(number for series in values if series for number in series)
