"""Word features: TF-IDF over the beginnings of folded words, without a fitted scikit-learn object.

The same few lines serve training and scoring, so a saved vocabulary means the same in both.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

__all__ = ["build_vocabulary", "tfidf"]

_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{3,6}")  # six letters: a stem that fits all languages a little
_MAX_WORDS = 3_000  # per text


def build_vocabulary(
    texts: Sequence[str], sources: Sequence[str], least: int = 3, most: int = 6_000
) -> tuple[list[str], np.ndarray]:
    """Words found in at least `least` sources, most frequent first, and their inverse document frequency.

    Words of fewer sources are names and habits of single publishers: they tell the source, not the subject,
    and have no place in a published model. Formula: `ln((1 + n) / (1 + df)) + 1`, scikit-learn's smooth idf.
    """
    found: Counter[str] = Counter()
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for text, source in zip(texts, sources, strict=True):
        for word in set(_WORD.findall(text)[:_MAX_WORDS]):
            found[word] += 1
            if len(seen[word]) < least:
                seen[word].add(source)
    kept = sorted((w for w in found if len(seen[w]) >= least), key=lambda w: (-found[w], w))[:most]
    idf = [math.log((1 + len(texts)) / (1 + found[w])) + 1.0 for w in kept]
    return kept, np.asarray(idf, dtype=np.float32)


def tfidf(texts: Sequence[str], index: dict[str, int], idf: np.ndarray) -> csr_matrix:
    """Rows of unit length with sub-linear term frequency; words outside the vocabulary are ignored."""
    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    weights = idf.tolist()
    for text in texts:
        counts = Counter(_WORD.findall(text)[:_MAX_WORDS])
        row = [
            (column, (1.0 + math.log(n)) * weights[column])
            for word, n in counts.items()
            if (column := index.get(word)) is not None
        ]
        norm = math.sqrt(sum(v * v for _, v in row)) or 1.0
        columns.extend(c for c, _ in row)
        data.extend(v / norm for _, v in row)
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(texts), len(idf)), dtype=np.float32)
