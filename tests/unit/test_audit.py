"""The audit sample, and a simulation of what its intervals promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from classifiers.audit import Audited, draw, edges_of, estimate

POPULATION = 5000


def population(random, prevalence, bias=0.0, spread=3.5):
    """Scores that are wrong in slope, level and noise, and the truth behind them."""
    latent = random.normal(size=POPULATION) * spread
    low, high = -25.0, 10.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if (1 / (1 + np.exp(-latent - middle))).mean() < prevalence else (low, middle)
        )
    truth = random.random(POPULATION) < 1 / (1 + np.exp(-latent - low))
    noise = random.normal(size=POPULATION) * 0.5
    return 1 / (1 + np.exp(-(0.8 * latent + low + bias + noise))), truth


def audit(scores, truth, size, seed):
    edges = edges_of(scores)
    readings = [
        Audited(float(scores[d.index]), bool(truth[d.index]), d.probability)
        for d in draw(scores, size, seed, edges)
    ]
    return estimate(scores, edges, readings)


def simulated(prevalence, bias, size, rounds):
    """Coverage of our interval, and its mean width over that of a simple random audit (Wilson)."""
    random = np.random.default_rng(7)
    covered, ours, simple = 0, 0.0, 0.0
    for number in range(rounds):
        scores, truth = population(random, prevalence, bias)
        result = audit(scores, truth, size, number)
        covered += result.low <= truth.mean() <= result.high
        ours += result.high - result.low
        hits = int(truth[random.choice(POPULATION, size, replace=False)].sum())
        wilson = binomtest(hits, size).proportion_ci(method="wilson")
        simple += wilson.high - wilson.low
    return covered / rounds, ours / simple


@pytest.mark.slow
def test_intervals_cover_as_often_as_they_say_and_are_narrower_than_a_simple_random_audit():
    cases = [(p, bias, size) for p in (0.02, 0.04, 0.15) for bias in (0.0, 1.0, -1.0) for size in (200, 400)]
    results = {case: simulated(*case, rounds=300) for case in cases}
    assert 0.93 <= np.mean([coverage for coverage, _ in results.values()]) <= 0.99
    assert {case: r for case, r in results.items() if not 0.90 <= r[0] <= 0.995} == {}
    assert {case: r for case, r in results.items() if r[1] > 0.75} == {}


def test_estimate_has_no_bias_where_the_score_is_far_off():
    random = np.random.default_rng(3)
    errors = []
    for number in range(60):
        scores, truth = population(random, 0.04, bias=2.5)
        result = audit(scores, truth, 200, number)
        errors.append(result.value - truth.mean())
        assert result.naive > 1.3 * truth.mean()
    assert abs(np.mean(errors)) < 3 * np.std(errors) / np.sqrt(len(errors))


def test_reading_everything_gives_the_truth_and_no_doubt():
    scores, truth = population(np.random.default_rng(1), 0.1)
    result = audit(scores[:300], truth[:300], 300, 0)
    assert result.value == pytest.approx(truth[:300].mean())
    assert result.high - result.low == pytest.approx(0.0, abs=1e-9)


def test_inclusion_probabilities_are_those_of_the_strata():
    scores, _ = population(np.random.default_rng(2), 0.04)
    drawn = draw(scores, 200, seed=5)
    assert len({d.index for d in drawn}) == 200
    assert sum(1 / d.probability for d in drawn) == pytest.approx(POPULATION)
    assert draw(scores, 200, seed=5) == drawn


def test_stratum_without_a_reading_is_told():
    scores = [0.01] * 90 + [0.9] * 10
    result = estimate(scores, [0.5], [Audited(0.01, False, 0.1)] * 9)
    assert result.borrowed == 1
    assert result.low <= 0.09 <= result.high


def test_all_scores_equal_is_a_simple_random_audit():
    result = audit(np.full(1000, 0.05), np.arange(1000) < 50, 100, 1)
    assert result.low < 0.05 < result.high


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(1, 80), st.integers(0, 9), st.randoms()
)
def test_interval_always_holds_the_value_and_stays_within_zero_and_one(scores, size, seed, chance):
    edges = edges_of(scores)
    readings = [
        Audited(scores[d.index], chance.random() < 0.5, d.probability)
        for d in draw(scores, size, seed, edges)
    ]
    result = estimate(scores, edges, readings)
    assert 0 <= result.low <= result.value <= result.high <= 1


@pytest.mark.parametrize(
    "call",
    [lambda: edges_of([]), lambda: estimate([0.5], [], []), lambda: estimate([], [], [Audited(0.5, True)])],
)
def test_nothing_to_estimate_from_is_an_error(call):
    with pytest.raises(ValueError, match="no scores"):
        call()
