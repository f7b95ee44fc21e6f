"""Building indicators on a real database."""

from datetime import UTC, date, datetime

import pytest

from indicators.build import build

VINTAGE = date(2026, 3, 10)


def signal(key, month, country="DE", grade="core", areas=("Science",), **more):
    return {
        "_id": key, "source": "alpha", "kind": "job_advert", "published_at": datetime(2026, month, 5, tzinfo=UTC),
        "place": {"country": country}, "canonical": True,
        "dsi": {"grade": grade, "areas": [{"name": name, "score": 0.9} for name in areas], "trends": ["Open data"]},
        **more,
    }  # fmt: skip


def run(key, month, state="done"):
    return {"_id": key, "source": "alpha", "state": state, "started_at": datetime(2026, month, 6, tzinfo=UTC)}


@pytest.fixture
def filled(db):
    db.signals.insert_many([
        signal("a", 1), signal("b", 1, areas=("Science", "Health and wellbeing")),
        signal("c", 1, grade="none", areas=()), signal("d", 1, grade="adjacent"),
        signal("e", 1, canonical=False),
    ])  # fmt: skip
    db.runs.insert_many([run("r1", 1), run("r2", 2), run("r3", 3, "failed")])
    return db


def only(db, **match):
    found = list(db.indicators.find(match))
    assert len(found) == 1
    return found[0]


def test_counts_raw_and_deduplicated(filled):
    build(filled, vintage=VINTAGE)
    at = {"period": "2026-01", "dimension": "all"}
    assert only(filled, indicator="signals", grades="core", **at)["value"] == 2
    assert only(filled, indicator="signals_raw", grades="core", **at)["value"] == 3
    assert only(filled, indicator="signals", grades="core+adjacent", **at)["value"] == 3
    assert only(filled, indicator="share", grades="core", **at)["value"] == 0.5


def test_fractional_areas_add_up_to_the_signals(filled):
    build(filled, vintage=VINTAGE)
    rows = filled.indicators.find(
        {"indicator": "signals", "dimension": "area", "counting": "fractional", "grades": "core"}
    )
    assert {row["member"]: row["value"] for row in rows} == {"Science": 1.5, "Health and wellbeing": 0.5}


def test_labels_may_be_plain_names(filled):
    build(filled, vintage=VINTAGE)
    row = only(filled, indicator="signals", dimension="trend", counting="full", grades="core")
    assert (row["member"], row["value"]) == ("Open data", 2)


def test_zero_and_not_observed_differ(filled):
    build(filled, vintage=VINTAGE)
    at = {"indicator": "signals", "dimension": "all", "grades": "core"}
    february, march = (only(filled, period=month, **at) for month in ("2026-02", "2026-03"))
    assert (february["value"], february["status"]) == (0, "A")
    assert (march["value"], march["status"]) == (None, "L")


def test_same_data_make_no_new_vintage(filled):
    first = build(filled, vintage=VINTAGE)
    again = build(filled, vintage=VINTAGE)
    assert (first.created, again.created, again.vintage) == (True, False, "2026-03-10")


def test_late_signal_makes_a_second_edition_and_keeps_the_first(filled):
    build(filled, vintage=VINTAGE)
    before = list(filled.indicators.find({"vintage": "2026-03-10"}).sort("_id", 1))
    filled.signals.insert_one(signal("late", 1))
    second = build(filled, vintage=VINTAGE)
    assert second.vintage == "2026-03-10-2"
    assert any((entry["old"], entry["new"]) == (2, 3) for entry in second.revisions)
    assert list(filled.indicators.find({"vintage": "2026-03-10"}).sort("_id", 1)) == before
