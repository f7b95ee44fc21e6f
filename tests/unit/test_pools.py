"""Texts of labelled items are looked up in pools beside the repository; hand-made pools stand in for them."""

import json

import pytest

from classifiers.corpus import load_real
from classifiers.pools import group_of, labelled_items, pool_directory, read_pool, source_of


@pytest.fixture
def pools(tmp_path):
    files = {
        "jobs/ads.jsonl": [{"id": "a:1", "source": "a", "title": "Clerk", "text": "…", "employer": "Harbour Link"}],
        "funding/grants.jsonl": [
            {"id": "f:1", "source": "f", "title": "Call", "text": "…", "kind": "call", "funder": "Fund"},
            {"id": "f:2", "source": "f", "title": "Notice", "text": "…", "kind": "procurement_award"},
        ],
        "multilingual/items.jsonl": [
            {"id": "m:1", "source": "owner/name@path", "kind": "post", "title": "Ajuntament", "text": "…"},
        ],
    }  # fmt: skip
    for name, rows in files.items():
        file = tmp_path / name
        file.parent.mkdir()
        file.write_text("\n".join(map(json.dumps, rows)))
    return tmp_path


def test_records_of_all_pools_look_alike(pools):
    rows = [row for pool in ("jobs", "portals", "funding", "multilingual") for row in read_pool(pools, pool)]
    assert [row["kind"] for row in rows] == ["job_advert", "funding_call", "notice", "post"]
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])}
    assert rows[0]["organisation"] == "Harbour Link"


def test_what_is_held_out_is_the_source_or_the_owner_of_a_collection(pools):
    job, post = next(read_pool(pools, "jobs")), next(read_pool(pools, "multilingual"))
    assert (source_of(job), source_of(post)) == ("a", "owner")
    assert (group_of(job), group_of(post)) == ("Harbour Link", "owner/name@path")


def test_first_of_two_readings_counts_and_items_of_no_pool_are_told(pools):
    labels = [
        {"id": "a:1", "pool": "jobs", "grade": "none", "areas": [], "trends": [], "pass": 2},
        {"id": "a:1", "pool": "jobs", "grade": "core", "areas": ["Science"], "trends": [], "pass": 1},
        {"id": "gone", "pool": "jobs", "grade": "none", "areas": [], "trends": [], "pass": 1},
    ]
    rows, missing = labelled_items(pools, labels)
    assert [(row["id"], row["grade"]) for row in rows] == [("a:1", "core")]
    assert missing == ["gone"]


def test_label_without_a_text_stops_the_training(pools, tmp_path):
    file = tmp_path / "labels.jsonl"
    file.write_text('{"id": "gone", "grade": "none", "annotator": "a1"}\n')
    with pytest.raises(ValueError, match="1 items are in no pool: gone"):
        load_real(pools, file)


def test_broken_pool_line_is_named(pools):
    (pools / "jobs" / "ads.jsonl").write_text('{"id": "a:1"}\nnot json\n')
    with pytest.raises(ValueError, match=r"ads\.jsonl, line 2"):
        list(read_pool(pools, "jobs"))


def test_folder_is_the_named_one_or_that_of_the_environment(pools, monkeypatch):
    assert pool_directory(pools) == pools
    monkeypatch.setenv("DSI_POOLS", str(pools))
    assert pool_directory() == pools
    monkeypatch.setenv("DSI_POOLS", str(pools / "none"))
    with pytest.raises(FileNotFoundError, match="no such folder"):
        pool_directory()
