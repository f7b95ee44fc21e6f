"""Properties of counts and intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measures import fractional, poisson, wilson


@given(st.lists(st.sets(st.sampled_from("abcdefghi"), min_size=1)))
def test_fractional_counts_sum_to_items(items):
    assert sum(sum(fractional(labels).values()) for labels in items) == pytest.approx(len(items))


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_wilson_holds_the_rate(part, rest):
    low, high = wilson(part, part + rest)
    assert 0 <= low <= part / (part + rest) <= high <= 1


@given(st.integers(0, 10_000))
def test_poisson_holds_the_count(count):
    low, high = poisson(count)
    assert 0 <= low <= count <= high
