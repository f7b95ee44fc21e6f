"""Areas, trends, technologies and themes of a relevant text, from the weight of its concepts."""

import math
from typing import Any

from classifiers.features import Reading
from classifiers.lexicon import Lexicon
from classifiers.taxonomy import DIMENSIONS

__all__ = ["dimension_scores", "pick"]

_TITLE_WEIGHT = 3.0
_SATURATION = 2.5


def dimension_scores(reading: Reading, lexicon: Lexicon, dimension: str) -> dict[str, float]:
    """Score every label of a dimension between 0 and 1: `1 - exp(-weight / 2.5)`.

    A concept weighs `log2(1 + hits)`, a hit in the title counts three times.
    """
    hits: dict[str, float] = {}
    for match in reading.matches:
        hits[match.concept] = hits.get(match.concept, 0.0) + (
            _TITLE_WEIGHT if match.word < reading.title_words else 1.0
        )
    weights = dict.fromkeys(DIMENSIONS[dimension], 0.0)
    prefix = dimension + ":"
    for concept, count in hits.items():
        for role in lexicon.roles[concept]:
            if role.startswith(prefix):
                weights[role[len(prefix) :]] += math.log2(1.0 + count)
    return {name: 1.0 - math.exp(-weight / _SATURATION) for name, weight in weights.items()}


def pick(scores: dict[str, float], floor: float, ratio: float = 0.6, most: int = 3) -> list[dict[str, Any]]:
    """Keep at most `most` labels that reach the floor and a share of the best one, best first."""
    best = max(scores.values(), default=0.0)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    kept = [(name, score) for name, score in ranked if score >= floor and score >= ratio * best]
    return [{"name": name, "score": round(score, 4)} for name, score in kept[:most]]
