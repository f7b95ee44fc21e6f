"""Has what comes in changed since a reference time? Per source and language, for a person to look at.

An alert is a reason to label, not to retrain by itself: a portal that changed its template, a source that
switched language, or a word list that no longer meets the texts looks the same in the scores.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ALERT", "MIN_ITEMS", "drift", "stability_index"]

ALERT = 0.2
"""Population stability index from which a distribution is called shifted (the usual rule of thumb)."""
MIN_ITEMS = 30
"""Items on each side below which nothing is said."""
_CUTS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7)
_RATE_ALERT = 0.15  # change of a share (without any concept, abstained)


@dataclass(slots=True)
class _Side:
    """Counts of one source and language at one time."""

    scores: list[int] = field(default_factory=lambda: [0] * (len(_CUTS) + 1))
    items: int = 0
    silent: int = 0
    abstained: int = 0
    core: int = 0

    def add(self, dsi: Mapping[str, Any]) -> None:
        self.items += 1
        self.scores[sum(float(dsi.get("score") or 0.0) >= cut for cut in _CUTS)] += 1
        self.silent += not dsi.get("matched")
        self.abstained += bool(dsi.get("abstained"))
        self.core += dsi.get("grade") == "core"

    def share(self, name: str) -> float:
        return float(getattr(self, name)) / self.items


def stability_index(before: Sequence[int], after: Sequence[int]) -> float:
    """Population stability index: `sum((q - p) * ln(q / p))` over bins, half an item added to each."""
    total_before, total_after = sum(before) + len(before) / 2, sum(after) + len(after) / 2
    pairs = [((b + 0.5) / total_before, (a + 0.5) / total_after) for b, a in zip(before, after, strict=True)]
    return sum((q - p) * math.log(q / p) for p, q in pairs)


def drift(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Compare two times.

    Args:
        before: signals of the reference time, with `source`, `language` and `dsi`.
        after: signals of the time in question.

    Returns:
        One row per source and language, those with an alert first: `items` and `items_before`,
        `score_shift` (population stability index), shares of items without any concept, abstained and
        core on both sides, and `alerts` as sentences. Too few items: shift None, and no alert.

    """
    sides: dict[tuple[str, str], tuple[_Side, _Side]] = {}
    for number, signals in enumerate((before, after)):
        for signal in signals:
            if signal.get("dsi"):
                key = (str(signal.get("source") or "unknown"), str(signal.get("language") or "unknown"))
                sides.setdefault(key, (_Side(), _Side()))[number].add(signal["dsi"])
    rows = [_row(source, language, *pair) for (source, language), pair in sides.items()]
    return sorted(rows, key=lambda row: (-len(row["alerts"]), row["source"], row["language"]))


def _row(source: str, language: str, old: _Side, new: _Side) -> dict[str, Any]:
    row: dict[str, Any] = {
        "source": source, "language": language, "items_before": old.items, "items": new.items,
        "score_shift": None, "alerts": [],
    }  # fmt: skip
    for name in ("silent", "abstained", "core"):
        row[f"{name}_before"] = round(old.share(name), 4) if old.items else None
        row[name] = round(new.share(name), 4) if new.items else None
    if min(old.items, new.items) < MIN_ITEMS:
        return row
    shift = row["score_shift"] = round(stability_index(old.scores, new.scores), 4)
    if shift > ALERT:
        row["alerts"].append(f"scores shifted (index {shift:.2f}, alert from {ALERT})")
    for name, words in (("silent", "without any concept"), ("abstained", "abstained")):
        change = new.share(name) - old.share(name)
        if abs(change) > _RATE_ALERT:
            row["alerts"].append(f"{words}: {old.share(name):.0%} before, {new.share(name):.0%} now")
    return row
