"""Measure a model on labelled items, beside what a keyword rule and each block alone would reach."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from classifiers.features import read, vector
from classifiers.lexicon import load_lexicon
from classifiers.model import Model
from classifiers.train import fit, group_of
from classifiers.words import tfidf

__all__ = ["below_floor", "evaluate", "evaluate_held_out", "join_labels"]

_GATE = Path(__file__).with_name("gate.toml")
_ROUNDS = 500


def join_labels(
    labels: Sequence[Mapping[str, Any]], pool: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Put labels (`id`, `grade`, …) onto the records of a pool; labels without a record are left out."""
    records = {str(record.get("id")): record for record in pool}
    return [
        {**records[str(label["id"])], **{k: v for k, v in label.items() if v not in ("", None)}}
        for label in labels
        if str(label["id"]) in records
    ]


def _scores(rows: Sequence[Mapping[str, Any]], model: Model, target: str) -> dict[str, np.ndarray]:
    lexicon = load_lexicon()
    readings = [read(row, lexicon) for row in rows]
    features = np.stack([vector(reading, lexicon) for reading in readings])
    index = {word: i for i, word in enumerate(model.info["vocabulary"])}
    verbal = tfidf([reading.folded for reading in readings], index, model.idf)
    own = model.info["targets"][target]
    strong = [sum("strong" in lexicon.roles[m.concept] for m in reading.matches) for reading in readings]
    return {
        "model": model.probability(target, features, verbal),
        "lexicon": _squash(features @ model.weights[target] + own["intercept"]),
        "words": _squash(np.asarray(verbal @ model.words[target]).ravel() + own["word_intercept"]),
        "keyword": np.asarray(strong, dtype=float),
    }


def _squash(raw: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(raw, -30, 30))))


def _f1(target: np.ndarray, chosen: np.ndarray) -> float:
    total = float(target.sum() + chosen.sum())
    return 2 * float((target & chosen).sum()) / total if total else 0.0


def calibration_error(target: np.ndarray, probability: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: mean |observed share - mean probability| over equal-width bins."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(target[place == b].mean() - probability[place == b].mean()) * (place == b).mean()
            for b in range(bins)
            if (place == b).any()
        )
    )


def _measure(target: np.ndarray, score: np.ndarray, threshold: float, groups: np.ndarray) -> dict[str, Any]:
    chosen = score >= threshold
    result: dict[str, Any] = {
        "n": len(target),
        "positives": int(target.sum()),
        "f1": round(_f1(target, chosen), 4),
    }
    result["ap"] = round(float(average_precision_score(target, score)), 4) if target.any() else None
    random = np.random.default_rng(0)
    names, place = np.unique(groups, return_inverse=True)
    members = [np.flatnonzero(place == i) for i in range(len(names))]
    drawn = []
    for _ in range(_ROUNDS):  # whole groups are drawn: items of one publisher are not independent
        pick = np.concatenate([members[i] for i in random.integers(0, len(names), len(names))])
        drawn.append(_f1(target[pick], chosen[pick]))
    result["f1_interval"] = [round(float(v), 4) for v in np.quantile(drawn, [0.025, 0.975])]
    return result


def evaluate(labelled: Sequence[Mapping[str, Any]], model: Model) -> dict[str, Any]:
    """Measure `core` against the rest.

    Args:
        labelled: records with `grade`; what the model was trained on measures nothing.
        model: the model to measure.

    Returns:
        `overall` (F1, 95 % interval, AP, ECE), `baselines`, `by_kind`, `by_language`.

    Raises:
        ValueError: nothing is labelled.

    """
    if not labelled:
        raise ValueError("no labelled items: check that the label file and the pool share identifiers")
    return _report(labelled, _scores(labelled, model, "core"), float(model.info["thresholds"]["core"]))


def _report(
    rows: Sequence[Mapping[str, Any]], scores: dict[str, np.ndarray], threshold: float
) -> dict[str, Any]:
    target = np.asarray([row["grade"] == "core" for row in rows])
    groups = np.asarray([group_of(row) for row in rows])
    cut = {"lexicon": 0.5, "words": 0.5, "keyword": 1.0}
    report: dict[str, Any] = {
        "overall": {
            **_measure(target, scores["model"], threshold, groups),
            "ece": round(calibration_error(target, scores["model"]), 4),
        },
        "baselines": {name: _measure(target, scores[name], at, groups) for name, at in cut.items()},
    }
    for key in ("kind", "language"):
        values = np.asarray([str(row.get(key) or "unknown") for row in rows])
        report[f"by_{key}"] = {
            str(v): _measure(
                target[values == v], scores["model"][values == v], threshold, groups[values == v]
            )
            for v in np.unique(values)
        }
    return report


def evaluate_held_out(labelled: Sequence[Mapping[str, Any]], folds: int = 5) -> dict[str, Any]:
    """Train without, and measure on, one part of the groups at a time.

    Raises:
        ValueError: too few rows or groups (see `classifiers.train.fit`).

    """
    names = sorted({group_of(row) for row in labelled})
    np.random.default_rng(0).shuffle(names)
    fold = {name: i % folds for i, name in enumerate(names)}
    rows: list[Mapping[str, Any]] = []
    parts: list[dict[str, np.ndarray]] = []
    thresholds = []
    for number in range(folds):
        model = fit([row for row in labelled if fold[group_of(row)] != number])
        outside = [row for row in labelled if fold[group_of(row)] == number]
        rows.extend(outside)
        parts.append(_scores(outside, model, "core"))
        thresholds.append(float(model.info["thresholds"]["core"]))
    scores = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _report(rows, scores, float(np.median(thresholds)))


def below_floor(report: Mapping[str, Any], path: Path | None = None) -> list[str]:
    """Compare a report with the floors of `gate.toml`; one sentence per measure that fails."""
    floors = tomllib.loads((path or _GATE).read_text(encoding="utf-8"))
    failed = []
    for name, floor in floors["at_least"].items():
        value = report["overall"].get(name)
        if value is None or value < floor:
            failed.append(f"{name} is {value}, floor {floor}")
    for name, ceiling in floors["at_most"].items():
        value = report["overall"].get(name)
        if value is None or value > ceiling:
            failed.append(f"{name} is {value}, ceiling {ceiling}")
    return failed
