"""From the counts of a month to its published rows. Pure functions."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from indicators.counts import PARTS, Tables, levels
from indicators.declarations import GRADES, Declaration
from indicators.estimate import Estimate
from indicators.expressions import DIMENSION_FIELDS
from indicators.measures import cell, location_quotient, per_million, poisson, share, wilson
from indicators.population import population

__all__ = ["KEY", "Frame", "rows_of_month"]

KEY = ("indicator", "period", "geo_level", "geo", "kind", "dimension", "member", "grades", "counting")
"""Columns that together identify a row of a vintage."""
NUTS = re.compile(r"[A-Z]{2}[A-Z0-9]{1,3}")
NUTS_PREFIX = {"GR": "EL", "GB": "UK"}
"""Prefixes of NUTS codes that differ from ISO 3166-1."""
Place = tuple[str, str, str]
"""(geo_level, geo, kind)"""
Sums = tuple[float, float, float]
"""Value, signals it rests on, denominator."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a month is seen in."""

    month: str
    """`YYYY-MM`."""
    closed: bool
    """The month was over when the vintage was made."""
    pairs: frozenset[tuple[str, str]]
    """(country, kind) that the sources are known to yield: the cells that exist."""
    observed: frozenset[tuple[str, str]]
    """Those of them for which a source completed a run in the month."""
    estimates: Mapping[tuple[str, str, str, str], Estimate] = field(default_factory=dict)
    """Corrected numbers of signals: (grades, geo_level, geo, kind)."""

    def places(self, pairs: frozenset[tuple[str, str]]) -> set[Place]:
        """Cells at all levels."""
        return {(*geo, kind) for country, kind in pairs for geo in levels(country)}


def rows_of_month(tables: Tables, frame: Frame, declared: Mapping[str, Declaration]) -> dict[str, Row]:
    """Make all rows of a month, by key."""
    rows: dict[str, Row] = {}
    # Without a run of the time, what was open then is only what survived until a later one: not observed.
    stock = tables.counted.get("stock", {})
    tables.counted["stock"] = {key: sums for key, sums in stock.items() if (key[0], key[1]) in frame.observed}
    for declaration in declared.values():
        for grades in declaration.grades:
            for row in _rows(tables, frame, declaration, grades):
                rows["|".join(str(row[name]) for name in KEY)] = row
    return rows


def _rows(tables: Tables, frame: Frame, declared: Declaration, grades: str) -> Iterator[Row]:
    whole = _whole(tables, declared, grades)
    exist, seen = frame.places(frame.pairs), frame.places(frame.observed)
    everything = _whole(tables, declared, "any") if declared.over_any or declared.name == "signals" else {}
    cells = set(whole) if declared.is_ratio or declared.source == "organisations" else exist | set(whole)
    for place in sorted(cells):
        if declared.kinds and place[2] not in declared.kinds:
            continue
        value, n, over = whole.get(place, (0, 0, 0))
        if declared.is_ratio:
            over = everything.get(place, (0, 0, 0))[0] if declared.over_any else over
            if over:
                yield _ratio(frame, declared, grades, place, value, over)
            continue
        total = everything.get(place, (0, 0, 0))[0]
        quotient = None
        if declared.name == "signals" and grades != "any":
            world = ("world", "WORLD", place[2])
            quotient = location_quotient(
                value, total, whole.get(world, (0, 0, 0))[0], everything.get(world, (0, 0, 0))[0]
            )
        row = _count(frame, declared, grades, place, value, n, place in seen, share_of=total, lq=quotient)
        if declared.name == "signals":
            found = frame.estimates.get((grades, *place))
            if found and row["value"] is not None:
                row |= {"corrected": found.value, "corrected_low": found.low, "corrected_high": found.high}
        yield row
    for dimension in declared.dimensions:
        yield from _members(tables, frame, declared, grades, dimension, whole, everything, seen)


def _whole(tables: Tables, declared: Declaration, grades: str) -> dict[Place, Sums]:
    if declared.source == "organisations":
        return _organisations(tables, grades)
    gathered = _gathered(tables, declared, grades, declared.source, None)
    return {place: sums for (place, _), sums in gathered.items()}


def _gathered(
    tables: Tables,
    declared: Declaration,
    grades: str,
    table: str,
    member: str | None,
    weight: str | None = None,
) -> dict[tuple[Place, str], Sums]:
    # Sums per place and member over all keys that the declaration admits.
    parts = PARTS[table]
    wanted = GRADES[grades]
    at = {name: parts.index(name) for name in parts}
    where = [(at[name], value) for name, value in declared.where.items() if name in at]
    found: dict[tuple[Place, str], list[float]] = defaultdict(lambda: [0, 0, 0])
    for key, sums in tables.counted.get(table, {}).items():
        if wanted is not None and key[at["grade"]] not in wanted:
            continue
        if declared.kinds and key[at["kind"]] not in declared.kinds:
            continue
        if not declared.duplicates and "duplicate" in at and key[at["duplicate"]]:
            continue
        if any(key[position] != value for position, value in where):
            continue
        name = key[at[member]] if member else "ALL"
        country = key[at["country"]]
        for level in levels(country) if country != "ALL" else [("world", "WORLD")]:
            entry = found[(*level, key[at["kind"]]), name]
            entry[0] += sums.get(weight or declared.value, 0)
            entry[1] += sums.get(declared.count, 0)
            entry[2] += sums.get(declared.over, 0) if declared.over else 0
    return {key: (entry[0], entry[1], entry[2]) for key, entry in found.items()}


def _organisations(tables: Tables, grades: str) -> dict[Place, Sums]:
    # Distinct ones: an organisation in two countries counts in both, and once in the world.
    sets: dict[Place, set[str]] = defaultdict(set)
    for (country, kind), names in tables.organisations.items():
        for level in levels(country):
            sets[(*level, kind)] |= names.get(grades, set())
    return {place: (len(names), len(names), 0) for place, names in sets.items() if names}


def _members(
    tables: Tables,
    frame: Frame,
    declared: Declaration,
    grades: str,
    dimension: str,
    whole: Mapping[Place, Sums],
    everything: Mapping[Place, Sums],
    seen: set[Place],
) -> Iterator[Row]:
    if grades == "any":
        return  # labels and sectors are decided for relevant signals only
    if dimension == "place":
        yield from _places(tables, frame, declared, grades, seen)
        return
    labelled = dimension in DIMENSION_FIELDS or dimension == "area_technology"
    table = dimension if labelled else declared.source
    full = _gathered(tables, declared, grades, table, "member" if labelled else dimension)
    part = _gathered(tables, declared, grades, table, "member", "weight") if labelled else {}
    for (place, member), (value, n, _) in sorted(full.items()):
        if not n or not member:
            continue
        common: dict[str, Any] = {"dimension": dimension, "member": member}
        lq = None
        if declared.name == "signals":
            world = ("world", "WORLD", place[2])
            lq = location_quotient(
                value,
                whole.get(place, (0, 0, 0))[0],
                full.get((world, member), (0, 0, 0))[0],
                whole.get(world, (0, 0, 0))[0],
            )
        total = everything.get(place, (0, 0, 0))[0]
        observed = place in seen
        yield _count(frame, declared, grades, place, value, n, observed, share_of=total, lq=lq, **common)
        if labelled:
            weight = round(part[place, member][0], 9)
            yield _count(
                frame,
                declared,
                grades,
                place,
                weight,
                n,
                observed,
                share_of=total,
                counting="fractional",
                **common,
            )


def _places(
    tables: Tables, frame: Frame, declared: Declaration, grades: str, seen: set[Place]
) -> Iterator[Row]:
    wanted = GRADES[grades] or frozenset()
    found: dict[tuple[Place, bool], float] = defaultdict(float)
    for (country, kind, grade, region, city), sums in tables.counted.get("places", {}).items():
        if grade not in wanted:
            continue
        observed = ("country", country, kind) in seen
        for level in _finer(country, region, city):
            found[(*level, kind), observed] += sums["n"]
    for (place, observed), value in sorted(found.items()):
        yield _count(frame, declared, grades, place, value, value, observed)


def _finer(country: str, region: str, city: str) -> Iterator[tuple[str, str]]:
    if NUTS.fullmatch(region) and region[:2] == NUTS_PREFIX.get(country, country):
        yield "nuts1", region[:3]
        if len(region) > 3:
            yield "nuts2", region[:4]
    if city and country != "ZZ":
        yield "city", f"{country}-{city}"


def _base(frame: Frame, declared: Declaration, grades: str, place: Place, dimension: str, member: str) -> Row:
    return {
        "indicator": declared.name,
        "period": frame.month,
        "geo_level": place[0],
        "geo": place[1],
        "kind": place[2],
        "dimension": dimension,
        "member": member,
        "grades": grades,
    }


def _count(
    frame: Frame,
    declared: Declaration,
    grades: str,
    place: Place,
    value: float,
    n: float,
    observed: bool,
    *,
    dimension: str = "all",
    member: str = "ALL",
    counting: str = "full",
    share_of: float = 0,
    lq: float | None = None,
) -> Row:
    shown, status = cell(value, observed, frame.closed)
    low, high = poisson(value) if shown is not None and declared.unit == "signals" else (None, None)
    people, year = population(place[1], int(frame.month[:4])) if declared.rate else (None, None)
    return {
        **_base(frame, declared, grades, place, dimension, member),
        "counting": counting,
        "value": shown,
        "unit": declared.unit,
        "n": int(n),
        "ci_low": low,
        "ci_high": high,
        "corrected": None,
        "corrected_low": None,
        "corrected_high": None,
        "per_million": per_million(shown, people) if shown is not None else None,
        "population": people,
        "population_year": year,
        "share": share(value, share_of) if shown is not None else None,
        "lq": lq,
        "status": status,
    }


def _ratio(frame: Frame, declared: Declaration, grades: str, place: Place, value: float, over: float) -> Row:
    low, high = (None, None) if declared.mean else wilson(value, over) or (None, None)
    return {
        **_base(frame, declared, grades, place, "all", "ALL"),
        "counting": "full",
        "value": share(value, over),
        "unit": declared.unit,
        "n": int(over),
        "ci_low": low,
        "ci_high": high,
        "corrected": None,
        "corrected_low": None,
        "corrected_high": None,
        "per_million": None,
        "population": None,
        "population_year": None,
        "share": None,
        "lq": None,
        "status": "A" if frame.closed else "P",
    }
