"""Fit the relevance model on labelled texts and write its two files.

Calibration and thresholds come from scores of held-out groups (one group = one source or, in the
project's own texts, one story), never from the rows a fold was fitted on.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

from classifiers.features import feature_names, read, vector
from classifiers.lexicon import Lexicon, load_lexicon
from classifiers.model import FORMAT, Model, save_model
from classifiers.words import build_vocabulary, tfidf

__all__ = ["TRAINING_PATH", "fit", "group_of", "load_training", "train"]

TRAINING_PATH = Path(__file__).with_name("data") / "training.jsonl"
WORD_SHARE = 0.2
"""Share of the word block in the blend: small, because words do not carry to unseen sources."""
_TARGETS = {"core": ("core",), "relevant": ("core", "adjacent")}
_THRESHOLDS = {"area": 0.42, "trend": 0.42, "technology": 0.3, "theme": 0.3}


def load_training(path: Path | None = None) -> list[dict[str, Any]]:
    """Read labelled records, one JSON object per line.

    Raises:
        ValueError: a line is not JSON or lacks a known grade; names file and line.

    """
    path = path or TRAINING_PATH
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if row["grade"] not in ("core", "adjacent", "none"):
                raise ValueError(f"unknown grade {row['grade']!r}")
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name}, line {number}: {error!r}") from error
        rows.append(row)
    return rows


def group_of(row: Mapping[str, Any]) -> str:
    """What must not be split between folds: publisher or employer, else source, else the item."""
    for key in ("group", "publisher", "employer", "recipient", "source", "id"):
        if row.get(key):
            return str(row[key])
    return "unknown"


def _logistic(features: Any, target: np.ndarray, strength: float) -> tuple[np.ndarray, float]:
    fitted = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)
    fitted.fit(features, target)
    return fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])


def _sigmoid_fit(raw: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Platt's scaling; the slope is kept positive so that order never flips."""
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(raw.reshape(-1, 1), target)
    return max(float(fitted.coef_[0][0]), 0.05), float(fitted.intercept_[0])


def _best_threshold(probability: np.ndarray, target: np.ndarray) -> float:
    grid = np.linspace(0.15, 0.75, 61)
    scores = []
    for threshold in grid:
        chosen = probability >= threshold
        hit = float((chosen & target).sum())
        scores.append(2 * hit / max(float(chosen.sum() + target.sum()), 1.0))
    scores_array = np.asarray(scores)
    near = grid[scores_array >= scores_array.max() - 0.005]
    return round(float(np.median(near)), 3)  # middle of the plateau: less luck than its edge


def fit(rows: Sequence[Mapping[str, Any]], lexicon: Lexicon | None = None, folds: int = 5) -> Model:
    """Fit both targets on labelled rows.

    Raises:
        ValueError: fewer than 20 rows or fewer than `folds` groups.

    """
    lexicon = lexicon or load_lexicon()
    groups = np.asarray([group_of(row) for row in rows])
    if len(rows) < 20 or len(set(groups)) < folds:
        raise ValueError(f"{len(rows)} rows in {len(set(groups))} groups are too few to train on")
    readings = [read(row, lexicon) for row in rows]
    features = np.stack([vector(reading, lexicon) for reading in readings])
    vocabulary, idf = build_vocabulary([reading.folded for reading in readings])
    index = {word: i for i, word in enumerate(vocabulary)}
    verbal: csr_matrix = tfidf([reading.folded for reading in readings], index, idf)
    grades = np.asarray([row["grade"] for row in rows])
    info: dict[str, Any] = {
        "format": FORMAT, "features": feature_names(lexicon), "vocabulary": vocabulary,
        "word_share": WORD_SHARE, "targets": {}, "thresholds": dict(_THRESHOLDS),
        "lexicon": lexicon.version, "scikit_learn": sklearn.__version__, "guide_version": 1,
        "training": {"rows": len(rows), "groups": len(set(groups)), **_counts(rows)},
    }  # fmt: skip
    model = Model(info, {}, {}, idf)
    metrics: dict[str, Any] = {}
    for name, positive in _TARGETS.items():
        target = np.isin(grades, positive)
        info["targets"][name] = {"a": 1.0, "b": 0.0}
        held_out = np.zeros(len(rows))
        for inside, outside in GroupKFold(folds).split(features, target, groups):
            _set_weights(model, name, features[inside], verbal[inside], target[inside])
            held_out[outside] = model.raw(name, features[outside], verbal[outside])
        _set_weights(model, name, features, verbal, target)
        a, b = _sigmoid_fit(held_out, target)
        info["targets"][name].update(a=a, b=b)
        probability = 1 / (1 + np.exp(-(a * held_out + b)))
        threshold = info["thresholds"][name] = _best_threshold(probability, target)
        chosen = probability >= threshold
        metrics[name] = {
            "f1": round(2 * float((chosen & target).sum()) / max(float(chosen.sum() + target.sum()), 1), 4),
            "ap": round(float(average_precision_score(target, probability)), 4),
            "positives": int(target.sum()),
        }
    info["metrics"] = metrics
    digest = hashlib.sha256(
        json.dumps([dict(r) for r in rows], sort_keys=True, default=str).encode()
    ).hexdigest()
    info["training"]["sha256"] = digest
    info["version"] = "1." + hashlib.sha256((digest + lexicon.version).encode()).hexdigest()[:10]
    return model


def _set_weights(
    model: Model, name: str, features: np.ndarray, verbal: csr_matrix, target: np.ndarray
) -> None:
    weights, intercept = _logistic(features, target, 0.15)
    words, word_intercept = _logistic(verbal, target, 1.0)
    model.weights[name], model.words[name] = weights, words
    model.info["targets"][name].update(intercept=intercept, word_intercept=word_intercept)


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for key in ("grade", "kind", "language"):
        for row in rows:
            table = counted.setdefault(key, {})
            value = str(row.get(key) or "unknown")
            table[value] = table.get(value, 0) + 1
    return counted


def train(output_dir: str | Path, data: str | Path | None = None) -> dict[str, Any]:
    """Train and write `model.json` and `model.npz`.

    Args:
        output_dir: folder of the two files; made where absent.
        data: labelled JSONL; None takes the project's own texts.

    Returns:
        Held-out F1 and AP per target, counts, version.

    """
    model = fit(load_training(Path(data) if data is not None else None))
    save_model(model, Path(output_dir) / "model.json")
    return {**model.info["metrics"], "training": model.info["training"], "version": model.version}
