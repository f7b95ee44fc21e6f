"""Write one vintage as files: CSV, Parquet, coverage, codebook, Data Package descriptor and checksums."""

import csv
import hashlib
import io
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from pymongo.database import Database

from storage.errors import StorageError, reported

__all__ = ["export"]

COLUMNS: dict[str, tuple[str, str]] = {
    "indicator": ("string", "Identifier: signals, signals_raw or share"),
    "period": ("string", "Month of publication, else of first sight, YYYY-MM"),
    "geo_level": ("string", "Level of the place"),
    "geo": ("string", "ISO 3166-1 alpha-2, EU for the Union, ZZ for unknown"),
    "kind": ("string", "Kind of signal"),
    "dimension": ("string", "all, area, trend, technology or theme"),
    "member": ("string", "Member of the dimension; ALL for all"),
    "grades": ("string", "core, or core+adjacent as the sensitivity check"),
    "counting": ("string", "full: once per member; fractional: 1/k per member"),
    "value": ("number", "The number; empty where not observed"),
    "unit": ("string", "Unit of the value"),
    "n": ("integer", "Signals the number rests on; of a share its denominator"),
    "ci_low": ("number", "Lower bound of the 95 % interval"),
    "ci_high": ("number", "Upper bound of the 95 % interval"),
    "status": ("string", "A normal, P provisional, L not observed"),
    "vintage": ("string", "Edition"),
}
COVERAGE = {"source": "string", "month": "string", "state": "string", "runs": "integer"}
MARKER = "SHA256SUMS"


def export(db: Database[dict[str, Any]], directory: Path, vintage: str | None = None) -> list[Path]:
    """Write a vintage to a folder; the same vintage gives the same bytes while the runs are the same.

    Args:
        db: the database.
        directory: folder that is created, or replaced where an export made it.
        vintage: edition; default the newest.

    Raises:
        StorageError: no such edition, the folder holds other files, or it cannot be written.

    """
    directory = Path(directory)
    with reported("read the indicators"):
        editions = [str(name) for name in db.indicators.distinct("vintage")]
        name = vintage or max(editions, key=lambda text: (text[:10], int(text[11:] or 1)), default=None)
        rows = sorted(db.indicators.find({"vintage": name}), key=lambda row: row["_id"]) if name else []
        ran = Counter((run["source"], f"{run['started_at']:%Y-%m}", run["state"]) for run in db.runs.find())
    if not rows or name is None:
        raise StorageError(
            f"there is no vintage {vintage or ''} of indicators: run `dsi indicators build` first"
        )
    if directory.exists() and (
        not directory.is_dir() or (any(directory.iterdir()) and not (directory / MARKER).is_file())
    ):
        raise StorageError(f"{directory}: holds files that no export made; choose an empty folder")
    table = [[row.get(column) for column in COLUMNS] for row in rows]
    files = {
        "indicators.csv": _csv(list(COLUMNS), table),
        "indicators.parquet": _parquet(table),
        "coverage.csv": _csv(list(COVERAGE), [[*key, runs] for key, runs in sorted(ran.items())]),
        "codebook.csv": _csv(
            ["name", "type", "definition"], [[key, *facts] for key, facts in COLUMNS.items()]
        ),
    }
    files["datapackage.json"] = _descriptor(name)
    files[MARKER] = "".join(
        f"{hashlib.sha256(files[key]).hexdigest()}  {key}\n" for key in sorted(files)
    ).encode()
    _replace(directory, files)
    return [directory / key for key in sorted(files)]


def _replace(directory: Path, files: dict[str, bytes]) -> None:
    # Written beside the target and renamed: a reader never sees half an export.
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".export-") as place:
            fresh = Path(place) / "new"
            fresh.mkdir()
            for key, content in files.items():
                (fresh / key).write_bytes(content)
            if directory.exists():
                shutil.move(directory, Path(place) / "old")
            fresh.rename(directory)
    except OSError as error:
        raise StorageError(
            f"{directory}: cannot be written: {error.strerror}; choose another folder"
        ) from error


def _csv(header: list[str], rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


def _parquet(rows: list[list[Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"string": pa.string(), "number": pa.float64(), "integer": pa.int64()}
    arrays = {
        key: pa.array([row[at] for row in rows], types[kind])
        for at, (key, (kind, _)) in enumerate(COLUMNS.items())
    }
    sink = io.BytesIO()
    pq.write_table(pa.table(arrays), sink, compression="zstd")
    return sink.getvalue()


def _descriptor(vintage: str) -> bytes:
    tables = {"indicators": {key: kind for key, (kind, _) in COLUMNS.items()}, "coverage": COVERAGE}
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "dsi-indicators", "version": vintage,
        "resources": [
            {"name": name, "path": f"{name}.csv", "type": "table", "format": "csv", "mediatype": "text/csv",
             "encoding": "utf-8", "schema": {"fields": [{"name": k, "type": t} for k, t in fields.items()]}}
            for name, fields in tables.items()
        ],
    }  # fmt: skip
    return (json.dumps(package, indent=2) + "\n").encode()
