"""Properties of counts, rows and intervals, whatever the signals are."""

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from indicators.cells import Frame, rows_of_month
from indicators.counts import Tables
from indicators.declarations import declarations
from indicators.estimate import Reading, corrected, fit
from indicators.measures import fractional, location_quotient, per_million, poisson, wilson
from indicators.population import EU27, population
from indicators.revisions import revised_cells

COUNTRIES = ["DE", "MT", "NO", "EU", "ZZ"]
KINDS = ["job_advert", "award", "dataset"]
MONTH = "2021-05"
SIGNALS = st.lists(
    st.fixed_dictionaries({
        "country": st.sampled_from(COUNTRIES), "kind": st.sampled_from(KINDS),
        "grade": st.sampled_from(["core", "adjacent", "none"]), "duplicate": st.booleans(),
        "sector": st.sampled_from(["public", "civil-society", "unknown"]),
        "areas": st.sets(st.sampled_from("abcdefghi")), "eur": st.integers(0, 10**6),
    }),
    max_size=40,
)  # fmt: skip


def given(*strategies):
    """Examples without a deadline: all rows of a month take longer on a busy machine."""
    return lambda test: settings(deadline=None)(examples(*strategies)(test))


def tables(signals):
    """Count signals as the passes do."""
    counted = Tables()
    for signal in signals:
        kind, relevant = signal["kind"], signal["grade"] != "none"
        copy = "duplicate" if signal["duplicate"] else ""
        stage = "" if kind != "award" else "early" if signal["eur"] <= 60_000 else "later"
        money = signal["eur"] if kind == "award" else 0
        key = (
            signal["country"], kind, signal["grade"], copy, signal["sector"] if relevant else "-",
            stage if relevant else "-", "",
        )  # fmt: skip
        counted.add("flow", key, {"n": 1, "awarded": money, "awards": int(money > 0)})
        if relevant:
            for area, weight in fractional(signal["areas"]).items():
                counted.add("area", (*key[:4], area), {"n": 1, "weight": weight})
    return counted


def frame(signals, ran=None):
    pairs = frozenset((signal["country"], signal["kind"]) for signal in signals)
    return Frame(month=MONTH, closed=True, pairs=pairs, observed=pairs if ran is None else frozenset(ran))


def rows(signals, ran=None, **match):
    return only(rows_of_month(tables(signals), frame(signals, ran), declarations()).values(), **match)


def only(found, **match):
    return [row for row in found if all(row[name] == value for name, value in match.items())]


def total(found):
    return sum(row["value"] or 0 for row in found)


@given(st.lists(st.sets(st.sampled_from("abcdefghi"), min_size=1)))
def test_fractional_counts_sum_to_items(items):
    assert sum(sum(fractional(labels).values()) for labels in items) == pytest.approx(len(items))


@given(SIGNALS)
def test_fractional_rows_sum_to_the_signals_that_have_an_area(signals):
    labelled = [s for s in signals if s["grade"] == "core" and s["areas"] and not s["duplicate"]]
    found = rows(
        signals, indicator="signals", dimension="area", counting="fractional", grades="core", geo="WORLD"
    )
    assert total(found) == pytest.approx(len(labelled))


@given(SIGNALS)
def test_full_counts_are_no_less_than_fractional_ones(signals):
    at = {"indicator": "signals", "dimension": "area"}
    full = {
        (r["geo"], r["kind"], r["member"], r["grades"]): r["value"]
        for r in rows(signals, **at, counting="full")
    }
    for row in rows(signals, **at, counting="fractional"):
        assert row["value"] <= full[row["geo"], row["kind"], row["member"], row["grades"]] + 1e-9


@given(SIGNALS)
def test_shares_lie_between_zero_and_one(signals):
    for row in rows(signals):
        if row["share"] is not None and row["unit"] == "signals" and row["indicator"] == "signals":
            assert 0 <= row["share"] <= 1
        if row["unit"] == "1":
            assert 0 <= row["ci_low"] <= row["value"] <= row["ci_high"] <= 1


@given(SIGNALS)
def test_countries_and_sectors_are_partitions(signals):
    found = rows(signals, counting="full")
    for grades in ("core", "core+adjacent"):
        for name in ("signals", "money_awarded"):
            at = {"indicator": name, "grades": grades}
            world = total(only(found, **at, geo_level="world", dimension="all"))
            assert total(only(found, **at, geo_level="country", dimension="all")) == world
            assert total(only(found, **at, geo_level="world", dimension="sector")) == world
    at = {"indicator": "awards", "grades": "core", "geo_level": "world"}
    assert total(only(found, **at, dimension="stage")) == total(only(found, **at, dimension="all"))


@given(SIGNALS)
def test_the_union_holds_its_members_and_itself(signals):
    at = {"indicator": "signals", "grades": "any", "dimension": "all"}
    members = [row for row in rows(signals, **at, geo_level="country") if row["geo"] in EU27 | {"EU"}]
    assert total(members) == total(rows(signals, **at, geo_level="eu"))


@given(SIGNALS)
def test_unknown_places_are_kept_as_such(signals):
    unknown = [s for s in signals if s["country"] == "ZZ" and s["grade"] == "core"]
    found = rows(signals, indicator="signals_raw", grades="core", geo="ZZ")
    assert total(found) == len(unknown)
    assert all(row["per_million"] is None for row in found)


@given(SIGNALS, st.sets(st.tuples(st.sampled_from(COUNTRIES), st.sampled_from(KINDS))))
def test_zero_only_where_a_source_ran(signals, ran):
    for row in rows(signals, ran, geo_level="country", dimension="all", unit="signals"):
        observed = (row["geo"], row["kind"]) in ran
        if row["value"] == 0:
            assert observed
            assert row["status"] == "A"
        if not observed:
            assert row["status"] == ("U" if row["value"] else "L")
            assert row["value"] is None or row["value"] > 0


@given(SIGNALS)
def test_without_runs_no_cell_is_observed(signals):
    assert {row["status"] for row in rows(signals, set(), unit="signals")} <= {"L", "U"}


@given(SIGNALS)
def test_rate_times_population_is_the_count(signals):
    for row in rows(signals, unit="signals"):
        if row["per_million"] is not None:
            assert row["per_million"] * row["population"] / 1e6 == pytest.approx(row["value"])
            assert row["population_year"] == 2021


@given(SIGNALS)
def test_keys_are_unique_and_rows_repeat(signals):
    first = rows_of_month(tables(signals), frame(signals), declarations())
    assert rows_of_month(tables(signals), frame(signals), declarations()) == first


@given(SIGNALS, st.sampled_from(COUNTRIES), st.sampled_from(KINDS))
def test_one_late_signal_revises_one_cell(signals, country, kind):
    late = {"country": country, "kind": kind, "grade": "core", "duplicate": False, "sector": "public",
            "areas": {"a", "b"}, "eur": 5}  # fmt: skip
    (line,) = revised_cells(rows(signals), rows([*signals, late]), {}, other_model=False)
    assert (line["period"], line["geo"], line["kind"]) == (MONTH, country, kind)
    assert line["new"] == (line["old"] or 0) + 1


@given(SIGNALS)
def test_nothing_new_revises_nothing(signals):
    assert revised_cells(rows(signals), rows(signals), {}, other_model=False) == []


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_wilson_holds_the_rate(part, rest):
    low, high = wilson(part, part + rest)
    assert 0 <= low <= part / (part + rest) <= high <= 1


@given(st.integers(0, 10_000))
def test_poisson_holds_the_count(count):
    low, high = poisson(count)
    assert 0 <= low <= count <= high


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 1000), st.integers(0, 1000))
def test_quotient_needs_five_signals(part, more, all_parts, all_more):
    found = location_quotient(part, part + more, all_parts, all_parts + all_more)
    assert (found is None) == (min(part + more, all_parts) < 5)
    assert found is None or found >= 0


@given(st.sampled_from([*sorted(EU27), "EU27", "GB", "NO", "CH"]), st.integers(2012, 2040))
def test_population_is_of_the_year_or_an_earlier_one(geo, year):
    people, of = population(geo, year)
    assert people > 400_000
    assert 2012 <= of <= year
    assert per_million(people, people) == 1_000_000


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.booleans()), min_size=1, max_size=60),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 500)),
)
def test_corrected_numbers_lie_within_the_items(readings, items):
    audit = fit([Reading(*reading) for reading in readings])
    found = corrected(audit, {"x": items})
    read = {stratum for stratum, *_ in readings}
    counted = {stratum for stratum, count in items.items() if count}
    assert (found is None) == (not counted or not counted <= read)
    if found:
        assert 0 <= found.low <= found.value <= found.high <= sum(items.values())
