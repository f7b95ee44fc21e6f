"""Write one vintage as a single HTML page that opens without a network."""

import os
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pymongo.database import Database

from indicators import charts, page
from indicators.measures import poisson, share
from storage.errors import StorageError, reported

__all__ = ["MAX_BYTES", "ReportError", "write_report"]

MAX_BYTES = 2_500_000
"""Upper limit of the page in bytes: it must open from a mail attachment."""
MONTHS_SHOWN = 60
"""Months of the time series; the full series is in the export."""
COUNTRIES_SHOWN = 40
SOURCES_SHOWN = 500
EVIDENCE_SHOWN = 30
TITLE_LENGTH = 200
"""Characters of a title that are shown."""
Row = dict[str, Any]


class ReportError(Exception):
    """Raised where the page cannot be made or written; says what to do."""

    exit_code = 3


@dataclass(slots=True)
class _Sums:
    """Sums over the rows of a vintage; a missing key was never observed."""

    kinds: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    """(grades, kind) -> signals."""
    stored: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """kind -> deduplicated signals of any grade, the denominator of the share."""
    months: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    """(month, kind) -> core signals."""
    cells: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    """(month, kind) -> countries observed, countries in all."""
    countries: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Country -> core signals."""
    areas: dict[tuple[str, str, str], float] = field(default_factory=lambda: defaultdict(float))
    """(area, kind, counting) -> core signals."""
    provisional: set[str] = field(default_factory=set)
    """Months that were not over when the vintage was built."""


def write_report(db: Database[dict[str, Any]], file: Path, vintage: str | None = None) -> Path:
    """Write the page; the same vintage, runs and signals give the same bytes.

    Args:
        db: the database.
        file: address of the page; an earlier one is replaced.
        vintage: edition; default the newest.

    Returns:
        the file.

    Raises:
        StorageError: no such edition, or the database cannot be read.
        ReportError: Altair or vl-convert is missing, the page is too large, or it cannot be written.

    """
    try:
        import altair as alt
        import vl_convert
    except ImportError as error:
        raise ReportError(f"the report needs {error.name}: run `pip install '.[report]'`") from error

    with reported("read the report's numbers"):
        editions = [str(name) for name in db.indicators.distinct("vintage")]
        name = vintage or max(editions, key=lambda text: (text[:10], int(text[11:] or 1)), default=None)
        if name is None or name not in editions:
            raise StorageError(
                f"there is no vintage {vintage or ''} of indicators: run `dsi indicators build` first"
            )
        sums = _sums(db, name)
        runs = _runs(db)
        evidence = _evidence(db)
    try:
        version = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
        # The libraries must be of the version whose schema Altair writes.
        script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version)
    except ValueError as error:
        raise ReportError(
            f"vl-convert has no Vega-Lite {alt.SCHEMA_VERSION}: run `pip install -U '.[report]'`"
        ) from error
    html = page.render(
        vintage=name, runs=runs, headline=_headline(sums), figures=_figures(sums), evidence=evidence,
        script=script,
    )  # fmt: skip
    content = html.encode()
    if len(content) > MAX_BYTES:
        raise ReportError(f"{file}: the page would have {len(content)} bytes, more than {MAX_BYTES}")
    return _write(Path(file), content)


def _sums(db: Database[dict[str, Any]], vintage: str) -> _Sums:
    sums = _Sums()
    wanted = {
        "vintage": vintage, "indicator": {"$in": ["signals", "share"]}, "dimension": {"$in": ["all", "area"]},
    }  # fmt: skip
    for row in db.indicators.find(wanted).sort("_id", 1):
        core, kind, at = row["grades"] == "core", row["kind"], (row["period"], row["kind"])
        if row["status"] == "P":
            sums.provisional.add(row["period"])
        if row["indicator"] == "share":
            if core and row["dimension"] == "all":
                sums.stored[kind] += row["n"]
        elif row["dimension"] == "area":
            if core:
                sums.areas[row["member"], kind, row["counting"]] += row["value"]
        else:
            observed = row["value"] is not None
            sums.kinds[row["grades"], kind] += row["value"] or 0
            if core:
                sums.cells[at][0] += observed
                sums.cells[at][1] += 1
                if observed:
                    sums.months[at] += row["value"]
                    sums.countries[row["geo"]] += row["value"]
    return sums


def _headline(sums: _Sums) -> list[Row]:
    rows = []
    for kind in sorted({kind for _, kind in sums.kinds}):
        core, stored = sums.kinds["core", kind], sums.stored[kind]
        rows.append({
            "kind": kind, "core": core, "core+adjacent": sums.kinds["core+adjacent", kind], "stored": stored,
            "share": share(core, stored),
        })  # fmt: skip
    return rows


def _figures(sums: _Sums) -> list[page.Figure]:
    shown = sorted({month for month, _ in sums.cells})[-MONTHS_SHOWN:]
    series = []
    for (month, kind), (observed, countries) in sorted(sums.cells.items()):
        if month < shown[0]:
            continue
        value = sums.months.get((month, kind))
        # Sums of Poisson counts are Poisson: the interval is that of the sum, not the sum of intervals.
        low, high = poisson(value) if value is not None else (None, None)
        status = "not observed" if value is None else "provisional" if month in sums.provisional else "final"
        series.append({"month": month, "kind": kind, "value": value, "low": low, "high": high,
                       "countries": f"{observed} of {countries}", "status": status})  # fmt: skip
    areas = [
        {"area": area, "kind": kind, "value": value, "fractional": sums.areas[area, kind, "fractional"],
         "low": poisson(value)[0], "high": poisson(value)[1]}
        for (area, kind, counting), value in sorted(sums.areas.items()) if counting == "full" and value
    ]  # fmt: skip
    ranked = sorted(((-value, geo) for geo, value in sums.countries.items() if value))[:COUNTRIES_SHOWN]
    nations = [
        {"country": page.country(geo), "value": -value, "low": poisson(-value)[0], "high": poisson(-value)[1]}
        for value, geo in ranked
    ]
    return [
        page.Figure(
            "Signals by month and kind",
            f"Core signals per month of publication, else of first sight; at most the last {MONTHS_SHOWN} "
            "months. The band is the 95 % interval of a Poisson count. Each kind has its own scale. Hollow "
            "points are provisional; a gap means that no source was observed, which is not zero.",
            series, charts.by_month(series),
        ),
        page.Figure(
            "Areas by kind",
            "Core signals per area. A signal with several areas counts once in each, so the bars do not add "
            "up to the total; the fractional count in the table does.",
            areas, charts.by_area(areas),
        ),
        page.Figure(
            "Countries",
            f"Core signals per country, at most {COUNTRIES_SHOWN}, with the 95 % interval. Counts depend on "
            "which sources are crawled and are no ranking of countries.",
            nations, charts.by_country(nations),
        ),
    ]  # fmt: skip


def _runs(db: Database[dict[str, Any]]) -> page.Runs:
    states: dict[str, int] = defaultdict(int)
    sources: dict[str, Row] = {}
    found = db.runs.find({}, {"source": 1, "state": 1, "started_at": 1})
    for run in found.sort([("started_at", 1), ("_id", 1)]):
        states[run["state"]] += 1
        entry = sources.setdefault(run["source"], {"source": run["source"], "runs": 0, "done": 0})
        entry["runs"] += 1
        entry["done"] += run["state"] == "done"
        entry["last run"], entry["last state"] = f"{run['started_at']:%Y-%m-%d}", run["state"]
    ordered = [sources[key] for key in sorted(sources)]
    return page.Runs(
        states=dict(sorted(states.items())), total=len(ordered),
        with_done=sum(entry["done"] > 0 for entry in ordered), sources=ordered[:SOURCES_SHOWN],
    )  # fmt: skip


def _evidence(db: Database[dict[str, Any]]) -> list[Row]:
    when = {"$ifNull": ["$published_at", "$first_seen"]}
    stages: list[Row] = [
        {"$match": {"dsi.grade": "core", "canonical": {"$ne": False}}},
        {"$project": {"title": 1, "source": 1, "kind": 1, "url": 1, "when": when}},
        # A date in the future is an error of the source or a plan: not the latest evidence.
        {"$match": {"when": {"$lte": datetime.now(UTC)}}},
        {"$sort": {"when": -1, "_id": 1}},
        {"$limit": EVIDENCE_SHOWN},
    ]
    return [
        {
            "title": (row.get("title") or "(no title)")[:TITLE_LENGTH], "source": row["source"],
            "kind": row["kind"], "date": f"{row['when']:%Y-%m-%d}" if row.get("when") else "",
            "url": row.get("url"),
        }
        for row in db.signals.aggregate(stages, allowDiskUse=True)
    ]  # fmt: skip


def _write(file: Path, content: bytes) -> Path:
    # Written beside the target and renamed: a reader never sees half a page.
    part: Path | None = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".report-", delete=False) as stream:
            part = Path(stream.name)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o644)
        part.replace(file)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise ReportError(f"{file}: cannot be written: {error.strerror}; choose another file") from error
    return file
