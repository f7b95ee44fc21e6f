"""Write one vintage as a single HTML page that opens without a network."""

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pymongo.database import Database

from classifiers.taxonomy import THEMES
from indicators import charts, page, vintages
from indicators.declarations import declarations
from indicators.evidence import choose, relevant
from indicators.network import from_database
from indicators.networkview import network_view
from indicators.population import EU27
from indicators.population import SOURCE as POPULATION
from indicators.reportdata import SHOWN_LEVELS, evidence_table, page_numbers

__all__ = ["MAX_BYTES", "ReportError", "write_report"]

MAX_BYTES = 2_500_000
"""Upper limit of the page in bytes: it must open from a mail attachment."""
MONTHS_SHOWN = (60, 36, 24, 12, 6, 3)
"""Months of the page: the most that fit; the full series is in the export."""
SOURCES_SHOWN = 400
FOOTER = "All numbers, with codebook, coverage and revisions, are in the export of this vintage."
SOURCE_COLUMNS = {
    "source": "Source", "title": "Title", "country": "Country", "licence": "Licence", "kinds": "Kinds",
    "signals": "Signals", "last_run": "Last completed run",
}  # fmt: skip
Row = dict[str, Any]


class ReportError(Exception):
    """Raised where the page cannot be made or written; says what to do."""

    exit_code = 3


def write_report(db: Database[Row], file: Path, vintage: str | None = None) -> Path:
    """Write the page; the same vintage and signals give the same bytes.

    Args:
        db: the database.
        file: address of the page; an earlier one is replaced.
        vintage: edition; default the newest.

    Returns:
        the file.

    Raises:
        InputError: there is no such edition.
        StorageError: the database cannot be read.
        ReportError: Altair or vl-convert is missing, the page is too large, or it cannot be written.

    """
    library, specs = _drawing()
    document = vintages.resolve(db, vintage)
    months = sorted(document["blocks"])[-MONTHS_SHOWN[0] :]
    rows = _rows(db, document, months)
    sources = _sources(db, document)
    signals = relevant(db)
    common = {
        "themes": THEMES, "union": sorted(EU27), "network": network_view(db, from_database(db)),
        "evidence": evidence_table(choose(signals), len(signals)),
    }  # fmt: skip
    shapes = json.loads(files("indicators").joinpath("data", "europe.json").read_text(encoding="utf-8"))
    for shown in MONTHS_SHOWN:
        numbers = page_numbers(rows, months[-shown:], _measures()) | common
        content = page.render({
            "vintage": document["_id"], "banner": _banner(document, months[-shown:], rows, sources),
            "sources": [_source(source) for source in sources[:SOURCES_SHOWN]],
            "hidden": max(0, len(sources) - SOURCES_SHOWN), "numbers": numbers, "specs": specs,
            "shapes": shapes, "map_source": f"Map: {shapes['source']}. Population: {POPULATION}",
            "footer": FOOTER, "library": library,
        }).encode()  # fmt: skip
        if len(content) <= MAX_BYTES:
            return _write(Path(file), content)
    raise ReportError(f"{file}: the page would have {len(content)} bytes, more than {MAX_BYTES}")


def _drawing() -> tuple[str, Row]:
    # The Vega libraries as one script, and the specifications.
    try:
        import altair as alt
        import vl_convert
    except ImportError as error:
        raise ReportError(f"the report needs {error.name}: run `pip install '.[report]'`") from error
    try:
        # The libraries must be of the version whose schema Altair writes.
        version = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
        return _library(vl_convert.javascript_bundle, version), charts.specifications()
    except ValueError as error:
        raise ReportError(
            f"vl-convert has no Vega-Lite {alt.SCHEMA_VERSION}: run `pip install -U '.[report]'`"
        ) from error


@cache
def _library(bundle: Callable[[str, str], str], version: str) -> str:
    # The bundle takes seconds and is the same for all pages of a process.
    return bundle("window.vegaEmbed = vegaEmbed;", version)


def _rows(db: Database[Row], document: Row, months: list[str]) -> list[Row]:
    wanted = {"geo_level": {"$in": [*SHOWN_LEVELS, "city"]}, "indicator": {"$ne": "signals_raw"}}
    kept = {**document, "blocks": {month: document["blocks"][month] for month in months}}
    return list(vintages.rows(db, kept, wanted))


def _measures() -> list[Row]:
    return [
        {"id": name, "title": declared.title, "unit": declared.unit, "definition": declared.definition,
         "themes": list(declared.themes), "source": declared.source, "rate": declared.rate,
         "interval": declared.is_ratio and not declared.mean}
        for name, declared in declarations().items()
        if name != "signals"
    ]  # fmt: skip


def _sources(db: Database[Row], document: Row) -> list[Row]:
    return list(csv.DictReader(io.StringIO(vintages.frozen(db, document, "sources.csv").decode())))


def _source(source: Row) -> Row:
    shown = {title: source.get(column, "") for column, title in SOURCE_COLUMNS.items()}
    return {**shown, "Signals": int(shown["Signals"] or 0)}


def _banner(document: Row, months: list[str], rows: list[Row], sources: list[Row]) -> list[str]:
    completed = [source["last_run"] for source in sources if source["last_run"]]
    last = f", the last one on {max(completed)}" if completed else ""
    open_months = sorted({row["period"] for row in rows if row["status"] == "P"})
    corrected = any(row.get("corrected") is not None for row in rows)
    return [
        f"Vintage {document['_id']}, built {document['built_at']:%Y-%m-%d %H:%M} UTC.",
        f"Months shown: {months[0]} to {months[-1]}; the vintage holds {document['first']} to "
        f"{document['last']}. "
        + (f"Provisional, because not over: {', '.join(open_months)}. " if open_months else "")
        + f"Sources: {len(completed):,} of {len(sources):,} completed a run{last}.",
        "Corrected estimates rest on an audit sample and stand beside the counts."
        if corrected
        else "No audit sample has been labelled yet: the numbers are counts of what the classifier decided.",
        f"Classifier: {', '.join(document.get('models') or ['none'])}. The numbers describe what these "
        "sources published, not all activity.",
    ]


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
