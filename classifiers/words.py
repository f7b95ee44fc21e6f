"""Word features: TF-IDF over folded words, computed without a fitted scikit-learn object.

The same few lines serve training and scoring, so a saved vocabulary means the same in both.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

__all__ = ["build_vocabulary", "tfidf"]

_WORD = re.compile(r"[^\W\d_]{3,}")
_MAX_WORDS = 3_000  # per text


def build_vocabulary(texts: Sequence[str], least: int = 2, most: int = 4_000) -> tuple[list[str], np.ndarray]:
    """Words found in at least `least` texts, most frequent first, and their inverse document frequency.

    Formula: `ln((1 + n) / (1 + df)) + 1`, as scikit-learn's smooth idf.
    """
    found: Counter[str] = Counter()
    for text in texts:
        found.update(set(_WORD.findall(text)[:_MAX_WORDS]))
    kept = sorted((w for w, n in found.items() if n >= least), key=lambda w: (-found[w], w))[:most]
    idf = [math.log((1 + len(texts)) / (1 + found[w])) + 1.0 for w in kept]
    return kept, np.asarray(idf, dtype=np.float32)


def tfidf(texts: Sequence[str], index: dict[str, int], idf: np.ndarray) -> csr_matrix:
    """Rows of unit length with sub-linear term frequency; words outside the vocabulary are ignored."""
    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    for text in texts:
        counts: Counter[int] = Counter()
        for word in _WORD.findall(text)[:_MAX_WORDS]:
            column = index.get(word)
            if column is not None:
                counts[column] += 1
        row = {c: (1.0 + math.log(n)) * float(idf[c]) for c, n in counts.items()}
        norm = math.sqrt(sum(v * v for v in row.values())) or 1.0
        columns.extend(row)
        data.extend(v / norm for v in row.values())
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(texts), len(idf)), dtype=np.float32)
