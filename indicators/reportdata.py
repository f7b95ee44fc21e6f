"""From the rows of a vintage to the numbers of the report page, written small. Pure functions.

The page holds lists instead of objects: names stand once in a list and are referred to by their position, and
the months of one series stand side by side. Intervals and rates are computed again on the page, by the rules
of `measures.py`. Labels are summed per year; months older than those shown are in the export.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from babel import Locale

from indicators.codebook import STATUS
from indicators.population import population

__all__ = ["SHOWN_LEVELS", "evidence_table", "page_numbers", "place_name"]

Row = Mapping[str, Any]
DRAWN = ("area", "trend", "technology")
"""Dimensions drawn as bars."""
LABELLED = ("areas", "trends", "technologies")
CROSSED = "area_technology"
"""Dimension of the matrix; its members are `area × technology`."""
SPLITS = ("stage", "sector")
"""Dimensions of single measures."""
SHOWN_LEVELS = ("world", "eu", "country")
GRADES = ("core", "core+adjacent", "any")
"""Sets of grades; the last one only as the whole that the others are a share of."""
SPECIAL = {
    "WORLD": "All places", "EU27": "European Union (27)", "ZZ": "Unknown place",
    "EU": "European Union as a whole",
}  # fmt: skip


@dataclass(slots=True)
class _Names:
    """Names by position."""

    known: dict[str, int] = field(default_factory=dict)

    def at(self, name: str) -> int:
        return self.known.setdefault(name, len(self.known))


class _Series:
    """Numbers by month under a key: values, letters of status, and further lists where there is anything."""

    def __init__(self, months: int, extra: int) -> None:
        self.months, self.extra = months, extra
        self.found: dict[tuple[int, ...], list[list[Any]]] = {}

    def put(self, key: tuple[int, ...], month: int, status: str, *numbers: Any) -> None:
        lists = self.found.get(key)
        if lists is None:
            lists = self.found[key] = [
                ["-"] * self.months,
                *([None] * self.months for _ in range(self.extra)),
            ]
        lists[0][month] = status
        for values, number in zip(lists[1:], numbers, strict=True):
            values[month] = _short(number)

    def written(self) -> list[list[Any]]:
        # A list without a number is written as 0, and so is a missing number: the status says which are.
        return [
            [*key, "".join(status), *([v or 0 for v in values] if _any(values) else 0 for values in lists)]
            for key, (status, *lists) in self.found.items()
        ]


def _any(values: list[Any]) -> bool:
    return any(value is not None for value in values)


def place_name(code: str) -> str:
    """English name of a place by its code; the code itself where CLDR has none."""
    return SPECIAL.get(code) or Locale("en").territories.get(code) or code


def evidence_table(signals: Iterable[Row], total: int) -> dict[str, Any]:
    """Write signals small.

    Args:
        signals: from `indicators.evidence`.
        total: signals among which they were chosen.

    Returns:
        `total`, `sources`, `terms` (labels), and `rows`: title, address, position of the source, date, kind,
        place, grade, positions of areas, trends and technologies, organisation.

    """
    sources, terms = _Names(), _Names()
    rows = [
        [
            signal["title"], signal["url"], sources.at(signal["source"]), signal["date"], signal["kind"],
            signal["place"], signal["grade"],
            *([terms.at(label) for label in signal[name]] for name in LABELLED), signal["organisation"],
        ]
        for signal in signals
    ]  # fmt: skip
    return {"total": total, "sources": list(sources.known), "terms": list(terms.known), "rows": rows}


def page_numbers(
    rows: Iterable[Row], months: list[str], measures: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Collect what the page shows.

    Args:
        rows: rows of one vintage.
        months: months shown, ascending.
        measures: declared indicators other than `signals`, with at least `id`; those without a row are left
            out.

    Returns:
        `months`, `years`, `places` (code, name, level, and per year the population and the year it is of),
        `kinds`, `grades`, `status`, `measures`, `members` (per dimension) and the lists of numbers, each
        starting with positions: `cells` (place, kind, grade; status by month, values, corrected, its bounds),
        `values` (measure, place, kind, grade; status by month, values, n where it differs), `labels`
        (dimension, year, place, kind, grade, member; full, fractional), `matrix` (year, place, kind, grade,
        area, technology; full), `splits` (measure, dimension, member, year, place, kind, grade; value) and
        `cities` (city, year, kind, grade; value).

    """
    declared = {measure["id"]: dict(measure) for measure in measures}
    month_at = {month: position for position, month in enumerate(months)}
    years = _Names({year: at for at, year in enumerate(sorted({month[:4] for month in months}))})
    places, kinds, used = _Names(), _Names(), _Names()
    levels: dict[str, str] = {}
    members: dict[str, _Names] = defaultdict(_Names)
    cells, values = _Series(len(months), 4), _Series(len(months), 2)
    sums: dict[str, dict[tuple[Any, ...], list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))

    for row in rows:
        month, name, dimension = row["period"], row["indicator"], row["dimension"]
        if month not in month_at or row["grades"] not in GRADES:
            continue
        grade, full = GRADES.index(row["grades"]), int(row["counting"] != "full")
        value = row["value"] or 0
        kind, year = kinds.at(row["kind"]), years.at(month[:4])
        if row["geo_level"] == "city":
            if name == "signals" and value:
                sums["cities"][members["city"].at(row["geo"]), year, kind, grade][full] += value
            continue
        levels[row["geo"]] = row["geo_level"]
        at = (places.at(row["geo"]), kind, grade)
        if name == "signals" and dimension == "all":
            corrected = (row.get(key) for key in ("corrected", "corrected_low", "corrected_high"))
            cells.put(at, month_at[month], row["status"], row["value"], *corrected)
        elif row["grades"] == "any":
            continue
        elif name in declared and dimension == "all":
            n = row["n"] if row["n"] != row["value"] and row["value"] is not None else None
            values.put((used.at(name), *at), month_at[month], row["status"], row["value"], n)
        elif name == "signals" and dimension in DRAWN:
            sums["labels"][dimension, year, *at, members[dimension].at(row["member"])][full] += value
        elif name == "signals" and dimension == CROSSED:
            area, _, technology = row["member"].partition(" × ")
            pair = (members["area"].at(area), members["technology"].at(technology))
            sums["matrix"][(year, *at, *pair)][full] += value
        elif name in declared and dimension in SPLITS and value:
            member = members[dimension].at(row["member"])
            sums["splits"][used.at(name), dimension, member, year, *at][full] += value
    return {
        "months": months, "years": list(years.known), "kinds": list(kinds.known), "grades": list(GRADES),
        "status": dict(STATUS),
        "places": [
            [code, place_name(code), levels[code], [population(code, int(year)) for year in years.known]]
            for code in places.known
        ],
        "members": {dimension: list(names.known) for dimension, names in members.items()},
        "measures": [declared[name] for name in used.known],
        "cells": cells.written(), "values": values.written(),
        "labels": [[*key, *map(_short, pair)] for key, pair in sums["labels"].items()],
        **{name: [[*key, _short(pair[0])] for key, pair in sums[name].items()]
           for name in ("matrix", "splits", "cities")},
    }  # fmt: skip


def _short(value: float | None) -> float | int | None:
    # Three decimals are more than is drawn, and four digits of a small share; whole numbers lose their point.
    if value is None:
        return None
    rounded = round(float(value), 3 if abs(value) >= 1 else 5)
    return int(rounded) if rounded.is_integer() else rounded
