"""Figures that tell how good scores are: F1, average precision, calibration, with bootstrap intervals."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

__all__ = ["average_precision", "best_threshold", "bootstrap", "calibration_error", "f1", "micro_f1"]

ROUNDS = 500
"""Bootstrap samples behind each interval."""


def f1(target: np.ndarray, chosen: np.ndarray) -> float:
    """Harmonic mean of precision and recall; 0 where nothing is positive or chosen."""
    total = float(target.sum() + chosen.sum())
    return 2 * float((target & chosen).sum()) / total if total else 0.0


def average_precision(target: np.ndarray, score: np.ndarray) -> float | None:
    """Area under the precision-recall curve as scikit-learn sums it; None without a positive."""
    return float(average_precision_score(target, score)) if target.any() else None


def micro_f1(truth: Sequence[Sequence[str]], chosen: Sequence[Sequence[str]]) -> float:
    """F1 over all pairs of item and label."""
    hits = sum(len(set(a) & set(b)) for a, b in zip(truth, chosen, strict=True))
    total = sum(len(set(a)) + len(set(b)) for a, b in zip(truth, chosen, strict=True))
    return 2 * hits / total if total else 0.0


def calibration_error(target: np.ndarray, probability: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: mean |observed share - mean probability| over equal-width bins."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(target[place == b].mean() - probability[place == b].mean()) * (place == b).mean()
            for b in np.unique(place)
        )
    )


def best_threshold(tasks: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """The threshold in the middle of the plateau of highest F1: less luck than its edge.

    Args:
        tasks: pairs of target and score; their F1 is averaged.

    """
    grid = np.linspace(0.05, 0.9, 171)
    scores = np.asarray(
        [np.mean([f1(target, score >= threshold) for target, score in tasks]) for threshold in grid]
    )
    near = grid[scores >= scores.max() - 0.01]
    return round(float(np.median(near)), 3)


def bootstrap(
    groups: Sequence[str], measure: Callable[[np.ndarray], float | None], rounds: int = ROUNDS
) -> list[float] | None:
    """95 % interval of a measure of some rows; whole groups are drawn, as items of one publisher are alike.

    Args:
        groups: publisher of each row.
        measure: from row numbers to a figure.
        rounds: bootstrap samples.

    """
    random = np.random.default_rng(0)
    names, place = np.unique(np.asarray(groups), return_inverse=True)
    members = [np.flatnonzero(place == i) for i in range(len(names))]
    drawn: list[Any] = []
    for _ in range(rounds):
        value = measure(np.concatenate([members[i] for i in random.integers(0, len(names), len(names))]))
        if value is not None:
            drawn.append(value)
    return [round(float(v), 4) for v in np.quantile(drawn, [0.025, 0.975])] if drawn else None
