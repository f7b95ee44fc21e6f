"""Counts corrected by an audit sample: known truth, intervals, limits."""

import numpy as np
import pytest

from indicators.estimate import Reading, corrected, fit

RATES = {"none": (0.03, 0.80), "band": (0.30, 0.10), "core": (0.80, 0.10)}
"""Stratum -> rate of true items, share of the items."""
SIZES = {"large": (5, 2000), "middle": (10, 300), "small": (12, 40)}
"""Countries of each size, and their items."""
ALIKE = 40
"""How alike the countries are: their rates vary like shares of 40 readings."""
ROUNDS, READ = 120, 450


def world(random):
    """Countries with known numbers of true items, and a stratified audit sample of them."""
    cells, truth, pool = {}, {}, {name: [] for name in RATES}
    for size, (number, items) in SIZES.items():
        for index in range(number):
            country = f"{size}-{index}"
            cells[country], truth[country] = {}, 0
            for stratum, (rate, share) in RATES.items():
                count = int(random.binomial(items, share))
                own = random.beta(rate * ALIKE, (1 - rate) * ALIKE)
                positive = random.random(count) < own
                cells[country][stratum] = count
                truth[country] += int(positive.sum())
                pool[stratum] += [(country, bool(value)) for value in positive]
    readings = []
    for stratum, entries in pool.items():
        drawn = min(READ // len(RATES), len(entries))
        for at in random.choice(len(entries), drawn, replace=False):
            readings.append(Reading(stratum, *entries[at], probability=drawn / len(entries)))
    return cells, truth, readings


@pytest.mark.slow
def test_intervals_cover_the_truth_in_large_and_small_countries():
    random = np.random.default_rng(20)
    hits = {size: [] for size in (*SIZES, "all together")}
    for _ in range(ROUNDS):
        cells, truth, readings = world(random)
        audit = fit(readings)
        for country, items in cells.items():
            found = corrected(audit, {country: items})
            hits[country.split("-")[0]].append(found.low <= truth[country] <= found.high)
        total = corrected(audit, cells)
        hits["all together"].append(total.low <= sum(truth.values()) <= total.high)
    covered = {size: float(np.mean(values)) for size, values in hits.items()}
    for size in SIZES:
        assert 0.93 <= covered[size] <= 0.99, covered
    assert covered["all together"] >= 0.93, covered


@pytest.mark.slow
def test_corrected_counts_are_nearer_to_the_truth_than_classified_ones():
    random = np.random.default_rng(21)
    errors = {"classified": 0.0, "corrected": 0.0}
    for _ in range(20):
        cells, truth, readings = world(random)
        audit = fit(readings)
        for country, items in cells.items():
            errors["classified"] += abs(items["core"] - truth[country])
            errors["corrected"] += abs(corrected(audit, {country: items}).value - truth[country])
    assert errors["corrected"] < 0.7 * errors["classified"]


def test_readings_of_a_country_move_its_own_estimate_most():
    readings = [Reading("core", "DE", number % 10 < 9) for number in range(100)]
    readings += [Reading("core", "FR", number % 10 < 4) for number in range(100)]
    audit = fit(readings)
    german, french = (corrected(audit, {country: {"core": 100}}).value for country in ("DE", "FR"))
    unread = corrected(audit, {"MT": {"core": 100}})
    assert french < 50 < unread.value < 80 < german
    assert unread.high - unread.low > 50


def test_stratum_that_was_never_read_has_no_estimate():
    audit = fit([Reading("core", "DE", True)])
    assert corrected(audit, {"DE": {"core": 3, "none": 5}}) is None
    assert corrected(audit, {"DE": {}}) is None
    assert corrected(audit, {"DE": {"core": 3, "none": 0}}) is not None


def test_bounds_stay_within_the_items():
    audit = fit([Reading("core", "DE", True)] * 50)
    found = corrected(audit, {"DE": {"core": 1}})
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_unequal_probabilities_weigh_the_readings():
    often = [Reading("core", "DE", True, 1.0)] * 50
    seldom = [Reading("core", "DE", False, 0.1)] * 50
    found = corrected(fit(often + seldom), {"DE": {"core": 1000}})
    assert found.value < 200  # 50 stand for 50, the other 50 for 500


@pytest.mark.parametrize("probability", [0.0, -0.1, 1.5])
def test_impossible_probability_is_refused(probability):
    with pytest.raises(ValueError, match="probability"):
        fit([Reading("core", "DE", True, probability)])
