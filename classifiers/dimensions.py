"""Which areas, trends, technologies and themes a relevant text gets, out of the scores of all labels."""

from collections.abc import Mapping
from typing import Any

__all__ = ["pick"]


def pick(scores: Mapping[str, float], floor: float, ratio: float, most: int = 3) -> list[dict[str, Any]]:
    """Keep at most `most` labels that reach the floor and a share of the best one, best first.

    Args:
        scores: label -> score between 0 and 1.
        floor: least score.
        ratio: least share of the best score.
        most: number of labels; the annotation guide allows three.

    """
    best = max(scores.values(), default=0.0)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    kept = [(name, score) for name, score in ranked if score >= floor and score >= ratio * best > 0]
    return [{"name": name, "score": round(float(score), 4)} for name, score in kept[:most]]
