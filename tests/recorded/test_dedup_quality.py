"""The decision on recorded items against labels read by people, beside the textbook methods."""

from functools import cache

import pytest

from tests.support.dedup_scoring import (
    POOLS,
    agreement,
    clusters,
    constructed,
    labels,
    methods,
    pool,
    score,
    shuffled,
)

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not POOLS.exists(), reason="the recorded items are not beside the repository"),
]
OURS = "this decision"


@cache
def items():
    return pool()


@cache
def scores():
    return {name: score(labels(), same) for name, same in methods(items()).items()}


def test_the_labelled_set_is_large_enough_and_read_twice():
    first = [pair for pair in labels() if pair.reading == 1]
    assert len({(pair.a, pair.b) for pair in first}) == len(first) >= 400
    assert {"0.2-0.4", "0.4-0.6", "0.6-0.8", "0.8-0.9", ">=0.9"} <= {pair.band for pair in first}
    assert {pair.relation for pair in first} == {"same", "series", "different"}
    count, equal, kappa = agreement(labels())
    assert count >= 0.17 * len(first)
    assert equal > 0.9
    assert kappa > 0.8


def test_every_labelled_id_is_in_the_pools():
    assert {key for pair in labels() for key in (pair.a, pair.b)} <= items().keys()


def test_same_is_found_and_templates_are_left_apart():
    ours = scores()[OURS]
    assert ours.precision >= 0.9
    assert ours.recall >= 0.75
    assert ours.templates_merged <= 0.1


def test_no_textbook_method_comes_near():
    assert max(score.f1 for name, score in scores().items() if name != OURS) < scores()[OURS].f1 - 0.3


def test_constructed_re_posts_are_found_and_instances_left_apart():
    found = constructed(items(), 300, seed=11)
    assert found.precision >= 0.95
    assert found.recall >= 0.95


def test_clusters_of_the_whole_pool_hold_the_labels_and_do_not_depend_on_order():
    ordered = clusters(items().values())
    found = score(labels(), lambda a, b: ordered[a] == ordered[b])
    assert found.precision >= 0.9
    assert found.recall >= 0.75
    assert clusters(shuffled(items().values(), 4)) == ordered
