"""What a vintage changes of the one before: one line per cell. Pure functions."""

from collections.abc import Iterable, Mapping
from typing import Any

from indicators.declarations import declarations
from indicators.tables import to_csv

__all__ = ["REVISIONS", "revised_cells", "revisions_csv"]

REVISIONS = {
    "period": ("string", "Month"),
    "geo": ("string", "Country"),
    "kind": ("string", "Kind of signal"),
    "old": ("number", "Core signals in the vintage before; empty: not observed"),
    "new": ("number", "Core signals in this vintage; empty: not observed"),
    "old_raw": ("number", "Core signals with copies in the vintage before"),
    "new_raw": ("number", "Core signals with copies in this vintage"),
    "numbers": ("integer", "Numbers of this cell that differ, all indicators counted"),
    "reason": (
        "string",
        "model: another classifier; coverage: a run was added or lost; provisional: the month was not over; "
        "late: signals found since; audit: more readings; correction: signals changed, merged or removed",
    ),
    "previous": ("string", "The vintage before"),
    "vintage": ("string", "This vintage"),
}
COMPARED = ("value", "n", "corrected", "status")
NONE = (None, None, None, None)
CELL_SOURCES = frozenset({"flow", "organisations"})
"""Where the numbers of a cell itself come from; stocks follow from the cells of earlier months."""
Row = Mapping[str, Any]
Cell = tuple[str, str, str]


def revised_cells(
    old: Iterable[Row], new: Iterable[Row], late: Mapping[Cell, int], other_model: bool
) -> list[dict[str, Any]]:
    """Compare two vintages of the same months.

    A cell is a month, country and kind. What follows from it (sums over countries, shares, quotients, stocks
    of later months) is not listed again. That a provisional number became final is no revision, nor that
    a cell which did not exist is now zero or not observed.

    Args:
        old: rows of the vintage before.
        new: rows of this vintage.
        late: signals first seen since the vintage before, per cell.
        other_model: the classifier's model changed.

    """
    before, after = _numbers(old), _numbers(new)
    revised = []
    for cell in sorted(before.keys() | after.keys()):
        was, now = before.get(cell, {}), after.get(cell, {})
        differing = [
            key for key in was.keys() | now.keys() if was.get(key, NONE)[:3] != now.get(key, NONE)[:3]
        ]
        differing = [key for key in differing if key in was or now[key][0]]
        if not differing:
            continue
        headline, raw = (
            (name, "country", "all", "ALL", "core", "full") for name in ("signals", "signals_raw")
        )
        revised.append(
            {
                "period": cell[0],
                "geo": cell[1],
                "kind": cell[2],
                "old": was.get(headline, (None,))[0],
                "new": now.get(headline, (None,))[0],
                "old_raw": was.get(raw, (None,))[0],
                "new_raw": now.get(raw, (None,))[0],
                "numbers": len(differing),
                "reason": _reason(
                    was.get(headline, NONE), now.get(headline, NONE), late.get(cell, 0), other_model
                ),
            }
        )
    return revised


def _reason(was: tuple[Any, ...], now: tuple[Any, ...], late: int, other_model: bool) -> str:
    if other_model:
        return "model"
    if (was[0] is None) != (now[0] is None) and not was[0] and not now[0]:
        return "coverage"
    if was[3] == "P":
        return "provisional"
    if late:
        return "late"
    return "audit" if was[:2] == now[:2] and was[2] != now[2] else "correction"


def _numbers(rows: Iterable[Row]) -> dict[Cell, dict[tuple[str, ...], tuple[Any, ...]]]:
    cells: dict[Cell, dict[tuple[str, ...], tuple[Any, ...]]] = {}
    for row in rows:
        declared = declarations().get(row["indicator"])
        if row["geo_level"] != "country" or declared is None or declared.is_ratio:
            continue
        if declared.source not in CELL_SOURCES:
            continue
        key = tuple(
            row[name] for name in ("indicator", "geo_level", "dimension", "member", "grades", "counting")
        )
        cell = (row["period"], row["geo"], row["kind"])
        cells.setdefault(cell, {})[key] = tuple(row[name] for name in COMPARED)
    return cells


def revisions_csv(revised: Iterable[Row], previous: str | None, vintage: str) -> bytes:
    """Write the table."""
    fixed = {"previous": previous, "vintage": vintage}
    return to_csv(list(REVISIONS), [[{**row, **fixed}[name] for name in REVISIONS] for row in revised])
