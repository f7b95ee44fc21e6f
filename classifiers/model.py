"""The trained numbers and their file: JSON for what people read, NPZ for arrays; loading runs no code.

Two files with one stem: `model.json` and `model.npz`. The JSON carries a checksum of the arrays and of
itself, so a truncated or altered file is refused.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.ngrams import NgramVectorizer

__all__ = ["DEFAULT_PATH", "Model", "ModelError", "load_model", "save_model"]

FORMAT = 3
DEFAULT_PATH = Path(__file__).with_name("data") / "model.json"


class ModelError(ValueError):
    """The model file is missing, altered, truncated or of another format."""

    exit_code = 3


@dataclass(slots=True)
class Model:
    """Linear decisions, each over two blocks of features.

    A target is `core`, `relevant` (core or adjacent), or `<dimension>:<label>`. Its raw score is
    `(1 - share) * (features @ weights + intercept) + share * (tfidf @ ngram_weights + ngram_intercept)`;
    the probability is `sigmoid(a * raw + b)`. Weights of letters have the precision of 16 bits, in which they
    are stored.
    """

    info: dict[str, Any]
    weights: dict[str, np.ndarray]
    ngram_weights: dict[str, np.ndarray]
    vectorizer: NgramVectorizer

    @property
    def version(self) -> str:
        """Identifier of these numbers; a change of data or code of features changes it."""
        return str(self.info["version"])

    def raw(self, target: str, features: np.ndarray, ngrams: Any) -> np.ndarray:
        """Blend of both blocks, before calibration; one number per row."""
        own = self.info["targets"][target]
        share = float(own["share"])
        lexical = features @ self.weights[target] + own["intercept"]
        if not share:
            return np.asarray(lexical)
        letters = np.asarray(ngrams @ self.ngram_weights[target]).ravel() + own["ngram_intercept"]
        return np.asarray((1.0 - share) * lexical + share * letters)

    def probability(self, target: str, features: np.ndarray, ngrams: Any) -> np.ndarray:
        """Calibrated probability per row."""
        own = self.info["targets"][target]
        logit = own["a"] * self.raw(target, features, ngrams) + own["b"]
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30))))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _canonical(info: dict[str, Any]) -> bytes:
    return json.dumps(info, ensure_ascii=False, sort_keys=True).encode()


def save_model(model: Model, path: Path) -> None:
    """Write `<path>` (JSON) and `<path>.npz` beside it (same stem)."""
    arrays = {
        "vocabulary": np.asarray(model.vectorizer.vocabulary, dtype=np.str_),
        "idf": model.vectorizer.idf,
    }
    for target in model.info["targets"]:
        arrays[f"weights_{target}"] = model.weights[target].astype(np.float32)
        if target in model.ngram_weights:
            arrays[f"ngrams_{target}"] = model.ngram_weights[target].astype(np.float16)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    body = buffer.getvalue()
    info = {**model.info, "npz_sha256": _digest(body)}
    info.pop("json_sha256", None)
    document = {**info, "json_sha256": _digest(_canonical(info))}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".npz").write_bytes(body)
    path.write_text(
        json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def load_model(path: Path | None = None) -> Model:
    """Read a model.

    Args:
        path: the JSON part; None for the packaged model.

    Raises:
        ModelError: a part is missing, truncated, altered, or of another format; says what to do.

    """
    path = path or DEFAULT_PATH
    again = "train it again with `dsi train` or restore the file"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        body = path.with_suffix(".npz").read_bytes()
    except OSError as error:
        raise ModelError(
            f"model {path.name}: cannot read {error.filename}: {error.strerror}; {again}"
        ) from error
    except ValueError as error:
        raise ModelError(f"model {path.name}: not JSON ({error}); {again}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ModelError(f"model {path.name}: not a model of format {FORMAT}; {again}")
    info = {key: value for key, value in document.items() if key != "json_sha256"}
    if _digest(_canonical(info)) != document.get("json_sha256"):
        raise ModelError(f"model {path.name}: checksum of the JSON part differs, it was altered; {again}")
    if _digest(body) != info.get("npz_sha256"):
        raise ModelError(
            f"model {path.with_suffix('.npz').name}: checksum differs, truncated or altered; {again}"
        )
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        targets = list(info["targets"])
        return Model(
            info,
            {target: arrays[f"weights_{target}"] for target in targets},
            {
                target: arrays[f"ngrams_{target}"].astype(np.float32)
                for target in targets
                if info["targets"][target]["share"]
            },
            NgramVectorizer(arrays["vocabulary"].tolist(), arrays["idf"]),
        )
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"model {path.name}: incomplete ({error}); {again}") from error
