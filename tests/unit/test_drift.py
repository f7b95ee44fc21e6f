import numpy as np
import pytest

from classifiers.drift import drift, stability_index


def signals(source, scores, matched=True):
    return [
        {"source": source, "language": "de",
         "dsi": {"score": float(s), "matched": [{"concept": "data"}] if matched else [], "grade": "none"}}
        for s in scores
    ]  # fmt: skip


def test_index_is_zero_for_the_same_distribution_and_grows_with_the_shift():
    assert stability_index([50, 50], [50, 50]) == 0
    assert stability_index([50, 50], [40, 60]) < stability_index([50, 50], [10, 90])


def test_shifted_source_is_first_and_says_why():
    random = np.random.default_rng(0)
    low, high = random.beta(1, 9, 200), random.beta(6, 3, 200)
    rows = drift(
        signals("stable", low) + signals("moved", low), signals("stable", low[::-1]) + signals("moved", high)
    )
    assert [row["source"] for row in rows] == ["moved", "stable"]
    assert "scores shifted" in rows[0]["alerts"][0]
    assert rows[1]["alerts"] == []


def test_texts_that_no_word_list_meets_any_more_are_an_alert():
    scores = [0.01] * 100
    rows = drift(signals("a", scores), signals("a", scores, matched=False))
    assert rows[0]["alerts"] == ["without any concept: 0% before, 100% now"]


def test_few_items_and_unclassified_ones_say_nothing():
    rows = drift(signals("a", [0.1] * 5), [*signals("a", [0.9] * 5), {"source": "b", "dsi": None}])
    assert (rows[0]["score_shift"], rows[0]["alerts"], len(rows)) == (None, [], 1)


@pytest.mark.parametrize("side", [0, 1])
def test_source_seen_at_one_time_only_is_listed(side):
    pair = [[], []]
    pair[side] = signals("new", [0.2] * 40)
    assert drift(*pair)[0]["items" if side else "items_before"] == 40
