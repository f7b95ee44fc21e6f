"""Build one immutable vintage of the indicators from stored signals and runs.

A cell is zero only where a source known to yield that kind and country completed a run in that month.
Member rows (areas and so on) exist where something was counted; the `all` row of a cell carries the zero.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pymongo.database import Database

from indicators.measures import cell, months, poisson, share, wilson
from storage.errors import reported

__all__ = ["BuildSummary", "build"]

DIMENSIONS = {"area": "areas", "trend": "trends", "technology": "technologies", "theme": "themes"}
GRADES = {"core": ["core"], "core+adjacent": ["core", "adjacent"]}
Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSummary:
    """What a build did."""

    vintage: str
    """Edition that holds the numbers, `YYYY-MM-DD` with a suffix from the second edition of a day on."""
    rows: int
    """Rows of the edition."""
    created: bool
    """False where an edition of that day already holds the same numbers."""
    revisions: list[dict[str, Any]]
    """Cells that differ from the edition before of the same day: `key`, `old`, `new`."""


def build(
    db: Database[dict[str, Any]],
    *,
    vintage: date | None = None,
    since: str | None = None,
    until: str | None = None,
) -> BuildSummary:
    """Compute and store the indicators.

    Args:
        db: the database.
        vintage: day of the edition; default today (UTC).
        since: first month, `YYYY-MM`; default the first with a signal or run.
        until: last month, `YYYY-MM`; default the month of the vintage.

    Raises:
        StorageError: the database cannot be read or written.

    """
    day = vintage or datetime.now(UTC).date()
    with reported("build indicators"):
        rows = _rows(db, since, until or f"{day:%Y-%m}", f"{day:%Y-%m}")
        editions = _editions(db, day.isoformat())
        old = (
            {row["_id"].rsplit("|", 1)[0]: row for row in db.indicators.find({"vintage": editions[-1]})}
            if editions
            else {}
        )
        plain = {
            key: {k: v for k, v in row.items() if k not in {"_id", "vintage"}} for key, row in old.items()
        }
        if editions and plain == rows:
            return BuildSummary(vintage=editions[-1], rows=len(rows), created=False, revisions=[])
        name = day.isoformat() + (f"-{len(editions) + 1}" if editions else "")
        if rows:
            db.indicators.insert_many(
                [{"_id": f"{key}|{name}", **row, "vintage": name} for key, row in rows.items()]
            )
    changed = [
        {"key": key, "old": plain.get(key, {}).get("value"), "new": rows.get(key, {}).get("value")}
        for key in sorted(plain.keys() | rows.keys())
        if editions and plain.get(key) != rows.get(key)
    ]
    return BuildSummary(vintage=name, rows=len(rows), created=bool(rows), revisions=changed)


def _editions(db: Database[dict[str, Any]], day: str) -> list[str]:
    names = [name for name in db.indicators.distinct("vintage") if str(name).startswith(day)]
    return sorted(names, key=lambda name: int(name[len(day) + 1 :] or 1))


def _event() -> dict[str, Any]:
    when = {"$ifNull": ["$published_at", "$first_seen"]}
    return {
        "month": {"$dateToString": {"format": "%Y-%m", "date": when}},
        "country": {"$ifNull": ["$place.country", "ZZ"]},
    }


def _count(
    db: Database[dict[str, Any]], match: dict[str, Any], field: str | None
) -> dict[tuple[str, ...], tuple[int, float]]:
    # -> (month, country, kind, member) -> (full, fractional)
    stages: list[dict[str, Any]] = [{"$match": match}]
    member: Any = "ALL"
    weight: Any = {"$literal": 1.0}
    if field:
        stages[0]["$match"] = {**match, f"dsi.{field}.0": {"$exists": True}}
        stages += [
            {
                "$addFields": {
                    "label": f"$dsi.{field}",
                    "weight": {"$divide": [1.0, {"$size": f"$dsi.{field}"}]},
                }
            },
            {"$unwind": "$label"},
        ]
        member, weight = {"$ifNull": ["$label.name", "$label"]}, "$weight"
    stages += [
        {"$project": {**_event(), "kind": 1, "member": member if field else {"$literal": member}, "weight": weight}},
        {"$match": {"month": {"$ne": None}}},
        {"$group": {
            "_id": {"$concat": ["$month", "|", "$country", "|", "$kind", "|", "$member"]},
            "n": {"$sum": 1}, "weight": {"$sum": "$weight"},
        }},
    ]  # fmt: skip
    found = db.signals.aggregate(stages, allowDiskUse=True)
    return {tuple(group["_id"].split("|", 3)): (group["n"], round(group["weight"], 9)) for group in found}


def _observed(db: Database[dict[str, Any]]) -> tuple[set[Cell], set[tuple[str, str]]]:
    ran: dict[str, set[str]] = defaultdict(set)
    for run in db.runs.find({"state": "done"}, {"source": 1, "started_at": 1}):
        ran[run["source"]].add(f"{run['started_at']:%Y-%m}")
    key = {"$concat": ["$source", "|", "$kind", "|", {"$ifNull": ["$place.country", "ZZ"]}]}
    cells, pairs = set(), set()
    for group in db.signals.aggregate([{"$group": {"_id": key}}]):
        source, kind, country = group["_id"].split("|", 2)
        pairs.add((country, kind))
        cells |= {(month, country, kind) for month in ran[source]}
    return cells, pairs


def _rows(
    db: Database[dict[str, Any]], since: str | None, until: str, current: str
) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    observed, pairs = _observed(db)
    deduplicated = {"canonical": {"$ne": False}}
    totals = _count(db, deduplicated, None)
    first = since or min([key[0] for key in totals] + [key[0] for key in observed], default=until)
    period = months(first, until)

    def add(
        name: str, at: tuple[str, ...], dimension: str, grades: str, counting: str, **figures: Any
    ) -> None:
        month, country, kind, member = at
        key = "|".join((name, month, country, kind, dimension, member, grades, counting))
        rows[key] = {
            "indicator": name, "period": month, "geo_level": "country", "geo": country, "kind": kind,
            "dimension": dimension, "member": member, "grades": grades, "counting": counting, **figures,
        }  # fmt: skip

    for grades, wanted in GRADES.items():
        graded = {"dsi.grade": {"$in": wanted}}
        for name, match in (("signals", {**graded, **deduplicated}), ("signals_raw", graded)):
            counts = _count(db, match, None)
            for at in ((month, *pair, "ALL") for month in period for pair in sorted(pairs)):
                n = counts.get(at, (0, 0.0))[0]
                value, status = cell(n, at[:3] in observed, at[0] < current)
                low, high = poisson(n) if value is not None else (None, None)
                add(
                    name,
                    at,
                    "all",
                    grades,
                    "full",
                    value=value,
                    unit="signals",
                    n=n,
                    ci_low=low,
                    ci_high=high,
                    status=status,
                )
                whole = totals.get(at, (0, 0.0))[0]
                if name == "signals" and whole:
                    low, high = wilson(n, whole) or (None, None)
                    add("share", at, "all", grades, "full", value=share(n, whole), unit="1", n=whole,
                        ci_low=low, ci_high=high, status="A" if at[0] < current else "P")  # fmt: skip
            for dimension, field in DIMENSIONS.items():
                for at, (full, part) in sorted(_count(db, match, field).items()):
                    if not period or not period[0] <= at[0] <= period[-1]:
                        continue
                    status = "A" if at[0] < current else "P"
                    for counting, value in (("full", full), ("fractional", part)):
                        low, high = poisson(value)
                        add(name, at, dimension, grades, counting, value=value, unit="signals", n=full,
                            ci_low=low, ci_high=high, status=status)  # fmt: skip
    return rows
