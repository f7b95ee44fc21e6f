"""Arithmetic of indicators."""

from datetime import UTC, datetime

import pytest

from indicators.measures import (
    cell,
    is_month,
    location_quotient,
    month_bounds,
    months,
    per_million,
    poisson,
    share,
    wilson,
)  # fmt: skip


def test_months_cross_the_year():
    assert months("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_zero_only_where_observed():
    assert cell(0, observed=True, closed=True) == (0, "A")
    assert cell(0, observed=False, closed=True) == (None, "L")
    assert cell(3, observed=False, closed=False) == (3, "P")
    assert cell(3, observed=False, closed=True) == (3, "U")


def test_rates_without_denominator_are_empty():
    assert share(1, 0) is None
    assert per_million(1, None) is None
    assert per_million(2, 4_000_000) == 0.5


def test_wilson_known_value():
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_poisson_known_value():
    assert poisson(10) == pytest.approx((4.79, 18.39), abs=0.02)
    assert poisson(0)[0] == 0


def test_month_ends_where_the_next_begins():
    assert month_bounds("2025-12") == (datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("text", ["2026-3", "2026-13", "2026", "26-03", "2026-03-01", "abcd-01", ""])
def test_what_is_no_month(text):
    assert not is_month(text)


def test_location_quotient_compares_with_all_places():
    assert location_quotient(10, 20, 100, 400) == 2.0
    assert location_quotient(1, 4, 100, 400) is None
