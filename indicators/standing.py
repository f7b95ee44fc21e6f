"""What is open or listed at a moment: stocks at the end of a month, and the state of the datasets now."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from indicators.expressions import (
    CANONICAL,
    COUNTRY,
    DESCRIBED_LISTS,
    DESCRIBED_TEXTS,
    END,
    EVENT,
    EVERGREEN,
    GRADE,
    JOIN,
    KIND,
    MONTH,
    OPEN_LICENCE,
    RESTRICTED_LICENCE,
    STOCK_KINDS,
    Expression,
    month,
    text,
)
from indicators.measures import month_bounds
from indicators.passes import joined
from storage.errors import reported

__all__ = ["run_quality", "run_stock", "run_stock_of"]


def run_stock(db: Database[dict[str, Any]]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Count signals of the kinds that stay open, by the months in which they start and end.

    Yields:
        (month of start, month of end or empty, country, kind, grade, evergreen) and `n`.

    """
    key = [MONTH, {"$ifNull": [month(END), ""]}, COUNTRY, KIND, GRADE, EVERGREEN]
    with reported("count what is open"):
        found = db.signals.aggregate(
            [
                {"$match": {**CANONICAL, "kind": {"$in": list(STOCK_KINDS)}}},
                {"$project": {"_id": 0, "key": joined(key)}},
                {"$group": {"_id": "$key", "n": {"$sum": 1}}},
            ],
            allowDiskUse=True,
        )
        for group in found:
            if group["_id"] is not None:
                yield tuple(group["_id"].split(JOIN)), group


def run_stock_of(
    db: Database[dict[str, Any]], period: str
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Count the signals that are open at the end of one month.

    Yields:
        (country, kind, grade, evergreen) and `n`.

    """
    _, end = month_bounds(period)
    # Plain conditions first: most adverts and calls of the past ended earlier.
    lasting: dict[str, Any] = {**CANONICAL, "kind": {"$in": list(STOCK_KINDS)}}
    lasting |= {"removed_at": {"$not": {"$lt": end}}, "closes_at": {"$not": {"$lt": end}}}
    with reported(f"count what is open in {period}"):
        found = db.signals.aggregate(
            [
                {"$match": lasting},
                {"$project": {"_id": 0, "start": EVENT, "key": joined([COUNTRY, KIND, GRADE, EVERGREEN])}},
                {"$match": {"start": {"$lt": end}}},
                {"$group": {"_id": "$key", "n": {"$sum": 1}}},
            ],
            allowDiskUse=True,
        )
        yield from ((tuple(group["_id"].split(JOIN)), group) for group in found)


def run_quality(
    db: Database[dict[str, Any]], day: datetime
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Describe the datasets that are listed now.

    Args:
        db: the database.
        day: fresh is what changed in the 365 days before.

    Yields:
        (country, kind, grade) and `n`, `open`, `licensed`, `fresh`, `dated`, `complete` (sum of the shares
        of described fields).

    """
    changed = {"$ifNull": ["$updated_at", "$published_at"]}
    filled = [
        {"$cond": [{"$gt": [{"$strLenCP": text(f"${field}", "")}, 0]}, 1, 0]} for field in DESCRIBED_TEXTS
    ] + [
        {"$cond": [{"$gt": [{"$size": {"$ifNull": [f"${field}", []]}}, 0]}, 1, 0]}
        for field in DESCRIBED_LISTS
    ]
    licence = {"$toLower": text("$licence", "")}
    is_open = {
        "$and": [
            {"$regexMatch": {"input": licence, "regex": OPEN_LICENCE}},
            {"$not": [{"$regexMatch": {"input": licence, "regex": RESTRICTED_LICENCE}}]},
        ]
    }
    sums: dict[str, Expression] = {
        "open": {"$cond": [is_open, 1, 0]},
        "licensed": {"$cond": [{"$gt": [{"$strLenCP": licence}, 0]}, 1, 0]},
        "fresh": {"$cond": [{"$gte": [changed, day - timedelta(days=365)]}, 1, 0]},
        "dated": {"$cond": [{"$gt": [changed, None]}, 1, 0]},
        "complete": {"$divide": [{"$add": filled}, len(filled)]},
    }
    with reported("describe the datasets"):
        found = db.signals.aggregate(
            [
                {"$match": {**CANONICAL, "kind": "dataset", "removed_at": None}},
                {"$project": {"_id": 0, "key": joined([COUNTRY, KIND, GRADE]), **sums}},
                {
                    "$group": {
                        "_id": "$key",
                        "n": {"$sum": 1},
                        **{name: {"$sum": f"${name}"} for name in sums},
                    }
                },
            ],
            allowDiskUse=True,
        )
        yield from ((tuple(group["_id"].split(JOIN)), group) for group in found)
