"""Letter features: TF-IDF over runs of three to five letters inside folded words.

What scikit-learn's `TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))` computes, with three differences:
a run must occur in several sources, the runs of a word are worked out once and remembered (scikit-learn does it
anew for every occurrence, at a tenth of the speed), and two plain arrays are all there is to store.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple, Self

import numpy as np
from scipy.sparse import csr_matrix

__all__ = ["NgramRow", "NgramVectorizer"]

_WORD = re.compile(r"[^\W\d_]+")
_MAX_WORDS = 3_000  # per text
_SHORTEST, _LONGEST = 3, 5
_MAX_CACHE = 50_000  # words whose runs are remembered
_NOTHING = np.empty(0, dtype=np.int64)


def _ngrams(word: str) -> set[str]:
    """Runs of letters of one word; a space marks where it begins and ends."""
    padded = f" {word} "
    return {
        padded[start : start + size]
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(padded) - size + 1)
    }


def _counted(text: str) -> "Counter[str]":
    return Counter(_WORD.findall(text)[:_MAX_WORDS])


class NgramRow(NamedTuple):
    """The runs of letters of one text."""

    columns: np.ndarray
    """Columns that are not zero."""
    values: np.ndarray
    """Their values; the row has unit length."""
    words: list[str]
    """Different words of the text."""
    sizes: np.ndarray
    """Runs of each word."""
    occurrences: np.ndarray
    """Columns of the runs of all words, one word after another."""
    shares: np.ndarray
    """How much of a run's occurrences in the text each of them stands for."""


class NgramVectorizer:
    """Texts to rows of unit length; runs outside the vocabulary are ignored.

    Args:
        vocabulary: runs of letters, one column each.
        idf: inverse document frequency of each.

    """

    def __init__(self, vocabulary: Iterable[str], idf: np.ndarray) -> None:
        self.vocabulary = list(vocabulary)
        self.idf = np.asarray(idf, dtype=np.float32)
        self._column = {ngram: column for column, ngram in enumerate(self.vocabulary)}
        self._columns: dict[str, np.ndarray] = {}

    @classmethod
    def fit(cls, texts: Sequence[str], sources: Sequence[str], least: int = 3, most: int = 20_000) -> Self:
        """Take the most frequent runs that occur in at least `least` sources.

        Runs of fewer sources are names and habits of single publishers: they tell the source, not the subject,
        and have no place in a published model. Formula: `ln((1 + n) / (1 + df)) + 1`, scikit-learn's smooth idf.
        """
        found: Counter[str] = Counter()
        seen: defaultdict[str, set[str]] = defaultdict(set)
        for text, source in zip(texts, sources, strict=True):
            ngrams = set(chain.from_iterable(map(_ngrams, _counted(text))))
            found.update(ngrams)
            for ngram in ngrams:
                if len(seen[ngram]) < least:
                    seen[ngram].add(source)
        kept = sorted((n for n in found if len(seen[n]) >= least), key=lambda n: (-found[n], n))[:most]
        return cls(kept, np.asarray([math.log((1 + len(texts)) / (1 + found[n])) + 1.0 for n in kept]))

    def _of(self, word: str) -> np.ndarray:
        columns = self._columns.get(word)
        if columns is None:
            if len(self._columns) >= _MAX_CACHE:
                self._columns.clear()
            known = (self._column.get(ngram) for ngram in _ngrams(word))
            columns = self._columns[word] = np.asarray([c for c in known if c is not None], dtype=np.int64)
        return columns

    def read(self, text: str) -> NgramRow:
        """Count the runs of one folded text."""
        counted = _counted(text)
        found = [self._of(word) for word in counted]
        sizes = np.asarray([len(columns) for columns in found], dtype=np.int64)
        occurrences = np.concatenate([_NOTHING, *found])
        times = np.repeat(np.asarray([*counted.values()], dtype=np.float64), sizes)
        counts = np.bincount(occurrences, weights=times, minlength=len(self.vocabulary))
        columns = np.flatnonzero(counts)
        values = (1.0 + np.log(counts[columns])) * self.idf[columns]
        values /= np.linalg.norm(values) or 1.0
        return NgramRow(columns, values, list(counted), sizes, occurrences, times / counts[occurrences])

    def stack(self, rows: Sequence[NgramRow]) -> csr_matrix:
        """Rows under each other, float32, shape (rows, vocabulary)."""
        values = np.concatenate([np.empty(0), *(row.values for row in rows)])
        columns = np.concatenate([_NOTHING, *(row.columns for row in rows)])
        starts = np.cumsum([0, *(len(row.columns) for row in rows)])
        return csr_matrix(
            (values, columns, starts), shape=(len(rows), len(self.vocabulary)), dtype=np.float32
        )

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Sub-linear term frequency times idf, float32, shape (texts, vocabulary)."""
        return self.stack([self.read(text) for text in texts])

    def contributions(self, row: NgramRow, weights: np.ndarray) -> dict[str, float]:
        """What each word adds to the weighted sum of a row; words that share a run of letters share its part.

        Args:
            row: of one text.
            weights: one per column.

        """
        part = np.zeros(len(self.vocabulary))
        part[row.columns] = row.values * weights[row.columns]
        sums = np.cumsum(np.concatenate([[0.0], part[row.occurrences] * row.shares]))
        ends = np.cumsum(row.sizes)
        return dict(zip(row.words, (sums[ends] - sums[ends - row.sizes]).tolist(), strict=True))
