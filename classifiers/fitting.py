"""Steps of fitting a linear decision: samples, folds by source, cross-fitted scores, calibration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from classifiers.model import Model

__all__ = ["Blocks", "Samples", "cross_fit", "review_band", "sigmoid_fit", "spread"]

_NGRAM_STRENGTH = 8.0
"""scikit-learn's C (inverse of the penalty) of the letter block."""


@dataclass(slots=True)
class Blocks:
    """Both blocks of features of all rows, and the columns that hold the kind of the record."""

    features: np.ndarray
    ngrams: Any
    kind: np.ndarray


@dataclass(slots=True)
class Samples:
    """What a decision is fitted on: rows with a target and a weight; a row may occur more than once.

    A row with `hidden` is taken without its kind, so that the decision also stands where no kind is given.
    """

    row: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    hidden: np.ndarray

    @classmethod
    def of(cls, target: np.ndarray, weight: np.ndarray, half: np.ndarray | None = None) -> "Samples":
        """One sample per row, once with and once without its kind.

        Args:
            target: positive rows.
            weight: of each row.
            half: rows that are neither; they count a fifth as positive and a tenth as negative, because
                what sets them apart from the positive ones is mostly the habit of their source.

        """
        rows = np.arange(len(target))
        if half is not None:
            rows = np.concatenate([rows, np.flatnonzero(half)])
            extra = int(half.sum())
            weight = np.concatenate([np.where(half, 0.1 * weight, weight), 0.2 * weight[half]])
            target = np.concatenate([target & ~half, np.ones(extra, dtype=bool)])
        twice = np.tile(rows, 2)
        hidden = np.repeat([False, True], len(rows))
        return cls(twice, np.tile(target, 2), np.tile(weight, 2) / 2, hidden)

    def part(self, chosen: np.ndarray) -> "Samples":
        """Some of the samples."""
        return Samples(self.row[chosen], self.target[chosen], self.weight[chosen], self.hidden[chosen])


def spread(names: Sequence[str], folds: int) -> np.ndarray:
    """Fold of each row; rows of one name stay together, large names are dealt first, to the emptiest fold."""
    found, place, sizes = np.unique(np.asarray(names), return_inverse=True, return_counts=True)
    load = np.zeros(folds)
    chosen = np.zeros(len(found), dtype=int)
    for name in np.lexsort((np.arange(len(found)), -sizes)):
        chosen[name] = int(np.argmin(load))
        load[chosen[name]] += sizes[name]
    return np.asarray(chosen[place])


def _logistic(features: Any, samples: Samples, strength: float, balanced: bool) -> tuple[np.ndarray, float]:
    fitted = LogisticRegression(C=strength, class_weight="balanced" if balanced else None, max_iter=3000)
    fitted.fit(features, samples.target, sample_weight=samples.weight)
    return fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])


def sigmoid_fit(raw: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Platt's scaling; the slope is kept positive so that order never flips."""
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(raw.reshape(-1, 1), target)
    return max(float(fitted.coef_[0][0]), 0.05), float(fitted.intercept_[0])


def _weigh(
    model: Model, name: str, blocks: Blocks, samples: Samples, strength: float, balanced: bool
) -> None:
    """Fit both blocks of a target into the model."""
    own = model.info["targets"][name]
    features = blocks.features[samples.row]
    features[np.ix_(samples.hidden, blocks.kind)] = 0.0
    model.weights[name], own["intercept"] = _logistic(features, samples, strength, balanced)
    if own["share"]:
        seen = samples.part(~samples.hidden)
        weights, own["ngram_intercept"] = _logistic(blocks.ngrams[seen.row], seen, _NGRAM_STRENGTH, balanced)
        model.ngram_weights[name] = weights.astype(np.float16).astype(np.float32)


def cross_fit(
    model: Model, name: str, blocks: Blocks, samples: Samples, fold: np.ndarray, judged: np.ndarray,
    share: float, strength: float, balanced: bool = True,
) -> np.ndarray:  # fmt: skip
    """Score each judged row by a model that has not seen its source; leave the model of all samples.

    Args:
        model: gets the target.
        name: of the target.
        blocks: features of all rows.
        samples: what to fit on.
        fold: of each row, from `spread`.
        judged: rows to score.
        share: of the letter block.
        strength: scikit-learn's C of the concept block.
        balanced: weigh both classes alike; without, the intercept keeps the prevalence.

    Returns:
        Raw scores, 0 for rows that are not judged.

    """
    model.info["targets"][name] = {
        "a": 1.0,
        "b": 0.0,
        "share": share,
        "intercept": 0.0,
        "ngram_intercept": 0.0,
    }
    raw = np.zeros(len(fold))
    for number in np.unique(fold[judged]):
        outside = judged & (fold == number)
        inside = samples.part(~outside[samples.row])
        if inside.target.any() and not inside.target.all():
            _weigh(model, name, blocks, inside, strength, balanced)
            raw[outside] = model.raw(name, blocks.features[outside], blocks.ngrams[outside])
    _weigh(model, name, blocks, samples, strength, balanced)
    return raw


def review_band(target: np.ndarray, probability: np.ndarray, threshold: float) -> list[float]:
    """Scores between which a person should look: 5 % of the positives lie below, above 80 % are right."""
    low = float(np.quantile(probability[target], 0.05)) if target.any() else threshold
    high = threshold
    for candidate in np.linspace(threshold, 0.95, 40):
        high = float(candidate)
        chosen = probability >= candidate
        if chosen.any() and target[chosen].mean() >= 0.8:
            break
    return [round(min(low, threshold), 4), round(high, 4)]
