"""What the passes found, sorted by month: the tables from which the numbers of a month are made."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo.database import Database

from indicators.expressions import DIMENSION_FIELDS
from indicators.measures import months
from indicators.passes import organisations, run_pass
from indicators.population import EU27
from indicators.standing import run_quality, run_stock, run_stock_of

__all__ = ["PARTS", "Tables", "collect", "levels"]

Geo = tuple[str, str]
"""(geo_level, geo)"""
Sums = dict[str, float]
LABEL_PARTS = ("country", "kind", "grade", "duplicate", "member")
PARTS: dict[str, tuple[str, ...]] = {
    "flow": ("country", "kind", "grade", "duplicate", "sector", "stage", "evergreen"),
    "skills": ("country", "kind", "grade"),
    "quality": ("country", "kind", "grade"),
    "stock": ("country", "kind", "grade", "evergreen"),
    "places": ("country", "kind", "grade", "region", "city"),
    "scores": ("country", "kind", "grade", "score"),
    **dict.fromkeys((*DIMENSION_FIELDS, "area_technology"), LABEL_PARTS),
}
"""Parts of the keys of each table, without the month."""
FLOWS = ("flow", "skills", "places", "scores", *DIMENSION_FIELDS, "area_technology")


@dataclass(slots=True)
class Tables:
    """The counts of one month."""

    counted: dict[str, dict[tuple[str, ...], Sums]] = field(default_factory=lambda: defaultdict(dict))
    """Table -> key -> sums."""
    organisations: dict[tuple[str, str], dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    """(country, kind) -> set of grades -> organisations."""

    def add(self, table: str, key: tuple[str, ...], sums: dict[str, Any]) -> None:
        """Add sums to a key."""
        known = self.counted[table].setdefault(key, {})
        for name, value in sums.items():
            if name != "_id":
                known[name] = known.get(name, 0) + value


def levels(country: str) -> list[Geo]:
    """Places whose totals a country belongs to; the code `EU` is the Union as a whole."""
    places = [("country", country), ("world", "WORLD")]
    if country in EU27 or country == "EU":
        places.insert(1, ("eu", "EU27"))
    return places


def collect(
    db: Database[dict[str, Any]], day: datetime, last: str, periods: Iterable[str] | None = None
) -> dict[str, Tables]:
    """Run all passes.

    Args:
        db: the database.
        day: moment up to which datasets count as fresh.
        last: month of the vintage, which alone has the state of the datasets.
        periods: only these months; default all.

    Returns:
        tables per month.

    Raises:
        StorageError: the database cannot be read.

    """
    found: dict[str, Tables] = defaultdict(Tables)
    wanted = list(periods) if periods is not None else None
    for period in wanted if wanted is not None else [None]:
        for name in FLOWS:
            for key, sums in run_pass(db, name, period):
                found[key[0]].add(name, key[1:], sums)
        for (month, country, kind, who), sums in organisations(db, period):
            entry = found[month].organisations[country, kind]
            entry["core+adjacent"].add(who)
            if sums["core"]:
                entry["core"].add(who)
    if wanted is None:
        _add_stock(found, run_stock(db), last)
    else:
        for period in wanted:
            for parts, sums in run_stock_of(db, period):
                found[period].add("stock", parts, sums)
    if wanted is None or last in wanted:
        for parts, sums in run_quality(db, day):
            found[last].add("quality", parts, sums)
    return dict(found)


def _add_stock(
    found: dict[str, Tables], changes: Iterable[tuple[tuple[str, ...], dict[str, Any]]], last: str
) -> None:
    # From starts and ends to the stock at the end of each month, by one running sum.
    moves: dict[tuple[str, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (start, end, *key), sums in changes:
        if end and end <= start:
            continue  # over before its month was
        moves[tuple(key)][start] += sums["n"]
        if end:
            moves[tuple(key)][end] -= sums["n"]
    for parts, steps in sorted(moves.items()):
        stock = 0
        for month in months(min(steps), max(last, min(steps))):
            stock += steps.get(month, 0)
            if stock and month <= last:
                found[month].add("stock", parts, {"n": stock})
