"""The audit sample: which classified items a person reads, and what the readings say about all of them.

Classified counts are biased, and differently so per country and language. Therefore a sample is drawn in
strata of the score, with known inclusion probabilities, and the readings correct the count: the
stratified difference estimator, tuned as in prediction-powered inference (Angelopoulos et al. 2023,
"PPI++", arXiv 2311.01453), with variances smoothed towards what the scores predict, because normal
intervals cover too rarely where a stratum holds few or no positives.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

__all__ = ["Audited", "Draw", "Estimate", "draw", "edges_of", "estimate"]

STRATA = (0.70, 0.15, 0.10, 0.05)
"""Shares of the items per stratum, lowest scores first; each has its own cut in score."""
_FLOOR = 0.12  # of the sample at least in each stratum: an overconfident score must be found out
_PRIOR = 2.0  # pseudo-observations behind the variance of each stratum
_LEAST_FREEDOM = 4.0
_LEAST_SHARE = 0.004  # a score is never believed to exclude more than this


@dataclass(frozen=True, slots=True)
class Draw:
    """An item to read: its place in the list of scores, its stratum (0 lowest), its inclusion probability."""

    index: int
    stratum: int
    probability: float


@dataclass(frozen=True, slots=True)
class Audited:
    """A reading: the score at the time of the draw, the decision, the inclusion probability."""

    score: float
    positive: bool
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A prevalence (share of all items) with its interval, and what it rests on.

    `naive` is the mean score, `tuning` how much of it the estimator used (0: readings only). `borrowed`
    counts strata of the population without any reading of their own.
    """

    value: float
    low: float
    high: float
    readings: int
    positives: int
    naive: float
    tuning: float
    borrowed: int


def edges_of(scores: Sequence[float], shares: Sequence[float] = STRATA) -> tuple[float, ...]:
    """Cuts in score between the strata, ascending; equal cuts (many equal scores) are joined.

    Raises:
        ValueError: there are no scores.

    """
    values = np.asarray(scores, dtype=float)
    if values.size == 0:
        raise ValueError("no scores: there is nothing to draw an audit sample from")
    cuts = np.quantile(values, np.cumsum(shares)[:-1])
    return tuple(float(cut) for cut in np.unique(cuts) if values.min() < cut)


def _strata(scores: np.ndarray, edges: Sequence[float]) -> np.ndarray:
    return np.searchsorted(np.asarray(edges, dtype=float), scores, side="right")


def draw(scores: Sequence[float], size: int, seed: int, edges: Sequence[float] | None = None) -> list[Draw]:
    """Draw items to read, without replacement within each stratum.

    The sample is shared out by Neyman's rule, number of items times the standard deviation that the
    scores predict, and no stratum gets less than a fixed part.

    Args:
        scores: probability of being positive, one per item of the population.
        size: number of items to read; the whole population where it is smaller.
        seed: makes the draw repeatable.
        edges: cuts from `edges_of`; default: those of these scores.

    Returns:
        The drawn items, sorted by index.

    """
    values = np.asarray(scores, dtype=float)
    place = _strata(values, edges_of(scores) if edges is None else edges)
    members = {int(h): np.flatnonzero(place == h) for h in np.unique(place)}
    wanted = _shared_out({h: values[m] for h, m in members.items()}, min(size, len(values)))
    random = np.random.default_rng(seed)
    return sorted(
        (
            Draw(int(index), h, wanted[h] / len(member))
            for h, member in members.items()
            for index in random.choice(member, wanted[h], replace=False)
        ),
        key=lambda drawn: drawn.index,
    )


def _shared_out(strata: dict[int, np.ndarray], size: int) -> dict[int, int]:
    """Whole numbers per stratum that add up to `size`, none above the number of its items."""
    weight = {}
    for h, scores in strata.items():
        mean = float(np.clip(scores.mean(), _LEAST_SHARE, 1 - _LEAST_SHARE))
        weight[h] = len(scores) * math.sqrt(mean * (1 - mean))
    total = sum(weight.values())
    shares = {h: max(w / total, _FLOOR) for h, w in weight.items()}
    taken = dict.fromkeys(strata, 0)
    for _ in range(size):  # one at a time to the stratum that lags most; keeps sums and limits exact
        h = max((h for h in strata if taken[h] < len(strata[h])), key=lambda h: shares[h] / (taken[h] + 1))
        taken[h] += 1
    return taken


def estimate(
    scores: Sequence[float], edges: Sequence[float], audited: Sequence[Audited], level: float = 0.95
) -> Estimate:
    """Correct the mean score of a population by its readings.

    `value = tuning * mean(scores) + sum_h W_h * mean_h(positive - tuning * score)` over strata h, weighted
    by the inverse of the inclusion probabilities; the interval is symmetric on the logit scale.

    Args:
        scores: of every item of the population (or of the part of it that is asked about).
        edges: the cuts with which the sample was drawn.
        audited: readings of items of this population.
        level: of the interval.

    Raises:
        ValueError: no scores or no readings.

    """
    population = np.asarray(scores, dtype=float)
    if population.size == 0 or not audited:
        raise ValueError("no scores or no readings: a prevalence cannot be estimated")
    place = _strata(population, edges)
    score = np.asarray([a.score for a in audited])
    positive = np.asarray([float(a.positive) for a in audited])
    weight = np.asarray([1.0 / a.probability for a in audited])
    read_place = _strata(score, edges)
    tuning = _tuning(score, positive, weight, read_place)
    value, variance, freedom, borrowed = tuning * float(population.mean()), 0.0, 0.0, 0
    for h in np.unique(place):
        count = int((place == h).sum())
        share = count / population.size
        inside = read_place == h
        expected = float(np.clip(population[place == h].mean(), _LEAST_SHARE, 1 - _LEAST_SHARE))
        spread = expected * (1 - expected)
        if not inside.any():  # nothing read here: believe the score, with the doubt of one reading
            value += share * (1 - tuning) * expected
            variance += share**2 * spread
            borrowed += 1
            continue
        residual = positive[inside] - tuning * score[inside]
        w = weight[inside] / weight[inside].sum()
        mean = float(w @ residual)
        effective = 1.0 / float(w @ w)
        around = float(w @ (residual - mean) ** 2) * effective
        doubt = max(expected, 1.0 / effective)  # as if one reading more had gone the other way
        own = (around + _PRIOR * doubt * (1 - doubt)) / (max(effective - 1.0, 0.0) + _PRIOR)
        part = share**2 * own / effective * max(1.0 - inside.sum() / count, 0.0)
        value += share * mean
        variance += part
        freedom += part**2 / max(effective - 1.0, 1.0)
    value = min(max(value, 0.0), 1.0)
    deviation = math.sqrt(variance)
    degrees = max(variance**2 / freedom, _LEAST_FREEDOM) if freedom else math.inf
    # Within one deviation of 0 or 1 the logit is too steep to say anything: its slope is taken there.
    margin = min(max(deviation, 0.25 / population.size), 0.5)
    anchor = min(max(value, margin), 1.0 - margin)
    half = float(student.ppf(0.5 + level / 2, degrees)) * deviation / (anchor * (1.0 - anchor))
    logit = math.log(anchor / (1.0 - anchor))
    return Estimate(
        value, min(_logistic(logit - half), value), max(_logistic(logit + half), value),
        len(audited), int(positive.sum()), float(population.mean()), tuning, borrowed,
    )  # fmt: skip


def _tuning(score: np.ndarray, positive: np.ndarray, weight: np.ndarray, place: np.ndarray) -> float:
    """Slope of the decision on the score within strata, between 0 and 1."""
    upper = lower = 0.0
    for h in np.unique(place):
        inside = place == h
        w = weight[inside] / weight[inside].sum() * inside.sum()
        centred = score[inside] - np.average(score[inside], weights=w)
        upper += float(w @ (centred * positive[inside]))
        lower += float(w @ centred**2)
    return float(np.clip(upper / lower, 0.0, 1.0)) if lower > 1e-9 else 0.0


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(value, -700.0), 700.0)))
