"""Arithmetic of indicators: periods, shares, rates and intervals. Pure functions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from math import sqrt

__all__ = [
    "LEAST_FOR_QUOTIENT",
    "cell",
    "fractional",
    "is_month",
    "location_quotient",
    "month_bounds",
    "months",
    "per_million",
    "poisson",
    "share",
    "wilson",
]

Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


MONTH_NUMBERS = frozenset(f"{number:02d}" for number in range(1, 13))
LEAST_FOR_QUOTIENT = 5
"""A location quotient needs at least this many signals in both denominators; below it says nothing."""


def is_month(text: str) -> bool:
    """Whether a text is a month `YYYY-MM`."""
    return len(text) == 7 and text[4] == "-" and text[:4].isdigit() and text[5:] in MONTH_NUMBERS


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """First moment of a month and of the following one (UTC)."""
    year, number = int(month[:4]), int(month[5:7])
    return datetime(year, number, 1, tzinfo=UTC), datetime(
        year + number // 12, number % 12 + 1, 1, tzinfo=UTC
    )


def months(first: str, last: str) -> list[str]:
    """All months `YYYY-MM` from first to last, both included; empty where last is earlier."""
    start, end = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (first, last))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(start, end + 1)]


def fractional(labels: Iterable[str]) -> dict[str, float]:
    """Weight 1/k for each of k distinct labels, so that the weights of one signal add up to 1."""
    distinct = sorted(set(labels))
    return {label: 1 / len(distinct) for label in distinct}


def share(part: float, whole: float) -> float | None:
    """Part of whole, 0 to 1; empty where there is no whole."""
    return part / whole if whole else None


def per_million(count: float, population: float | None) -> float | None:
    """Count per million inhabitants; empty where the population is unknown."""
    return count / population * 1_000_000 if population else None


def location_quotient(part: float, whole: float, all_parts: float, all_wholes: float) -> float | None:
    """How far a place is specialised: its share over the share of all places together.

    Args:
        part: signals of the place with the property.
        whole: signals of the place.
        all_parts: signals of all places with the property.
        all_wholes: signals of all places.

    Returns:
        1 where the place is like all; empty where fewer than five signals are below either line.

    """
    if min(whole, all_parts) < LEAST_FOR_QUOTIENT:
        return None
    return (part / whole) / (all_parts / all_wholes)


def wilson(successes: float, trials: float) -> tuple[float, float] | None:
    """Score interval of a proportion, 95 % (Wilson 1927, J. Am. Stat. Assoc. 22, 209); empty if no trials."""
    if trials <= 0:
        return None
    rate, square = successes / trials, Z95**2
    centre = (rate + square / (2 * trials)) / (1 + square / trials)
    half = Z95 / (1 + square / trials) * sqrt(rate * (1 - rate) / trials + square / (4 * trials**2))
    return max(0.0, min(rate, centre - half)), min(1.0, max(rate, centre + half))


def poisson(count: float) -> tuple[float, float]:
    """Approximate 95 % interval of a Poisson count (Byar's approximation; Breslow and Day 1987, p. 69)."""
    upper = count + 1
    high = upper * (1 - 1 / (9 * upper) + Z95 / (3 * sqrt(upper))) ** 3
    if count <= 0:
        return 0.0, high
    return max(0.0, count * (1 - 1 / (9 * count) - Z95 / (3 * sqrt(count))) ** 3), high


def cell(count: float | None, observed: bool, closed: bool) -> tuple[float | None, str]:
    """Value and status of a cell.

    Returns:
        no count is zero only where the cell was observed, else empty. Status `A` normal, `P` provisional
        (month not over), `L` not observed, `U` of low reliability: counted from dates, but no run of a
        source fell into the month, so that what vanished before the first run is missing.

    """
    if not count and not observed:
        return None, "L"
    return count or 0, "P" if not closed else "A" if observed else "U"
