"""Fit the model on labelled texts and write its two files.

Calibration and thresholds come from scores of held-out sources (in the project's own texts: of held-out
texts), never from the rows a fold was fitted on. Probabilities are calibrated on real items alone, because the
written texts hold far more core ones. The same input gives the same file.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from threadpoolctl import threadpool_limits

from classifiers.corpus import composition, load_real, load_training
from classifiers.dimensions import pick
from classifiers.features import LEARNT, Reading, feature_names, read, vector
from classifiers.fitting import Blocks, Samples, cross_fit, review_band, sigmoid_fit, spread
from classifiers.labels import GUIDE_VERSION
from classifiers.lexicon import Lexicon, load_lexicon
from classifiers.measures import average_precision, best_threshold, calibration_error, f1, micro_f1
from classifiers.model import FORMAT, Model, save_model
from classifiers.ngrams import NgramVectorizer
from classifiers.pools import source_of
from classifiers.taxonomy import DIMENSIONS

__all__ = ["Prepared", "fit", "is_real", "prepare", "train"]

NGRAM_SHARE = 0.5
"""Share of the letter block in a decision between grades. More gives more to what only some sources write."""
_LABEL_SHARE = 0.3
"""The same in areas and trends."""
FOLDS = 5
_TARGETS = {"core": ("core",), "relevant": ("core", "adjacent")}
_STRENGTH = 0.1
_LABEL_STRENGTH = 0.2
"""scikit-learn's C (inverse of the penalty) of grades, and of areas and trends."""
_RULES = {"technology": (0.3, 0.5), "theme": (0.3, 0.5)}
"""Dimensions read from the lexicon alone: floor and ratio for `pick`."""
_SUBJECT = ("concept:", *(f"{dimension}:" for dimension in LEARNT))
_MIN_ROWS = 20
_MIN_REAL = 200  # real items, below which the written texts are calibrated on too
_MIN_LABEL = 8  # rows with a label, below which it is never given


@dataclass(slots=True)
class Prepared:
    """Labelled rows with their readings and features, so that they are read only once."""

    rows: list[Mapping[str, Any]]
    readings: list[Reading]
    features: np.ndarray

    def part(self, index: np.ndarray) -> "Prepared":
        """Some of the rows."""
        return Prepared(
            [self.rows[i] for i in index], [self.readings[i] for i in index], self.features[index]
        )


def prepare(rows: Sequence[Mapping[str, Any]], lexicon: Lexicon | None = None) -> Prepared:
    """Read all rows."""
    lexicon = lexicon or load_lexicon()
    readings = [read(row, lexicon) for row in rows]
    return Prepared(list(rows), readings, np.stack([vector(reading, lexicon) for reading in readings]))


def is_real(row: Mapping[str, Any]) -> bool:
    """Tell a real item from a text written for training."""
    return row.get("pool") is not None


def fit(
    data: Prepared, lexicon: Lexicon | None = None, ngram_share: float = NGRAM_SHARE, labels: bool = True
) -> Model:
    """Fit all targets.

    Args:
        data: labelled rows; real items carry `pool`.
        lexicon: the lexicon that `data` was prepared with.
        ngram_share: share of the letter block in grades; 1 leaves only letters, 0 only concepts.
        labels: fit areas and trends too.

    Raises:
        ValueError: fewer than 20 rows, or too few sources to hold some out.

    """
    lexicon = lexicon or load_lexicon()
    real = np.asarray([is_real(row) for row in data.rows])
    judged = real if real.sum() >= _MIN_REAL else np.ones(len(real), dtype=bool)
    sources = [source_of(row) for row in data.rows]
    fold = spread(sources, FOLDS)
    if len(data.rows) < _MIN_ROWS or len(set(fold[judged])) < FOLDS:
        raise ValueError(f"{len(data.rows)} rows are too few, or of too few sources, to train on")
    folded = [reading.folded for reading in data.readings]
    vectorizer = NgramVectorizer.fit(folded, sources)
    names = feature_names(lexicon)
    blocks = Blocks(
        data.features,
        vectorizer.transform(folded),
        np.asarray([i for i, name in enumerate(names) if name.startswith("kind:")], dtype=int),
    )
    info: dict[str, Any] = {
        "format": FORMAT, "features": names, "ngrams": len(vectorizer.vocabulary),
        "targets": {}, "thresholds": {}, "metrics": {}, "lexicon": lexicon.version,
        "languages": lexicon.languages, "scikit_learn": sklearn.__version__, "guide_version": GUIDE_VERSION,
        "training": {
            "own": composition([r for r in data.rows if not is_real(r)]),
            "real": composition([r for r in data.rows if is_real(r)]),
            "rows": len(data.rows), "sources": len(set(np.asarray(sources)[real])),
        },
    }  # fmt: skip
    model = Model(info, {}, {}, vectorizer)
    weight = np.ones(len(real))
    with threadpool_limits(1):  # small problems: threads only wait for each other, and sums stay the same
        for name in _TARGETS:
            _fit_grade(model, name, data, blocks, weight, fold, judged, ngram_share)
        for dimension in LEARNT if labels else ():
            _fit_labels(model, dimension, data, blocks, weight, fold, judged)
    for dimension, (floor, ratio) in _RULES.items():
        info["thresholds"][dimension] = {"floor": floor, "ratio": ratio}
    digest = hashlib.sha256(
        json.dumps([dict(r) for r in data.rows], sort_keys=True, default=str).encode()
    ).hexdigest()
    info["training"]["sha256"] = digest
    info["version"] = _version(model)
    return model


def _version(model: Model) -> str:
    """Name the numbers themselves: other data, word lists, settings or code that give others give another name."""
    decided = [model.info[key] for key in ("targets", "thresholds", "lexicon", "features")]
    found = hashlib.sha256(json.dumps(decided, sort_keys=True).encode())
    for arrays in (model.weights, model.ngram_weights):
        for name in sorted(arrays):
            found.update(arrays[name].tobytes())
    found.update(" ".join(model.vectorizer.vocabulary).encode())
    return f"{FORMAT}.{found.hexdigest()[:10]}"


def _fit_grade(
    model: Model, name: str, data: Prepared, blocks: Blocks, weight: np.ndarray, fold: np.ndarray,
    judged: np.ndarray, ngram_share: float,
) -> None:  # fmt: skip
    """One decision between grades, with calibration and threshold from sources it has not seen."""
    info = model.info
    grades = np.asarray([row["grade"] for row in data.rows])
    target = np.isin(grades, _TARGETS[name])
    half = (grades == "adjacent") if name == "core" else None
    samples = Samples.of(target, weight, half)
    raw = cross_fit(model, name, blocks, samples, fold, np.ones_like(judged), ngram_share, _STRENGTH)
    a, b = sigmoid_fit(raw[judged], target[judged])
    info["targets"][name].update(a=a, b=b)
    scores = np.asarray(1 / (1 + np.exp(-(a * raw + b))))
    truth, probability = target[judged], scores[judged]
    # The border to adjacent is soft, and short texts in other languages score lower than the long ones of which
    # most real items are: the threshold serves core against the rest, against none, and the written texts alike.
    clear = grades != "adjacent"
    tasks = [judged, judged & clear, ~judged & clear]
    threshold = best_threshold([(target[task], scores[task]) for task in tasks if target[task].any()])
    info["thresholds"][name] = threshold
    info["metrics"][name] = {
        "f1": round(f1(truth, probability >= threshold), 4),
        "ap": round(average_precision(truth, probability) or 0.0, 4),
        "ece": round(calibration_error(truth, probability), 4),
        "rows": int(judged.sum()), "positives": int(truth.sum()),
    }  # fmt: skip
    if name == "core":
        info["thresholds"]["review"] = review_band(truth, probability, threshold)


def _fit_labels(
    model: Model, dimension: str, data: Prepared, blocks: Blocks, weight: np.ndarray, fold: np.ndarray,
    judged: np.ndarray,
) -> None:  # fmt: skip
    """One decision per label of a dimension, on relevant rows; then how many labels an item gets."""
    rows = np.flatnonzero([row["grade"] != "none" for row in data.rows])
    truth = [list(data.rows[i].get(f"{dimension}s") or []) for i in rows]
    features = blocks.features[rows].copy()
    # What an item is about depends on its concepts only, not on how relevant or of which kind it is.
    features[:, [not name.startswith(_SUBJECT) for name in model.info["features"]]] = 0.0
    part = Blocks(features, blocks.ngrams[rows], blocks.kind)
    kept = np.flatnonzero(judged[rows])
    scores: dict[str, np.ndarray] = {}
    for label in DIMENSIONS[dimension]:
        target = np.asarray([label in labels for labels in truth])
        if target.sum() < _MIN_LABEL:
            continue
        raw = cross_fit(
            model, f"{dimension}:{label}", part, Samples.of(target, weight[rows]), fold[rows], judged[rows],
            _LABEL_SHARE, _LABEL_STRENGTH, balanced=False,
        )  # fmt: skip
        scores[label] = 1 / (1 + np.exp(-raw[kept]))
    expected = [truth[i] for i in kept]
    items = [{label: float(values[i]) for label, values in scores.items()} for i in range(len(kept))]
    best, floor, ratio = _best_cut(items, expected)
    model.info["thresholds"][dimension] = {"floor": floor, "ratio": ratio}
    model.info["metrics"][dimension] = {
        "micro_f1": round(best, 4),
        "ap": {
            label: round(average_precision(np.asarray([label in t for t in expected]), values) or 0.0, 4)
            for label, values in scores.items()
        },
        "rows": len(expected),
    }


def _best_cut(
    items: Sequence[Mapping[str, float]], expected: Sequence[list[str]]
) -> tuple[float, float, float]:
    """Highest micro-F1 over a grid of floors and ratios, and where it lies.

    Averaged over all relevant items and over those that people gave a label: the first punishes a label
    too many, the second one too few.
    """
    best = (0.0, 0.3, 0.6)
    given = [i for i, labels in enumerate(expected) if labels]
    for floor in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45):
        for ratio in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            picked = [[label["name"] for label in pick(item, floor, ratio)] for item in items]
            some = micro_f1([expected[i] for i in given], [picked[i] for i in given])
            best = max(best, ((micro_f1(expected, picked) + some) / 2, floor, ratio))
    return best


def train(
    output_dir: str | Path,
    data: str | Path | None = None,
    pools: Path | None = None,
    labels: Path | None = None,
) -> dict[str, Any]:
    """Train and write `model.json` and `model.npz`.

    Args:
        output_dir: folder of the two files; made where absent.
        data: labelled texts, a file or a folder; None takes the project's own.
        pools: folder with the texts of labelled real items; None trains without them.
        labels: label file; None takes the project's own.

    Returns:
        Held-out measures per target, counts, version.

    """
    rows = load_training(Path(data) if data is not None else None)
    if pools is not None:
        rows += load_real(pools, labels)
    model = fit(prepare(rows))
    save_model(model, Path(output_dir) / "model.json")
    return {**model.info["metrics"], "training": model.info["training"], "version": model.version}
