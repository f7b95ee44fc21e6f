"""Arithmetic of indicators."""

import pytest

from indicators.measures import cell, months, per_million, poisson, share, wilson


def test_months_cross_the_year():
    assert months("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_zero_only_where_observed():
    assert cell(0, observed=True, closed=True) == (0, "A")
    assert cell(0, observed=False, closed=True) == (None, "L")
    assert cell(3, observed=False, closed=False) == (3, "P")


def test_rates_without_denominator_are_empty():
    assert share(1, 0) is None
    assert per_million(1, None) is None
    assert per_million(2, 4_000_000) == 0.5


def test_wilson_known_value():
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_poisson_known_value():
    assert poisson(10) == pytest.approx((4.79, 18.39), abs=0.02)
    assert poisson(0)[0] == 0
