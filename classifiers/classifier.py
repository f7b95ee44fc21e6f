"""Text in, labels out: grade, areas, trends, technologies and themes, each with its evidence."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from classifiers.dimensions import dimension_scores, pick
from classifiers.features import Reading, feature_names, read, vector
from classifiers.language import measure
from classifiers.lexicon import load_lexicon
from classifiers.model import Model, ModelError, load_model
from classifiers.taxonomy import DIMENSIONS
from classifiers.words import tfidf

__all__ = ["Classifier"]

_PLURAL = {"area": "areas", "trend": "trends", "technology": "technologies", "theme": "themes"}
_MIN_WORDS = 8  # fewer give no evidence: abstain
_MOST_MATCHES = 200
_TOP = 5
_BATCH = 256


class Classifier:
    """Scores records with one model and the packaged lexicon.

    Raises:
        ModelError: the model was trained with another set of features than this code makes.

    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._lexicon = load_lexicon()
        self._names = feature_names(self._lexicon)
        if list(model.info["features"]) != self._names:
            raise ModelError("model and lexicon do not fit: concepts were changed; run `dsi train`")
        self._index = {word: i for i, word in enumerate(model.info["vocabulary"])}

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

    def classify(self, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Label records, in input order; never raises for what a record contains.

        Args:
            records: `{id, title, text, kind?, language?}`.

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
        readings = [read(record, self._lexicon) for record in valid]
        results: list[dict[str, Any]] = []
        if valid:
            features = np.stack([vector(reading, self._lexicon) for reading in readings])
            verbal = tfidf([reading.folded for reading in readings], self._index, self._model.idf)
            core = self._model.probability("core", features, verbal)
            relevant = self._model.probability("relevant", features, verbal)
            for i, (record, reading) in enumerate(zip(valid, readings, strict=True)):
                declared = record.get("language")
                results.append(
                    {
                        "id": record.get("id"),
                        "language": measure(reading.original)
                        or (declared if isinstance(declared, str) and declared else None),
                        "dsi": self._label(reading, features[i], float(core[i]), float(relevant[i])),
                    }
                )
        labelled = iter(results)
        return [
            next(labelled)
            if isinstance(record, Mapping)
            else {"id": None, "error": f"a record must be an object, not {type(record).__name__}"}
            for record in records
        ]

    def _label(self, reading: Reading, row: np.ndarray, core: float, relevant: float) -> dict[str, Any]:
        thresholds = self._model.info["thresholds"]
        abstained = reading.words < _MIN_WORDS
        if abstained:
            grade = "none"
        elif core >= thresholds["core"]:
            grade = "core"
        else:
            grade = "adjacent" if max(relevant, core) >= thresholds["relevant"] else "none"
        result: dict[str, Any] = {"grade": grade, "score": round(core, 4), "abstained": abstained}
        for dimension in DIMENSIONS:
            picked: list[dict[str, Any]] = []
            if grade != "none":
                scores = dimension_scores(reading, self._lexicon, dimension)
                names = DIMENSIONS[dimension]
                picked = [
                    {**label, "name": names[label["name"]]} for label in pick(scores, float(thresholds[dimension]))
                ]
            result[_PLURAL[dimension]] = picked
        result["matched"] = reading.located()[:_MOST_MATCHES]
        contribution = row * self._model.weights["core"]
        order = np.argsort(-np.abs(contribution))[:_TOP]
        result["top_features"] = [
            {"feature": self._names[j], "contribution": round(float(contribution[j]), 4)}
            for j in order
            if contribution[j]
        ]
        result["model"] = self.version
        return result
