"""Build one immutable vintage of the indicators from stored signals and runs.

Everything is computed and frozen first, also what will be exported beside the numbers; one last write
publishes it (`indicators.vintages`). Killed at any moment, there is either the whole vintage or none.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any

from pymongo.database import Database

from indicators import vintages
from indicators.audit import estimates_of_month, fit_audit, read_audit
from indicators.cells import Frame, rows_of_month
from indicators.codebook import codebook_csv
from indicators.counts import Tables, collect
from indicators.coverage import Observed, coverage_csv, observed, provenance, sources_csv
from indicators.declarations import declarations
from indicators.errors import InputError
from indicators.expressions import COUNTRY, EVENT, JOIN, KIND
from indicators.measures import is_month, months
from indicators.method import method_note
from indicators.network import from_database
from indicators.networkfiles import network_files
from indicators.revisions import revised_cells, revisions_csv
from indicators.signallist import signals_by_month
from storage.errors import reported
from storage.published import Vintage

__all__ = ["BuildSummary", "build"]

PACKAGED = ("population.csv", "indicators.toml")
"""Tables of this package that the numbers rest on."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSummary:
    """What a build did."""

    vintage: str
    """Edition that holds the numbers, `YYYY-MM-DD` with a suffix from the second edition of a day on."""
    rows: int
    """Rows of the edition."""
    created: bool
    """False where an edition of that day already holds the same numbers."""
    revisions: list[Row]
    """Cells that differ from the edition before: `period`, `geo`, `kind`, `old`, `new`, `reason`, …"""


def build(
    db: Database[Row],
    *,
    vintage: date | None = None,
    since: str | None = None,
    until: str | None = None,
    periods: Sequence[str] | None = None,
    sources: Iterable[Mapping[str, Any]] = (),
) -> BuildSummary:
    """Compute, freeze and publish a vintage.

    Args:
        db: the database.
        vintage: day of the edition; default today (UTC).
        since: first month, `YYYY-MM`; default the first with a signal or run.
        until: last month, `YYYY-MM`; default the month of the vintage.
        periods: compute only these months, and carry the others over from the newest vintage.
        sources: facts about the sources of the registry, columns of `indicators.coverage.SOURCES` and `id`.

    Raises:
        InputError: a month is none, the period is empty, holds no data, or the day lies in the past.
        BuildRunningError: another process is building.
        StorageError: the database cannot be read or written.

    """
    day = vintage or datetime.now(UTC).date()
    _check(since, until, periods)
    last = until or f"{day:%Y-%m}"
    with vintages.building(db, day.isoformat()) as name:
        known = vintages.names(db)
        previous = vintages.resolve(db, known[-1]) if known else None
        if periods is not None and previous is None:
            raise InputError(
                "--period needs an earlier vintage for the other months: build one without it first"
            )
        now = datetime.now(UTC).replace(microsecond=0)
        cells = observed(db)
        end = datetime(day.year, day.month, day.day, tzinfo=UTC)
        tables = collect(db, end, last, periods)
        wanted = _wanted(tables, cells, since, last, periods)
        if not wanted:
            raise InputError(
                f"there is nothing to count from {since or 'the beginning'} to {last}: no signal and no "
                "run; crawl first"
            )
        work = _Work(db, name, previous, f"{day:%Y-%m}", cells)
        fitted = fit_audit(sample := read_audit(db))
        models = sorted(cells.models)
        other_model = previous is not None and models != previous["models"]
        late = _late(db, previous)
        for month in wanted:
            counted = tables.pop(month, None) or Tables()
            work.month(month, counted, estimates_of_month(counted, fitted), late, other_model)
        blocks, digests, counts = work.blocks, work.digests, work.counts
        if periods is not None and previous is not None:
            blocks = {**previous["blocks"], **blocks}
            digests = {**previous["digests"], **digests}
            counts = {**previous["counts"], **counts}
        if previous and previous["_id"].startswith(day.isoformat()) and previous["digests"] == digests:
            return BuildSummary(vintage=previous["_id"], rows=previous["rows"], created=False, revisions=[])
        gaps = set(months(min(blocks), max(blocks))) - blocks.keys()
        if gaps:
            raise InputError(f"the vintage would lack {', '.join(sorted(gaps))}: give --period for them too")
        facts: Row = {
            "_id": name, "vintage": name, "day": day.isoformat(), "built_at": now, "models": models,
            "software": _software(), "previous": previous["_id"] if previous else None,
            "first": min(blocks), "last": max(blocks), "rows": sum(counts.values()),
            "blocks": blocks, "digests": digests, "counts": counts, "readings": len(sample),
            "recomputed": list(periods or []), "undated": _undated(db) if periods is None else None,
            "outside": _outside(tables) if periods is None else None,
        }  # fmt: skip
        listed = signals_by_month(db, wanted, one_by_one=periods is not None)
        for month, content in listed.items():
            vintages.store_file(db, name, f"signals-{month}.csv", content)
        facts["files"] = _freeze(db, facts, cells, work.revised, sources)
        vintages.publish(db, {key: facts[key] for key in Vintage.__dataclass_fields__ if key in facts})
    return BuildSummary(vintage=name, rows=facts["rows"], created=True, revisions=work.revised)


def _freeze(
    db: Database[Row], facts: Row, cells: Observed, revised: list[Row], sources: Iterable[Mapping[str, Any]]
) -> list[str]:
    # Files of the export that rest on what the store says now.
    content = {
        "codebook.csv": codebook_csv(),
        "coverage.csv": coverage_csv(db),
        "method.md": method_note(facts),
        "prov.json": provenance(db, {**facts, "data": _packaged()}),
        "revisions.csv": revisions_csv(revised, facts["previous"], facts["vintage"]),
        "sources.csv": sources_csv(db, cells, sources),
        **network_files(from_database(db)),
    }
    for file, data in content.items():
        vintages.store_file(db, facts["vintage"], file, data)
    return sorted(content)


class _Work:
    """The months of a vintage as they are made: written, hashed and compared with the vintage before."""

    def __init__(
        self, db: Database[Row], name: str, previous: Row | None, current: str, cells: Observed
    ) -> None:
        self.db, self.name, self.previous, self.current, self.cells = db, name, previous, current, cells
        self.blocks: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.revised: list[Row] = []

    def month(
        self,
        month: str,
        tables: Tables,
        estimates: Mapping[Any, Any],
        late: Mapping[Any, int],
        other_model: bool,
    ) -> None:
        frame = Frame(
            month=month,
            closed=month < self.current,
            pairs=frozenset(self.cells.pairs),
            observed=frozenset(self.cells.months.get(month, ())),
            estimates=estimates,
        )
        rows = rows_of_month(tables, frame, declarations())
        text = json.dumps([rows[key] for key in sorted(rows)], sort_keys=True)
        self.digests[month] = hashlib.sha256(text.encode()).hexdigest()
        self.blocks[month], self.counts[month] = self.name, len(rows)
        vintages.store_rows(self.db, self.name, rows)
        known = self.previous["digests"].get(month) if self.previous else None
        if self.previous and known is not None and known != self.digests[month]:
            old = vintages.rows(self.db, self.previous, {"period": month, "geo_level": "country"})
            self.revised += revised_cells(old, rows.values(), late, other_model)


def _check(since: str | None, until: str | None, periods: Sequence[str] | None) -> None:
    for month in (since, until, *(periods or ())):
        if month is not None and not is_month(month):
            raise InputError(f"{month!r} is not a month such as 2026-03")
    if since and until and since > until:
        raise InputError(
            f"the period from {since} to {until} is empty: the first month must not be after the last"
        )


def _wanted(
    tables: Mapping[str, Tables], cells: Observed, since: str | None, last: str, periods: Sequence[str] | None
) -> list[str]:
    dated = {month for month, table in tables.items() if table.counted.get("flow")} | set(cells.months)
    if periods is not None:
        empty = [month for month in periods if month not in dated]
        if empty:
            raise InputError(f"there is nothing to count in {', '.join(empty)}: no signal and no run")
        return sorted(set(periods))
    inside = [month for month in dated if (since or "") <= month <= last]
    return months(since or min(inside), last) if inside else []


def _late(db: Database[Row], previous: Row | None) -> Counter[tuple[str, str, str]]:
    # Signals found since the vintage before, per cell.
    found: Counter[tuple[str, str, str]] = Counter()
    if previous is None:
        return found
    month = {"$dateToString": {"format": "%Y-%m", "date": EVENT}}
    stages: list[Row] = [
        {"$match": {"first_seen": {"$gt": previous["built_at"]}}},
        {"$group": {"_id": {"$concat": [month, JOIN, COUNTRY, JOIN, KIND]}, "n": {"$sum": 1}}},
    ]
    with reported("count signals found since the last vintage"):
        for group in db.signals.aggregate(stages, allowDiskUse=True):
            if group["_id"] is not None:
                first, country, kind = group["_id"].split(JOIN)
                found[first, country, kind] = group["n"]
    return found


def _undated(db: Database[Row]) -> int:
    with reported("count signals without a date"):
        return db.signals.count_documents({"first_seen": None, "published_at": None, "opens_at": None})


def _outside(rest: Mapping[str, Tables]) -> int:
    # The months that are made were taken out of the tables: what remains was not published.
    return int(sum(sums["n"] for table in rest.values() for sums in table.counted.get("flow", {}).values()))


def _software() -> str:
    try:
        return f"dsi-observatory {version('dsi-observatory')}"
    except PackageNotFoundError:
        return "dsi-observatory (not installed)"


def _packaged() -> dict[str, str]:
    folder = files("indicators")
    return {name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() for name in PACKAGED}
