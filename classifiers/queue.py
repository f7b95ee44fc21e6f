"""What to label next: mostly where a label teaches most, partly at random so that the sample stays honest."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["SHARES", "queue"]

SHARES = {"random": 0.2, "uncertain": 0.4, "new source": 0.2, "disagreement": 0.2}
"""Reason -> share of the queue."""
_FULL = 12.0  # a dozen concepts is what a core text usually shows


def queue(
    records: Sequence[Mapping[str, Any]],
    size: int = 50,
    seed: int = 0,
    labelled: Mapping[str, int] | None = None,
) -> list[dict[str, Any]]:
    """Choose what to label.

    Args:
        records: stored signals or classifier results, with `id` (or `_id`), `dsi`, `source` and `language`.
        size: how many.
        seed: makes the draw repeatable.
        labelled: source -> number of labels there are already; a source without any counts as new.

    Returns:
        `{id, reason, score}`, each item once, reasons mixed. Those drawn at random are a fair sample of
        what was offered; the others are not.

    """
    chooser = random.Random(seed)  # noqa: S311  a sample, not a secret
    pool = {str(record.get("id", record.get("_id"))): record for record in records if record.get("dsi")}
    names = sorted(pool)
    chooser.shuffle(names)
    rankings: dict[str, Iterable[str]] = {
        "random": names,
        "uncertain": sorted(names, key=lambda name: abs(float(pool[name]["dsi"]["score"]) - 0.5)),
        "new source": _rare_first(names, pool, Counter(labelled or {})),
        "disagreement": sorted(names, key=lambda name: -_disagreement(pool[name]["dsi"])),
    }
    chosen: dict[str, str] = {}
    for reason, ranked in rankings.items():
        _take(chosen, ranked, reason, round(size * SHARES[reason]))
    _take(chosen, rankings["uncertain"], "uncertain", size)  # what rounding and short lists left open
    drawn = list(chosen.items())[:size]
    chooser.shuffle(drawn)  # the reader shall not see from the order why an item is there
    return [{"id": name, "reason": reason, "score": pool[name]["dsi"]["score"]} for name, reason in drawn]


def _take(chosen: dict[str, str], ranked: Iterable[str], reason: str, most: int) -> None:
    room = most - sum(r == reason for r in chosen.values())
    for name in ranked:
        if room <= 0:
            return
        if name not in chosen:
            chosen[name] = reason
            room -= 1


def _rare_first(
    names: Sequence[str], pool: Mapping[str, Mapping[str, Any]], labelled: Counter[str]
) -> list[str]:
    """Sources with the fewest labels first, one item of each in turn, relevant ones before the rest."""
    turns: Counter[str] = Counter(labelled)
    ranked = []
    for name in sorted(names, key=lambda name: -float(pool[name]["dsi"]["score"])):
        source = f"{pool[name].get('source')}|{pool[name].get('language')}"
        ranked.append((labelled[str(pool[name].get("source"))], turns[source], name))
        turns[source] += 1
    return [name for _, _, name in sorted(ranked, key=lambda entry: entry[:2])]


def _disagreement(dsi: Mapping[str, Any]) -> float:
    concepts = len({match["concept"] for match in dsi.get("matched", ())})
    return abs(min(concepts / _FULL, 1.0) - float(dsi["score"]))
