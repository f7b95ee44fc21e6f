"""Building indicators on a real database."""

import os
import signal as signals
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from indicators import vintages
from indicators.audit import draw_audit
from indicators.build import build
from indicators.errors import BuildRunningError, InputError

VINTAGE = date(2026, 3, 10)
ROOT = Path(__file__).parents[2]


def signal(key, month, country="DE", grade="core", areas=("Science",), **more):
    return {
        "_id": key, "source": "alpha", "kind": "job_advert",
        "published_at": datetime(2026, month, 5, tzinfo=UTC), "place": {"country": country},
        "canonical": True,
        "dsi": {
            "grade": grade, "areas": [{"name": name, "score": 0.9} for name in areas],
            "trends": ["Open data"],
        },
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


def rows(db, vintage=None, **match):
    match = {"geo_level": "country", **match}
    return list(vintages.rows(db, vintages.resolve(db, vintage), match))


def only(db, **match):
    found = rows(db, **match)
    assert len(found) == 1
    return found[0]


def test_counts_raw_and_deduplicated(filled):
    build(filled, vintage=VINTAGE)
    at = {"period": "2026-01", "dimension": "all"}
    assert only(filled, indicator="signals", grades="core", **at)["value"] == 2
    assert only(filled, indicator="signals_raw", grades="core", **at)["value"] == 3
    assert only(filled, indicator="signals", grades="core+adjacent", **at)["value"] == 3
    assert only(filled, indicator="signals", grades="any", **at)["value"] == 4
    assert only(filled, indicator="share", grades="core", **at)["value"] == 0.5


def test_fractional_areas_add_up_to_the_signals(filled):
    build(filled, vintage=VINTAGE)
    found = rows(filled, indicator="signals", dimension="area", counting="fractional", grades="core")
    assert {row["member"]: row["value"] for row in found} == {"Science": 1.5, "Health and wellbeing": 0.5}


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


def test_number_of_a_month_without_a_run_is_marked(filled):
    filled.signals.insert_one(signal("old", 1, published_at=datetime(2025, 12, 5, tzinfo=UTC)))
    build(filled, vintage=VINTAGE)
    row = only(filled, indicator="signals", dimension="all", grades="core", period="2025-12")
    assert (row["value"], row["status"]) == (1, "U")


def test_rates_use_the_population_of_their_year_or_say_which(filled):
    build(filled, vintage=VINTAGE)
    row = only(filled, indicator="signals", dimension="all", grades="core", period="2026-01")
    assert row["per_million"] == pytest.approx(2 / 83_237_124 * 1e6)
    assert row["population_year"] == 2022


def test_sums_of_the_union_and_the_world(filled):
    filled.signals.insert_many([signal("n", 1, "NO"), signal("z", 1, "ZZ"), signal("u", 1, "EU")])
    build(filled, vintage=VINTAGE)
    at = {"indicator": "signals", "dimension": "all", "grades": "core", "period": "2026-01"}
    assert only(filled, **at, geo_level="eu")["value"] == 3
    assert only(filled, **at, geo_level="world")["value"] == 5


def test_call_counts_in_the_month_of_its_opening(db):
    call = {"kind": "funding_call", "published_at": None, "opens_at": datetime(2026, 2, 3, tzinfo=UTC),
            "closes_at": datetime(2026, 4, 1, tzinfo=UTC),
            "first_seen": datetime(2026, 3, 6, tzinfo=UTC)}  # fmt: skip
    db.signals.insert_one(signal("call", 1, **call))
    db.runs.insert_many([run("r2", 2), run("r3", 3)])
    build(db, vintage=VINTAGE)
    assert only(db, indicator="calls_new", grades="core", period="2026-02")["value"] == 1
    assert [row["value"] for row in rows(db, indicator="calls_open", grades="core")] == [1, 1]


def test_epoch_is_no_date(db):
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    db.signals.insert_one(signal("old", 1, published_at=epoch, first_seen=datetime(2026, 3, 1, tzinfo=UTC)))
    build(db, vintage=VINTAGE)
    assert {row["period"] for row in rows(db)} == {"2026-03"}


def test_open_vacancies_are_a_stock(db):
    db.signals.insert_many([
        signal("open", 1), signal("closed", 1, closes_at=datetime(2026, 2, 20, tzinfo=UTC)),
        signal("gone", 1, removed_at=datetime(2026, 1, 20, tzinfo=UTC)), signal("pool", 1, evergreen=True),
    ])  # fmt: skip
    db.runs.insert_many([run("r1", 1), run("r2", 2)])
    build(db, vintage=VINTAGE)
    found = rows(db, indicator="vacancies_open", grades="core")
    assert [(row["period"], row["value"], row["status"]) for row in found] == [
        ("2026-01", 2, "A"), ("2026-02", 1, "A"), ("2026-03", None, "L"),
    ]  # fmt: skip
    assert only(db, indicator="vacancies_new", grades="core", dimension="all", period="2026-01")["value"] == 3


def award(key, eur, sector, country="DE", kind="award"):
    return signal(key, 1, country, kind="award", money={"kind": kind, "eur": eur},
                  recipient={"name": f"Recipient {key[0]}", "sector": sector})  # fmt: skip


def test_money_awarded_by_stage_and_sector(db):
    db.signals.insert_many([
        award("a1", 50_000, "civil-society"), award("a2", 1_000_000.5, "public"), award("b", None, "public"),
        award("c", 9, "public", kind="project_cost"),
    ])  # fmt: skip
    db.runs.insert_one(run("r1", 1))
    build(db, vintage=VINTAGE)
    at = {"grades": "core", "period": "2026-01"}
    total = only(db, indicator="money_awarded", dimension="all", **at)
    assert (total["value"], total["n"], total["unit"]) == (1_050_000.5, 2, "EUR")
    stages = {row["member"]: row["value"] for row in rows(db, indicator="awards", dimension="stage", **at)}
    assert stages == {"early": 1, "later": 1, "unknown": 2}
    assert only(db, indicator="adoption_public_sector", dimension="all", kind="award", **at)["value"] == 3
    assert only(db, indicator="organisations", dimension="all", **at)["value"] == 3


def test_datasets_are_described_as_they_are_now(db):
    common = {"kind": "dataset", "text": "Benches of a town", "updated_at": datetime(2026, 2, 1, tzinfo=UTC)}
    db.signals.insert_many([
        signal("a", 1, licence="CC BY 4.0", formats=["CSV"], **common),
        signal("b", 1, licence="cc-by-nc-4.0", **common),
        signal("c", 1, **{**common, "updated_at": datetime(2020, 1, 1, tzinfo=UTC)}),
    ])  # fmt: skip
    build(db, vintage=VINTAGE)
    at = {"grades": "core", "period": "2026-03"}
    assert only(db, indicator="licence_open", **at)["value"] == 0.5
    assert only(db, indicator="licence_stated", **at)["value"] == pytest.approx(2 / 3)
    assert only(db, indicator="freshness", **at)["value"] == pytest.approx(2 / 3)
    assert only(db, indicator="metadata_quality", **at)["value"] == pytest.approx((3 + 2 + 1) / 24)


def test_regions_only_by_nuts_code(db):
    db.signals.insert_many([
        signal("a", 1, "GR", place={"country": "GR", "region": "EL30", "city": "Athens"}),
        signal("b", 1, "GR", place={"country": "GR", "region": "Attica"}),
    ])  # fmt: skip
    build(db, vintage=VINTAGE)
    at = {"indicator": "signals", "grades": "core", "period": "2026-01"}
    found = {(row["geo_level"], row["geo"]): row["value"] for row in
             rows(db, **at, geo_level={"$in": ["nuts1", "nuts2", "city"]})}  # fmt: skip
    assert found == {("nuts1", "EL3"): 1, ("nuts2", "EL30"): 1, ("city", "GR-Athens"): 1}


def test_same_data_make_no_new_vintage(filled):
    first = build(filled, vintage=VINTAGE)
    again = build(filled, vintage=VINTAGE)
    assert (first.created, again.created, again.vintage) == (True, False, "2026-03-10")
    assert vintages.names(filled) == ["2026-03-10"]
    assert filled.indicators.count_documents({"vintage": {"$ne": "2026-03-10"}}) == 0


def test_late_signal_makes_a_second_edition_one_revision_and_keeps_the_first(filled):
    build(filled, vintage=VINTAGE)
    before = rows(filled)
    late = signal(
        "late", 1, areas=("Science", "Finance and economy"), first_seen=datetime.now(UTC).replace(year=2099)
    )
    filled.signals.insert_one(late)
    second = build(filled, vintage=VINTAGE)
    assert second.vintage == "2026-03-10-2"
    (line,) = second.revisions
    assert (line["period"], line["geo"], line["kind"]) == ("2026-01", "DE", "job_advert")
    assert (line["old"], line["new"], line["reason"]) == (2, 3, "late")
    assert rows(filled, "2026-03-10") == before


def test_late_signal_of_a_country_never_seen_is_one_revision(filled):
    build(filled, vintage=VINTAGE)
    filled.signals.insert_one(signal("late", 1, "MT"))
    (line,) = build(filled, vintage=VINTAGE).revisions
    assert (line["geo"], line["old"], line["new"]) == ("MT", None, 1)


def test_only_one_month_is_computed_and_the_others_are_carried_over(filled):
    build(filled, vintage=VINTAGE)
    filled.signals.insert_many([signal("late", 1), signal("later", 2)])
    second = build(filled, vintage=date(2026, 3, 11), periods=["2026-02"])
    at = {"indicator": "signals", "dimension": "all", "grades": "core"}
    assert [row["value"] for row in rows(filled, **at)] == [2, 1, None]
    assert {row["vintage"] for row in rows(filled)} == {"2026-03-11"}
    assert second.rows == len(list(vintages.rows(filled, vintages.resolve(filled))))


def test_one_month_alone_gives_the_numbers_of_a_full_build(filled):
    filled.signals.insert_many([
        signal("undated", 1, published_at=None, first_seen=datetime(2026, 1, 9, tzinfo=UTC)),
        signal("epoch", 1, published_at=datetime(1970, 1, 1, tzinfo=UTC),
               first_seen=datetime(2026, 1, 9, tzinfo=UTC)),
        signal("closing", 1, closes_at=datetime(2026, 2, 9, tzinfo=UTC)), award("prize", 10, "public"),
    ])  # fmt: skip
    build(filled, vintage=VINTAGE)
    full = rows(filled, period="2026-01", geo_level={"$exists": True})
    build(filled, vintage=date(2026, 3, 11), periods=["2026-01"])
    alone = rows(filled, period="2026-01", geo_level={"$exists": True})
    assert [{**row, "vintage": None} for row in alone] == [{**row, "vintage": None} for row in full]


@pytest.mark.parametrize(("options", "said"), [
    ({"since": "2026-13"}, "not a month"), ({"since": "2026-03", "until": "2026-02"}, "is empty"),
    ({"until": "1999-01"}, "nothing to count"), ({"periods": ["2024-05"]}, "needs an earlier vintage"),
])  # fmt: skip
def test_period_that_cannot_be_meant_is_refused(filled, options, said):
    with pytest.raises(InputError, match=said):
        build(filled, vintage=VINTAGE, **options)
    assert vintages.names(filled) == []
    assert filled.indicators.count_documents({}) == 0
    assert filled.vintages.count_documents({}) == 0


def test_month_without_data_is_refused(filled):
    build(filled, vintage=VINTAGE)
    with pytest.raises(InputError, match="2024-05"):
        build(filled, vintage=VINTAGE, periods=["2024-05"])


def test_vintage_before_the_newest_is_refused(filled):
    build(filled, vintage=VINTAGE)
    with pytest.raises(InputError, match="order of time"):
        build(filled, vintage=date(2026, 3, 9))


def test_two_builds_at_once_are_refused(filled):
    with (
        vintages.building(filled, "2026-03-10"),
        pytest.raises(BuildRunningError, match="2026-03-10") as caught,
    ):
        build(filled, vintage=VINTAGE)
    assert caught.value.exit_code == 6
    assert build(filled, vintage=VINTAGE).created


def test_failed_build_leaves_nothing(filled, monkeypatch):
    def fails(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr("indicators.vintages.publish", fails)
    with pytest.raises(RuntimeError):
        build(filled, vintage=VINTAGE)
    assert [
        filled[name].count_documents({}) for name in ("indicators", "vintages", "vintage_files.files")
    ] == [0, 0, 0]


def test_killed_build_is_never_seen_and_cleared_by_the_next(filled, database_uri):
    code = f"""
import os, signal
from datetime import date
from indicators import vintages
from indicators.audit import draw_audit
from indicators.build import build
from storage.connection import open_database
vintages.publish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with open_database({database_uri!r}, name={filled.name!r}) as db:
    build(db, vintage=date(2026, 3, 10))
"""
    killed = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert killed.returncode == -signals.SIGKILL
    assert filled.indicators.count_documents({}) > 0
    assert vintages.names(filled) == []
    with pytest.raises(InputError, match="indicators build"):
        vintages.resolve(filled)
    filled.signals.delete_one({"_id": "b"})
    build(filled, vintage=VINTAGE)
    assert only(filled, indicator="signals", grades="core", dimension="all", period="2026-01")["value"] == 1


def test_audit_sample_corrects_the_count_and_keeps_the_uncorrected(db):
    graded = [signal(f"s{number:03}", 1, dsi={"grade": "core", "score": 0.85}) for number in range(200)]
    db.signals.insert_many(graded)
    db.runs.insert_one(run("r1", 1))
    drawn = draw_audit(db, 60, 1, datetime.now(UTC))
    db.labels.insert_many([
        {"_id": f"{row['_id']}:x", "signal": row["_id"], "grade": "core" if number % 4 else "none"}
        for number, row in enumerate(drawn)
    ])  # fmt: skip
    build(db, vintage=VINTAGE)
    row = only(db, indicator="signals", grades="core", dimension="all", period="2026-01")
    assert row["value"] == 200
    assert 140 < row["corrected"] < 160
    assert row["corrected_low"] < 150 < row["corrected_high"]


def test_labels_that_were_not_drawn_at_random_correct_nothing(db):
    db.signals.insert_one(signal("a", 1, dsi={"grade": "core", "score": 0.9}))
    db.labels.insert_one({"_id": "a:x", "signal": "a", "grade": "none"})
    build(db, vintage=VINTAGE)
    assert (
        only(db, indicator="signals", grades="core", dimension="all", period="2026-01")["corrected"] is None
    )


def test_audit_draws_no_signal_twice_and_records_the_chance(db):
    db.signals.insert_many([signal(f"s{n:02}", 1, dsi={"grade": "none", "score": n / 40}) for n in range(40)])
    first, second = (draw_audit(db, 10, seed, datetime.now(UTC)) for seed in (1, 2))
    assert len({row["_id"] for row in (*first, *second)}) == 20
    assert sum(1 / row["probability"] for row in first) == pytest.approx(40)
    assert sum(1 / row["probability"] for row in second) == pytest.approx(30)
    assert len(draw_audit(db, 100, 3, datetime.now(UTC))) == 20
    assert draw_audit(db, 100, 3, datetime.now(UTC)) == []
