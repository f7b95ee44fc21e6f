"""Tables as bytes: CSV, Parquet, SQLite, SDMX-CSV. The same rows give the same bytes."""

import csv
import io
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["Columns", "no_formula", "to_csv", "to_parquet", "to_sdmx", "to_sqlite"]

Columns = Mapping[str, Sequence[Any]]
"""Column -> type (`string`, `number` or `integer`), definition, …"""
SQL_TYPES = {"string": "TEXT", "number": "REAL", "integer": "INTEGER"}


def no_formula(cell: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula: titles come from the web.

    Which beginnings count: OWASP, "CSV injection".
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def to_csv(header: Sequence[str] | None, rows: Iterable[Sequence[Any]]) -> bytes:
    """Write RFC 4180 CSV with a point as decimal sign and LF as line end; nothing is an empty field, no formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header is not None:
        writer.writerow(header)
    writer.writerows([no_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def to_parquet(columns: Columns, rows: Sequence[Sequence[Any]]) -> bytes:
    """Write Parquet, compressed with zstd."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"string": pa.string(), "number": pa.float64(), "integer": pa.int64()}
    arrays = {
        name: pa.array([row[at] for row in rows], types[facts[0]])
        for at, (name, facts) in enumerate(columns.items())
    }
    sink = io.BytesIO()
    pq.write_table(pa.table(arrays), sink, compression="zstd")
    return sink.getvalue()


def to_sqlite(tables: Mapping[str, tuple[Columns, Iterable[Sequence[Any]]]]) -> bytes:
    """Write a SQLite database with one table per entry: columns and rows."""
    connection = sqlite3.connect(":memory:")
    try:
        for name, (columns, rows) in tables.items():
            fields = ", ".join(f'"{column}" {SQL_TYPES[facts[0]]}' for column, facts in columns.items())
            marks = ", ".join("?" for _ in columns)
            connection.execute(f'CREATE TABLE "{name}" ({fields})')
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608  our own table names
        connection.execute("CREATE INDEX by_cell ON indicators (indicator, geo, period)")
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def to_sdmx(structure: str, dimensions: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Write SDMX-CSV 2.0: structure, dimensions, OBS_VALUE, attributes.

    Args:
        structure: reference of the data structure, `AGENCY:ID(version)`.
        dimensions: columns that identify a row; `period` becomes TIME_PERIOD, others their name in capitals.
        rows: rows; of one without a value OBS_VALUE is empty and OBS_STATUS says why.

    """
    names = ["TIME_PERIOD" if name == "period" else name.upper() for name in dimensions]
    header = ["STRUCTURE", "STRUCTURE_ID", "ACTION", *names, "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS"]
    table = (
        [
            "datastructure",
            structure,
            "I",
            *(row[name] for name in dimensions),
            row["value"],
            row["unit"],
            row["status"],
        ]
        for row in rows
    )
    return to_csv(header, table)
