"""Counts corrected by the audit sample, with 95 % intervals. Pure functions.

The classifier decides wrongly at a rate that differs by score, and by country. In each stratum (kind,
decided grade, tenth of the score) the audit sample says how many items truly have the grade. A country's
own readings are few, so its rate is drawn towards the rate of all countries: a beta-binomial model of
countries within a stratum (small-area estimation; Rao and Molina 2015, ch. 10). How alike the countries
are is itself hardly known from a few hundred readings, so it is not set to its best guess but averaged
over (a grid of mean and strength, weighted by the likelihood of the readings). The interval is that of
the number of true items among those collected.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, betaln

__all__ = ["Audit", "Estimate", "Rate", "Reading", "corrected", "fit"]

MEANS = np.concatenate([[0.002, 0.005, 0.01, 0.02], np.arange(0.04, 0.97, 0.03), [0.98, 0.99, 0.995, 0.998]])
"""Grid of the mean rate of countries; weighted by the width of its steps, so that the prior is uniform."""
STRENGTHS = np.geomspace(5.0, 3000.0, 14)
"""Grid of the prior strength in readings: 5, countries have little in common; 3000, they are alike. Uniform
prior on the logarithm."""
Grid = NDArray[np.float64]
Stratum = str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A corrected number with its 95 % interval, and the readings behind the strata it uses."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One item that was read: where it lies, what was found, how likely it was to be drawn."""

    stratum: Stratum
    country: str
    positive: bool
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """What is known of the rate of true items in a stratum: weights over the grid of means and strengths."""

    weights: Grid
    readings: float


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit sample says: rates per stratum, and what was read per stratum and country."""

    rates: Mapping[Stratum, Rate]
    read: Mapping[tuple[Stratum, str], tuple[float, float]]
    """(stratum, country) -> readings, positives (both as effective numbers)."""


def fit(readings: list[Reading]) -> Audit:
    """Learn the rates from the audit sample.

    Args:
        readings: items drawn with known probability; weights are their inverse.

    Raises:
        ValueError: a probability is not in (0, 1].

    """
    wrong = [reading.probability for reading in readings if not 0 < reading.probability <= 1]
    if wrong:
        raise ValueError(f"an inclusion probability must be above 0 and at most 1, not {wrong[0]}")
    groups: dict[Stratum, dict[str, list[Reading]]] = {}
    for reading in readings:
        groups.setdefault(reading.stratum, {}).setdefault(reading.country, []).append(reading)
    rates: dict[Stratum, Rate] = {}
    read: dict[tuple[Stratum, str], tuple[float, float]] = {}
    for stratum, countries in sorted(groups.items()):
        counts = {}
        for country, items in sorted(countries.items()):
            counts[country] = read[stratum, country] = _effective(items)
        rates[stratum] = _rate(list(counts.values()))
    return Audit(rates, read)


def _effective(items: list[Reading]) -> tuple[float, float]:
    # Unequal probabilities: the weighted share, with as many readings as an equal sample of that precision.
    weights = [1 / item.probability for item in items]
    number = sum(weights) ** 2 / sum(weight**2 for weight in weights)
    positive = sum(weight for weight, item in zip(weights, items, strict=True) if item.positive)
    return number, number * positive / sum(weights)


def _rate(counts: list[tuple[float, float]]) -> Rate:
    a = MEANS[:, None] * STRENGTHS
    b = (1 - MEANS)[:, None] * STRENGTHS
    logarithm = np.log(np.gradient(MEANS))[:, None] + np.zeros_like(a)
    for n, k in counts:
        logarithm += betaln(a + k, b + n - k) - betaln(a, b)
    weights = np.exp(logarithm - logarithm.max())
    return Rate(weights / weights.sum(), sum(n for n, _ in counts))


def corrected(audit: Audit, cells: Mapping[str, Mapping[Stratum, int]]) -> Estimate | None:
    """Estimate how many items truly have the grade, in one country or in several together.

    Args:
        audit: result of `fit`.
        cells: country -> stratum -> items as classified. The countries of a sum share the doubt about the
            common rate, which therefore does not average out.

    Returns:
        the estimate; empty where a stratum of the cells was never read, because nothing then bounds it.

    """
    strata: dict[Stratum, dict[str, int]] = {}
    for country, items in cells.items():
        for stratum, count in items.items():
            if count:
                strata.setdefault(stratum, {})[country] = count
    if not strata or any(stratum not in audit.rates for stratum in strata):
        return None
    mean = variance = readings = 0.0
    for stratum, counts in strata.items():
        rate = audit.rates[stratum]
        total, within = np.zeros_like(rate.weights), np.zeros_like(rate.weights)
        for country, count in counts.items():
            n, k = audit.read.get((stratum, country), (0.0, 0.0))
            size = STRENGTHS + n
            p = (MEANS[:, None] * STRENGTHS + k) / size
            total += count * p
            within += count * p * (1 - p) * (size + count) / (size + 1)  # beta-binomial
        expected = float((rate.weights * total).sum())
        mean += expected
        variance += float((rate.weights * (within + (total - expected) ** 2)).sum())
        readings += rate.readings
    low, high = _interval(mean, variance, sum(sum(counts.values()) for counts in strata.values()))
    return Estimate(mean, low, high, round(readings))


def _interval(mean: float, variance: float, total: int) -> tuple[float, float]:
    # A beta distribution on 0 to all items with that mean and variance; bounds are whole numbers.
    share = mean / total
    size = max(share * (1 - share) * total**2 / variance - 1, 1e-3)
    low = float(betaincinv(share * size, (1 - share) * size, 0.025)) * total
    high = float(betaincinv(share * size, (1 - share) * size, 0.975)) * total
    return min(float(round(low)), mean), max(float(round(high)), mean)
