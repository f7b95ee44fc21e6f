"""The audit sample: drawing it, and from its readings to corrected numbers of signals.

Only labels of drawn signals count, whose chance of being drawn is known: labels chosen because the
classifier was unsure say nothing about all signals. The draw is kept in `audit_draws`; whoever labels a
drawn signal, and by which way, adds a reading.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo.database import Database

from classifiers.audit import draw
from indicators.counts import Tables, levels
from indicators.declarations import GRADES
from indicators.estimate import Audit, Estimate, Reading, corrected, fit
from storage.errors import reported

__all__ = ["AuditSample", "draw_audit", "estimates_of_month", "fit_audit", "read_audit"]

LEAST_READINGS = 15
"""A stratum with fewer readings is joined with its wider one."""
Decided = tuple[str, str, str]
"""(kind, grade as classified, tenth of the score)"""
AuditSample = list[tuple[Decided, str, str, float]]
"""(decision, country, grade as read, probability)"""


def draw_audit(db: Database[dict[str, Any]], size: int, seed: int, now: datetime) -> list[dict[str, Any]]:
    """Draw signals to read, stratified by score, and record the draw before anything is read.

    Args:
        db: the database.
        size: number of signals; all where there are fewer.
        seed: makes the draw repeatable over the same signals.
        now: moment of the draw (UTC).

    Returns:
        `_id`, `probability`, `stratum`, `score` of the drawn signals, in the order of their keys. Not drawn
        are signals of an earlier draw, copies, and those whose text had to be forgotten: nobody can read them.

    Raises:
        StorageError: the database cannot be read or written.

    """
    with reported("draw the audit sample"):
        known = {entry["_id"] for entry in db.audit_draws.find({}, {"_id": 1})}
        readable = {"canonical": {"$ne": False}, "dsi.score": {"$gte": 0}, "forgotten_at": None}
        scored = db.signals.find(readable, {"dsi.score": 1})
        pool = sorted((str(s["_id"]), float(s["dsi"]["score"])) for s in scored if s["_id"] not in known)
        if not pool:
            return []
        drawn = [
            {
                "_id": pool[entry.index][0],
                "probability": entry.probability,
                "stratum": entry.stratum,
                "score": pool[entry.index][1],
                "seed": seed,
                "drawn_at": now,
            }
            for entry in draw([score for _, score in pool], size, seed)
        ]
        db.audit_draws.insert_many(drawn)
    return drawn


def read_audit(db: Database[dict[str, Any]]) -> AuditSample:
    """Read the labels of drawn signals with what the classifier decides about the same signals now.

    Raises:
        StorageError: the database cannot be read.

    """
    with reported("read the audit sample"):
        chances = {entry["_id"]: float(entry["probability"]) for entry in db.audit_draws.find()}
        labels: dict[str, dict[str, Any]] = {}
        found = db.labels.find({"signal": {"$in": list(chances)}})
        for label in sorted(found, key=lambda label: (label.get("pass") or 1, label["_id"])):
            labels.setdefault(label["signal"], label)  # a second reading measures agreement, not prevalence
        fields = {"kind": 1, "place.country": 1, "dsi.grade": 1, "dsi.score": 1}
        signals = list(db.signals.find({"_id": {"$in": list(labels)}, "canonical": {"$ne": False}}, fields))
    sample = []
    for signal in sorted(signals, key=lambda entry: entry["_id"]):
        dsi, read = signal.get("dsi") or {}, labels[signal["_id"]].get("grade") or "none"
        tenth = str(int(10 * min(0.99, dsi.get("score") or 0)))
        country = (signal.get("place") or {}).get("country") or "ZZ"
        decided = (signal["kind"], dsi.get("grade") or "none", tenth)
        sample.append((decided, country, read, chances[signal["_id"]]))
    return sample


def _names(decided: Decided) -> tuple[str, str, str]:
    """Strata of a decision from the finest to the widest."""
    return "|".join(decided), "|".join(decided[:2]), decided[1]


def fit_audit(sample: AuditSample) -> dict[str, tuple[Audit, Counter[str]]]:
    """Learn the rates of true items in strata of all widths, per set of grades."""
    read = Counter(name for decided, *_ in sample for name in _names(decided))
    fitted = {}
    for grades, wanted in GRADES.items():
        if wanted is not None and sample:
            readings = [
                Reading(name, country, grade in wanted, probability)
                for decided, country, grade, probability in sample
                for name in _names(decided)
            ]
            fitted[grades] = (fit(readings), read)
    return fitted


def estimates_of_month(
    tables: Tables, fitted: Mapping[str, tuple[Audit, Counter[str]]]
) -> dict[tuple[str, str, str, str], Estimate]:
    """Correct the signals of a month.

    Returns:
        (grades, geo_level, geo, kind) -> estimate, of the cells whose strata were read.

    """
    found: dict[tuple[str, str, str, str], Estimate] = {}
    for grades, (audit, read) in fitted.items():
        cells: dict[tuple[str, str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for (country, kind, grade, tenth), sums in tables.counted.get("scores", {}).items():
            names = _names((kind, grade, tenth))
            name = next((name for name in names if read[name] >= LEAST_READINGS), names[-1])
            for level in levels(country):
                cells[(*level, kind)][country][name] += int(sums["n"])
        for place, items in cells.items():
            estimate = corrected(audit, items)
            if estimate is not None:
                found[(grades, *place)] = estimate
    return found
