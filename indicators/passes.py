"""The aggregation pipelines: one pass over the signals per kind of count.

A pass ends in groups with a string key, whose parts are joined by a control character that no code, name
or label holds.
"""

from collections.abc import Iterator
from typing import Any

from pymongo.database import Database

from indicators.expressions import (
    CANONICAL,
    COUNTRY,
    DIMENSION_FIELDS,
    EARLIEST,
    EVENT,
    EVERGREEN,
    GRADE,
    ICT_PROFESSIONAL,
    JOIN,
    KIND,
    MONTH,
    ORGANISATION,
    RAW,
    RELEVANT,
    SECTOR,
    STAGE,
    Expression,
    euro,
    named,
    text,
)
from indicators.measures import month_bounds
from storage.errors import reported

__all__ = ["EVENT", "PASSES", "joined", "organisations", "run_pass", "windows"]

Pass = dict[str, Any]


def _labels(field: str) -> Pass:
    return {
        "match": {**RELEVANT, f"dsi.{field}.0": {"$exists": True}},
        "labels": {"labels": named(field)},
        "key": [MONTH, COUNTRY, KIND, GRADE, RAW, "$labels"],
        "sums": {"n": 1, "weight": "$weight"},
    }


PASSES: dict[str, Pass] = {
    "flow": {
        "match": {},
        "key": [
            MONTH,
            COUNTRY,
            KIND,
            GRADE,
            RAW,
            {"$cond": [{"$in": [GRADE, ["core", "adjacent"]]}, SECTOR, "-"]},
            {"$cond": [{"$in": [GRADE, ["core", "adjacent"]]}, STAGE, "-"]},
            EVERGREEN,
        ],
        "sums": {
            "n": 1,
            "awarded": euro("award"),
            "awards": {"$cond": [{"$gt": [euro("award"), 0]}, 1, 0]},
            "offered": euro("envelope"),
            "offers": {"$cond": [{"$gt": [euro("envelope"), 0]}, 1, 0]},
        },
    },
    "skills": {
        "match": {**RELEVANT, **CANONICAL, "kind": "job_advert"},
        "key": [MONTH, COUNTRY, KIND, GRADE],
        "sums": {
            "n": 1,
            "digital": {"$cond": [{"$gt": [{"$size": {"$ifNull": ["$dsi.technologies", []]}}, 0]}, 1, 0]},
            "ict": {"$cond": [ICT_PROFESSIONAL, 1, 0]},
            "coded": {"$cond": [{"$eq": ["$occupation.scheme", "ISCO08"]}, 1, 0]},
        },
    },
    **{name: _labels(field) for name, field in DIMENSION_FIELDS.items()},
    "area_technology": {
        "match": {
            **RELEVANT,
            **CANONICAL,
            "dsi.areas.0": {"$exists": True},
            "dsi.technologies.0": {"$exists": True},
        },
        "labels": {"labels": named("areas"), "others": named("technologies")},
        "key": [
            MONTH,
            {"$literal": "ALL"},
            KIND,
            GRADE,
            {"$literal": ""},
            {"$concat": ["$labels", " × ", "$others"]},
        ],
        "sums": {"n": 1, "weight": "$weight"},
    },
    "places": {
        "match": {**RELEVANT, **CANONICAL},
        "key": [MONTH, COUNTRY, KIND, GRADE, text("$place.region", ""), text("$place.city", "")],
        "sums": {"n": 1},
    },
    "scores": {
        # Strata of the audit sample: tenths of the score, within the grade that was decided.
        "match": CANONICAL,
        "key": [
            MONTH,
            COUNTRY,
            KIND,
            GRADE,
            text({"$floor": {"$multiply": [10, {"$min": [0.99, {"$ifNull": ["$dsi.score", 0]}]}]}}, "0"),
        ],
        "sums": {"n": 1},
    },
}
"""Passes: `match`, `labels` (one or two arrays to unwind), `key` (parts), `sums` (accumulated values)."""


def windows(period: str | None) -> list[dict[str, Any]]:
    """Write conditions that together hold the signals of one month; None: of all.

    One `$or` would read the whole collection, and so would a condition on the kind beside them.
    """
    if period is None:
        return [{}]
    first, end = month_bounds(period)
    inside = {"$gte": max(first, EARLIEST), "$lt": end}
    return [{"published_at": condition} for condition in (inside, None, {"$lt": EARLIEST})]


def stages(name: str, period: str | None, window: dict[str, Any]) -> list[dict[str, Any]]:
    """Build the pipeline of a pass over a window, for one month or (None) for all."""
    entry = PASSES[name]
    # Two conditions, one after the other: joined, the embedded server takes the index of the wrong one.
    built: list[dict[str, Any]] = [{"$match": window}, {"$match": entry["match"]}]
    labels = entry.get("labels")
    if labels:
        built.append({"$addFields": labels})
        size = {"$multiply": [{"$size": f"${field}"} for field in labels]}
        built.append({"$match": {f"{field}.0": {"$exists": True} for field in labels}})
        built.append({"$addFields": {"weight": {"$divide": [1.0, size]}}})
        built += [{"$unwind": f"${field}"} for field in labels]
    sums = {field: value for field, value in entry["sums"].items() if value != 1}
    # Shape first: expressions are computed once, and the group works on two or three small fields.
    built.append({"$project": {"_id": 0, "key": joined(entry["key"]), **sums}})
    if period is not None:
        first = f"{period}{JOIN}"
        built.append({"$match": {"key": {"$gte": first, "$lt": f"{period}{chr(ord(JOIN) + 1)}"}}})
    built.append(
        {
            "$group": {
                "_id": "$key",
                **{k: {"$sum": 1 if v == 1 else f"${k}"} for k, v in entry["sums"].items()},
            }
        }
    )
    return built


def joined(parts: list[Expression]) -> Expression:
    """Join the parts of a key."""
    pieces: list[Expression] = []
    for part in parts:
        pieces += [part, JOIN]
    return {"$concat": pieces[:-1]}


def run_pass(
    db: Database[dict[str, Any]], name: str, period: str | None = None
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Run a pass.

    Args:
        db: the database.
        name: key of `PASSES`.
        period: only this month, `YYYY-MM`.

    Yields:
        parts of the key and the sums; signals without any date have no month and are left out.

    """
    with reported(f"count signals ({name})"):
        for window in windows(period):
            for group in db.signals.aggregate(stages(name, period, window), allowDiskUse=True):
                if group["_id"] is not None:
                    yield tuple(group["_id"].split(JOIN)), group


def organisations(
    db: Database[dict[str, Any]], period: str | None = None
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Count distinct organisations: by identifier, else by name without regard to case.

    Yields:
        (month, country, kind) and `core`, `all` (core and adjacent).

    """
    with reported("count organisations"):
        for window in windows(period):
            pipeline: list[dict[str, Any]] = [
                {"$match": window},
                {"$match": {**RELEVANT, **CANONICAL}},
                {
                    "$project": {
                        "_id": 0,
                        "key": joined([MONTH, COUNTRY, KIND]),
                        "who": ORGANISATION,
                        "core": {"$cond": [{"$eq": [GRADE, "core"]}, 1, 0]},
                    }
                },
                {"$match": {"who": {"$nin": ["", None]}}},
                {"$group": {"_id": {"$concat": ["$key", JOIN, "$who"]}, "core": {"$max": "$core"}}},
            ]
            for group in db.signals.aggregate(pipeline, allowDiskUse=True):
                if group["_id"] is None:
                    continue
                parts = tuple(group["_id"].split(JOIN))
                if period in (None, parts[0]):
                    yield parts, group
