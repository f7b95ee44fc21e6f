"""What the model is compared with: a keyword rule, TF-IDF with logistic regression, the lexicon alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from classifiers.lexicon import Lexicon
from classifiers.measures import best_threshold
from classifiers.train import Prepared

__all__ = ["BASELINES", "Fitted"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A way to decide: a score per row and the threshold from which a row is core."""

    name: str
    score: Callable[[Prepared], np.ndarray]
    threshold: float


def keyword_rule(data: Prepared, lexicon: Lexicon) -> Fitted:
    """Core is what has a phrase that names digital social innovation by itself; nothing is fitted."""
    del data

    def score(part: Prepared) -> np.ndarray:
        return np.asarray(
            [sum("strong" in lexicon.roles[m.concept] for m in r.matches) for r in part.readings], dtype=float
        )

    return Fitted("keyword rule", score, 1.0)


def words_only(data: Prepared, lexicon: Lexicon) -> Fitted:
    """TF-IDF over words and pairs with logistic regression, as scikit-learn's text tutorial sets it up."""
    del lexicon
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=50_000),
        LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000),
    )
    with threadpool_limits(1):
        pipeline.fit([r.folded for r in data.readings], _target(data))
    return Fitted(
        "TF-IDF and logistic regression",
        lambda part: np.asarray(pipeline.predict_proba([r.folded for r in part.readings])[:, 1]),
        0.5,
    )


def lexicon_alone(data: Prepared, lexicon: Lexicon) -> Fitted:
    """Concepts of all three groups must occur; the score is the smallest group's size, no weights learnt."""

    def score(part: Prepared) -> np.ndarray:
        values = []
        for reading in part.readings:
            found = {m.concept for m in reading.matches}
            sizes = [sum(g in lexicon.roles[c] for c in found) for g in ("digital", "social", "open")]
            against = sum("negative" in lexicon.roles[c] for c in found)
            strong = sum("strong" in lexicon.roles[c] for c in found)
            values.append(max(min(sizes) + strong - 0.5 * against, 0.0) / 10.0)
        return np.asarray(np.minimum(values, 1.0))

    return Fitted("lexicon alone", score, best_threshold([(_target(data), score(data))]))


def _target(data: Prepared) -> np.ndarray:
    return np.asarray([row["grade"] == "core" for row in data.rows])


BASELINES: tuple[Callable[[Prepared, Lexicon], Fitted], ...] = (keyword_rule, words_only, lexicon_alone)
