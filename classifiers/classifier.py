"""Text in, labels out: grade, areas, trends, technologies and themes, each with its evidence."""

from collections.abc import Mapping, Sequence
from heapq import nlargest
from pathlib import Path
from typing import Any, Self

import numpy as np

from classifiers.dimensions import pick
from classifiers.features import LEARNT, Reading, dimension_scores, feature_names, read, vector
from classifiers.lexicon import load_lexicon
from classifiers.model import Model, ModelError, load_model
from classifiers.ngrams import NgramRow
from classifiers.taxonomy import DIMENSIONS

__all__ = ["Classifier"]

_PLURAL = {"area": "areas", "trend": "trends", "technology": "technologies", "theme": "themes"}
_MIN_WORDS = 8  # fewer give no evidence: abstain
_MIN_BODY = 4  # different words that the title does not have; a bare title gives no evidence, however long
_MOST_MATCHES = 200
_TOP = 5
_BATCH = 256


class Classifier:
    """Scores records with one model and the packaged lexicon.

    Concepts that were added to the lexicon after training are matched but have no weight yet.

    Raises:
        ModelError: the model needs features that this lexicon or code does not make.

    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._lexicon = load_lexicon()
        place = {name: i for i, name in enumerate(feature_names(self._lexicon))}
        self._names = list(model.info["features"])
        if missing := [name for name in self._names if name not in place]:
            raise ModelError(
                f"model and lexicon do not fit: {missing[0]!r} is gone from the lexicon; run `dsi train`"
            )
        self._columns = np.asarray([place[name] for name in self._names])

    @classmethod
    def load(cls, path: str | Path | None = None) -> Self:
        """Read a model file (JSON part); None takes the packaged one.

        Raises:
            ModelError: missing, truncated, altered or unfitting.

        """
        return cls(load_model(Path(path) if path is not None else None))

    @property
    def version(self) -> str:
        """Identifier of model and word lists together."""
        return f"{self._model.version}+{self._lexicon.version}"

    @property
    def info(self) -> dict[str, Any]:
        """What the model's file says of it (measures, thresholds, training data), under `version` as above."""
        return {**self._model.info, "version": self.version}

    def classify(self, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Label records, in input order; never raises for what a record contains.

        Args:
            records: `{id, title, text, kind?, language?, organisation?}`.

        Returns:
            `{id, language, dsi}` per record, or `{id: None, error}` for what is not an object.
            `language` is measured; the declared one is used only where nothing can be measured.

        """
        results: list[dict[str, Any]] = []
        for start in range(0, len(records), _BATCH):
            results.extend(self._batch(records[start : start + _BATCH]))
        return results

    def _batch(self, records: Sequence[Any]) -> list[dict[str, Any]]:
        valid = [record for record in records if isinstance(record, Mapping)]
        labelled = iter(self._labelled(valid) if valid else [])
        return [
            next(labelled)
            if isinstance(record, Mapping)
            else {"id": None, "error": f"a record must be an object, not {type(record).__name__}"}
            for record in records
        ]

    def _labelled(self, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        readings = [read(record, self._lexicon) for record in records]
        features = np.stack([vector(reading, self._lexicon) for reading in readings])[:, self._columns]
        rows = [self._model.vectorizer.read(reading.folded) for reading in readings]
        ngrams = self._model.vectorizer.stack(rows)
        scores = {
            target: self._model.probability(target, features, ngrams)
            for target in self._model.info["targets"]
        }
        results = []
        for i, (record, reading) in enumerate(zip(records, readings, strict=True)):
            declared = record.get("language")
            language = reading.language or (declared if isinstance(declared, str) and declared else None)
            own = {target: float(values[i]) for target, values in scores.items()}
            dsi = {
                **self._label(reading, own),
                "top_features": self._contributions(features[i], rows[i]),
                "model": self.version,
            }
            results.append({"id": record.get("id"), "language": language, "dsi": dsi})
        return results

    def _label(self, reading: Reading, scores: Mapping[str, float]) -> dict[str, Any]:
        thresholds = self._model.info["thresholds"]
        core = scores["core"]
        abstained = reading.words < _MIN_WORDS or reading.new_words < _MIN_BODY
        if abstained:
            grade = "none"
        elif core >= thresholds["core"]:
            grade = "core"
        else:
            grade = "adjacent" if scores["relevant"] >= thresholds["relevant"] else "none"
        low, high = thresholds["review"]
        return {
            "grade": grade,
            "score": round(core, 4),
            "abstained": abstained,
            "review": not abstained and low <= core < high,
            **{_PLURAL[d]: self._labels(reading, d, scores, grade) for d in DIMENSIONS},
            "matched": reading.located()[:_MOST_MATCHES],
        }

    def _labels(
        self, reading: Reading, dimension: str, scores: Mapping[str, float], grade: str
    ) -> list[dict[str, Any]]:
        if grade == "none":
            return []
        found = dimension_scores(reading, self._lexicon, dimension)
        if dimension in LEARNT:
            found = {label: scores.get(f"{dimension}:{label}", 0.0) for label in found}
        cut = self._model.info["thresholds"][dimension]
        names = DIMENSIONS[dimension]
        return [
            {"name": names[label["name"]], "score": label["score"]}
            for label in pick(found, float(cut["floor"]), float(cut["ratio"]))
        ]

    def _contributions(self, features: np.ndarray, row: NgramRow) -> list[dict[str, Any]]:
        """Largest parts of the core score, on the logit scale before calibration: features and words."""
        share = float(self._model.info["targets"]["core"]["share"])
        parts = (1.0 - share) * features * self._model.weights["core"]
        found = [(self._names[j], float(parts[j])) for j in np.argsort(-np.abs(parts), kind="stable")[:_TOP]]
        if share:
            words = self._model.vectorizer.contributions(row, share * self._model.ngram_weights["core"])
            found += [(f"word:{word}", part) for word, part in words.items()]
        largest = nlargest(_TOP, found, key=lambda pair: abs(pair[1]))
        return [{"feature": name, "contribution": round(part, 4)} for name, part in largest if part]
