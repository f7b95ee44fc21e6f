"""The labelling loop as functions over records: what to label next, reading labels, agreement."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from classifiers.taxonomy import AREAS, GRADES, TRENDS

__all__ = ["agreement", "kappa", "queue", "read_labels"]


def queue(records: Sequence[Mapping[str, Any]], size: int = 50, seed: int = 0) -> list[dict[str, Any]]:
    """Choose what to label: 40 % uncertain, 20 % random, the rest where grade and concepts disagree.

    Args:
        records: stored signals or classifier results, with `id` (or `_id`) and `dsi`.
        size: how many.
        seed: makes the draw repeatable.

    Returns:
        `{id, reason, score}`, each item once; random ones are an honest sample for evaluation.

    """
    chooser = random.Random(seed)  # noqa: S311  a sample, not a secret
    pool = {str(record.get("id", record.get("_id"))): record for record in records if record.get("dsi")}
    names = sorted(pool)
    chosen: dict[str, str] = dict.fromkeys(
        chooser.sample(names, min(len(names), round(size * 0.2))), "random"
    )
    near = sorted(names, key=lambda name: abs(float(pool[name]["dsi"]["score"]) - 0.5))
    _take(chosen, near, "uncertain", round(size * 0.4))
    _take(chosen, sorted(names, key=lambda name: -_disagreement(pool[name]["dsi"])), "disagreement", size)
    return [
        {"id": name, "reason": reason, "score": pool[name]["dsi"]["score"]}
        for name, reason in list(chosen.items())[:size]
    ]


def _take(chosen: dict[str, str], ranked: Iterable[str], reason: str, most: int) -> None:
    for name in ranked:
        if sum(r == reason for r in chosen.values()) >= most:
            return
        chosen.setdefault(name, reason)


def _disagreement(dsi: Mapping[str, Any]) -> float:
    concepts = len({m["concept"] for m in dsi.get("matched", ())})
    expected = min(concepts / 12.0, 1.0)  # a dozen concepts is what a core text usually shows
    return abs(expected - float(dsi["score"]))


def read_labels(lines: Iterable[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Read labels, one JSON object per line: `id`, `grade`, `annotator`, `areas`, `trends`, `guide_version`.

    Returns:
        The valid labels, and one sentence per line that was refused.

    """
    labels: list[dict[str, Any]] = []
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            label = json.loads(line)
        except ValueError as error:
            problems.append(f"line {number}: not JSON: {error}")
            continue
        if problem := _problem(label):
            problems.append(f"line {number}: {problem}")
        else:
            labels.append({"areas": [], "trends": [], "guide_version": 1, **label})
    return labels, problems


def _problem(label: Any) -> str | None:
    if not isinstance(label, dict):
        return "not an object"
    if not label.get("id") or not label.get("annotator"):
        return "id and annotator are required"
    if label.get("grade") not in GRADES:
        return f"grade must be one of {', '.join(GRADES)}"
    for key, known in (("areas", AREAS), ("trends", TRENDS)):
        values = label.get(key, [])
        if not isinstance(values, list) or any(value not in known for value in values):
            return f"{key} must be a list out of {', '.join(known)}"
    return None


def kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Cohen's kappa of two label lists; None where chance alone explains all, or nothing is shared."""
    if not first:
        return None
    same = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    values = set(first) | set(second)
    chance = sum((list(first).count(v) / len(first)) * (list(second).count(v) / len(second)) for v in values)
    return None if chance == 1.0 else (same - chance) / (1.0 - chance)


def agreement(labels: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts and agreement of the first two annotators of each item (in alphabetical order)."""
    by_item: dict[str, dict[str, str]] = {}
    for label in labels:
        by_item.setdefault(str(label["id"]), {})[str(label["annotator"])] = str(label["grade"])
    pairs = [tuple(g for _, g in sorted(v.items()))[:2] for v in by_item.values() if len(v) > 1]
    first, second = [p[0] for p in pairs], [p[1] for p in pairs]
    core = kappa([str(g == "core") for g in first], [str(g == "core") for g in second])
    grades = {g: sum(label["grade"] == g for label in labels) for g in GRADES}
    return {"labels": len(labels), "items": len(by_item), "grades": grades, "double": len(pairs),
            "kappa_grades": kappa(first, second), "kappa_core": core}  # fmt: skip
