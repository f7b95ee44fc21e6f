"""The labelled development sample: every line well formed, enough of them, and no text of a third party."""

import json
from collections import Counter
from pathlib import Path

import pytest

from classifiers.labels import GUIDE_VERSION, read_labels
from classifiers.taxonomy import AREAS, GRADES, TRENDS

ROOT = Path(__file__).parents[2]
FILE = ROOT / "classifiers" / "data" / "labels.jsonl"
DATA = ROOT.parent / "shared" / "data"
POOLS = {
    "jobs": "jobs/ads.jsonl",
    "portals": "portals/datasets.jsonl",
    "funding": "funding/grants.jsonl",
    "multilingual": "multilingual/items.jsonl",
}
KEYS = {"id", "pool", "draw", "grade", "areas", "trends", "annotator", "guide", "pass"}
LEAST = {"jobs": 300, "portals": 250, "funding": 300, "multilingual": 413}
LONGEST_ID = 160  # characters: an identifier or an address, never a text


@pytest.fixture(scope="module")
def lines():
    return FILE.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def labels(lines):
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def first(labels):
    return [label for label in labels if label["pass"] == 1]


def test_the_reader_of_labels_accepts_every_line(lines):
    read, problems = read_labels(lines)
    assert problems == []
    assert len(read) == len(lines)


def test_a_line_holds_the_label_and_nothing_else(labels):
    assert {key for label in labels for key in label} == KEYS | {"abstained"}
    assert [label["id"] for label in labels if not label.keys() >= KEYS] == []
    assert [label["id"] for label in labels if len(label["id"]) > LONGEST_ID or "\n" in label["id"]] == []


def test_names_are_those_of_the_taxonomy(labels):
    assert {label["grade"] for label in labels} == set(GRADES)
    assert {name for label in labels for name in label["areas"]} == set(AREAS.values())
    assert {name for label in labels for name in label["trends"]} == set(TRENDS.values())
    assert {label["pool"] for label in labels} == POOLS.keys()
    assert {label["guide"] for label in labels} == {GUIDE_VERSION}


def test_areas_and_trends_follow_the_guide(labels):
    for label in labels:
        relevant = label["grade"] != "none"
        assert relevant or label["areas"] == label["trends"] == [], label["id"]
        assert len(label["areas"]) <= 3, label["id"]
        assert len(set(label["areas"])) == len(label["areas"]), label["id"]
        assert len(set(label["trends"])) == len(label["trends"]), label["id"]
        assert label.get("abstained", True) is True, label["id"]
        assert not (relevant and "abstained" in label), label["id"]


def test_one_label_per_item_and_pass(labels):
    counts = Counter((label["id"], label["pass"]) for label in labels)
    assert [key for key, count in counts.items() if count > 1] == []


def test_a_second_reading_is_by_another_annotator_of_an_item_read_before(labels):
    readers = {label["id"]: label["annotator"] for label in labels if label["pass"] == 1}
    again = [label for label in labels if label["pass"] == 2]
    assert [x["id"] for x in again if readers.get(x["id"], x["annotator"]) == x["annotator"]] == []


def test_there_are_enough_labels_of_every_pool_grade_area_and_trend(first):
    assert len(first) >= 1200
    pools = Counter(label["pool"] for label in first)
    assert {pool: pools[pool] for pool, least in LEAST.items() if pools[pool] < least} == {}
    grades = Counter((label["pool"], label["grade"]) for label in first)
    assert [(pool, grade) for pool in POOLS for grade in GRADES if grades[pool, grade] < 10] == []
    names = Counter(name for label in first for name in (*label["areas"], *label["trends"]))
    assert [name for name in (*AREAS.values(), *TRENDS.values()) if names[name] < 10] == []


@pytest.mark.recorded
@pytest.mark.parametrize("pool", POOLS)
def test_every_labelled_item_is_in_its_pool(pool, first):
    path = DATA / POOLS[pool]
    if not path.is_file():
        pytest.skip(f"{POOLS[pool]}: the pool of recorded items is not here")
    with path.open(encoding="utf-8") as stream:
        known = {json.loads(line)["id"] for line in stream}
    labelled = {label["id"] for label in first if label["pool"] == pool}
    assert labelled - known == set()
    assert pool != "multilingual" or labelled == known
