"""Labels as records: reading and checking them, and how far annotators agree."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from classifiers.taxonomy import AREAS, GRADES, TRENDS, names

__all__ = ["GUIDE_VERSION", "agreement", "kappa", "read_labels", "settled"]

GUIDE_VERSION = "1.0"
"""Version of `docs/annotation.md` that a label without one is taken to follow."""
_PASSES = range(1, 10)


def read_labels(lines: Iterable[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Read labels, one JSON object per line.

    Keys: `id`, `grade`, `annotator`; optionally `areas` and `trends` (names as published, or identifiers of
    `taxonomy.toml`), `guide` or `guide_version`, `pass` (1 for the first reading of an item, 2 for the second
    and so on), `pool`.

    Returns:
        The valid labels with areas and trends under their published names, and one sentence per line that
        was refused.

    """
    labels: list[dict[str, Any]] = []
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            label = json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(f"line {number}: not JSON: {error}")
            continue
        try:
            labels.append(_checked(label))
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    return labels, problems


def _checked(label: Any) -> dict[str, Any]:
    if not isinstance(label, dict):
        raise ValueError("not an object")
    if not label.get("id") or not label.get("annotator"):
        raise ValueError("id and annotator are required")
    if label.get("grade") not in GRADES:
        raise ValueError(f"grade must be one of {', '.join(GRADES)}")
    if label.get("pass", 1) not in _PASSES:
        raise ValueError(f"pass must be a whole number from {_PASSES[0]} to {_PASSES[-1]}")
    areas, trends = names(label.get("areas"), AREAS), names(label.get("trends"), TRENDS)
    if label["grade"] == "none" and (areas or trends):
        raise ValueError("areas and trends are given to core and adjacent items only")
    guide = str(label.get("guide") or label.get("guide_version") or GUIDE_VERSION)
    kept = {key: value for key, value in label.items() if key != "guide"}
    return {
        **kept,
        "areas": areas,
        "trends": trends,
        "guide_version": guide,
        "pass": int(label.get("pass", 1)),
    }


def settled(readings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What all readings of one item come to.

    The grade is the median of the readings, none below adjacent below core: of three readings the one that two
    gave, else the middle one. Of an even number it is the one of the middle two that is nearer to the first
    reading. Areas and trends are those of at least half of the readings that found the item relevant.

    Args:
        readings: checked labels of one item; `pass` gives their order.

    """
    ordered = sorted(readings, key=lambda label: int(label.get("pass") or 1))
    ranks = sorted(GRADES.index(label["grade"]) for label in ordered)
    low, high = ranks[(len(ranks) - 1) // 2], ranks[len(ranks) // 2]
    first = GRADES.index(ordered[0]["grade"])
    grade = GRADES[min(max(first, low), high)]
    relevant = [label for label in ordered if label["grade"] != "none"] if grade != "none" else []

    def common(key: str) -> list[str]:
        given = Counter(name for label in relevant for name in label[key])
        return [name for name, count in given.items() if 2 * count >= len(relevant)]

    return {**ordered[0], "grade": grade, "areas": common("areas"), "trends": common("trends")}


def kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Cohen's kappa of two label lists; None where chance alone explains all, or nothing is shared."""
    if not first:
        return None
    same = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    left, right = Counter(first), Counter(second)
    chance = sum(left[value] * right[value] for value in left) / len(first) ** 2
    return None if chance == 1.0 else round((same - chance) / (1.0 - chance), 4)


def agreement(
    labels: Sequence[Mapping[str, Any]], keys: Sequence[str] = ("kind", "language")
) -> dict[str, Any]:
    """Counts, and the agreement of the first two readings of each item.

    A reading is a pass of an annotator; a later label of the same reading replaces the earlier one.

    Args:
        labels: checked labels.
        keys: facets to break the agreement down by, where the labels carry them.

    Returns:
        `labels`, `items`, `grades`, `double`, `kappa_grades`, `kappa_core`, `areas_f1` (micro-F1 of one
        reading against the other, on items that both find relevant), and `by_<key>`.

    """
    readings: dict[str, dict[tuple[int, str], Mapping[str, Any]]] = {}
    for label in labels:
        reading = (int(label.get("pass") or 1), str(label["annotator"]))
        readings.setdefault(str(label["id"]), {})[reading] = label
    pairs = [[v[name] for name in sorted(v)][:2] for v in readings.values() if len(v) > 1]
    result = {
        "labels": len(labels),
        "items": len(readings),
        "grades": {grade: sum(label["grade"] == grade for label in labels) for grade in GRADES},
        **_pair_measures(pairs),
    }
    for key in keys:
        values = sorted({str(a[key]) for a, _ in pairs if a.get(key)})
        result[f"by_{key}"] = {
            v: _pair_measures([p for p in pairs if str(p[0].get(key)) == v]) for v in values
        }
    return result


def _pair_measures(pairs: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    first, second = [str(a["grade"]) for a, _ in pairs], [str(b["grade"]) for _, b in pairs]
    relevant = [
        (set(a["areas"]), set(b["areas"])) for a, b in pairs if "none" not in (a["grade"], b["grade"])
    ]
    total = sum(len(a) + len(b) for a, b in relevant)
    return {
        "double": len(pairs),
        "kappa_grades": kappa(first, second),
        "kappa_core": kappa([str(g == "core") for g in first], [str(g == "core") for g in second]),
        "areas_f1": round(2 * sum(len(a & b) for a, b in relevant) / total, 4) if total else None,
    }
