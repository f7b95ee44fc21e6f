"""What the verbs share: configuration, database, registry, output."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.config import Config, load_config
from crawler.errors import UsageError

if TYPE_CHECKING:
    from pymongo.database import Database

    from crawler.sources import Source

__all__ = [
    "ConfigOption", "JsonOption", "SourcesOption", "day", "emit", "open_configured_database", "open_migrated_database",
    "read_jsonl", "registry", "settings", "table",
]  # fmt: skip

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Configuration file (default: dsi.toml).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON with stable keys.")]
SourcesOption = Annotated[
    list[Path] | None, typer.Option("--sources", help="Further folder of source files; may be repeated.")
]


def settings(config: Path | None = None, **flags: Any) -> Config:
    """Read the configuration layers."""
    return load_config(config, **flags)


def registry(config: Config) -> "dict[str, Source]":
    """Read the sources that come with the software and those of the configured folders."""
    from crawler.sources import SOURCES_DIRECTORY, load_sources

    return load_sources([SOURCES_DIRECTORY, *config.sources])


@contextmanager
def open_configured_database(config: Config) -> "Iterator[Database[dict[str, Any]]]":
    """Open the configured database as it is, to read: a user who may only read can do that too."""
    from storage.connection import open_database

    with open_database(config.mongodb_uri, config.data_directory, config.database) as db:
        yield db


@contextmanager
def open_migrated_database(config: Config) -> "Iterator[Database[dict[str, Any]]]":
    """Open the configured database to write, with collections, validators and indexes in place."""
    from crawler.schema import signals_schema
    from storage.collections import migrate

    with open_configured_database(config) as db:
        migrate(db, signals_schema())
        yield db


def day(text: str | None, option: str) -> datetime | None:
    """Read a day or moment given on the command line, UTC.

    Raises:
        UsageError: it is not an ISO 8601 date.
    """
    from datetime import UTC

    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option}: {text!r} is not a date such as 2026-03-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _plain_json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return str(value)


def emit(value: Any, *, lines: bool = False) -> None:
    """Write one JSON document, or one line of JSON, to standard output."""
    text = json.dumps(value, ensure_ascii=False, default=_plain_json, indent=None if lines else 2)
    sys.stdout.write(text + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write a table for people to standard output."""
    from rich.console import Console
    from rich.table import Table

    grid = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        grid.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in rows:
        grid.add_row(*("" if cell is None else str(cell) for cell in row))
    Console().print(grid)


def read_jsonl(file: str) -> Iterator[tuple[int, Mapping[str, Any] | None, str | None]]:
    """Read JSON Lines from a file, or from standard input for `-`.

    Yields:
        line number from 1, the object (or none), and what is wrong with the line (or none). Empty lines
        are passed over.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        stream = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    with stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line.decode("utf-8", errors="replace"))
            except (ValueError, RecursionError) as error:
                yield number, None, f"line {number}: not JSON: {error}"
                continue
            if isinstance(value, dict):
                yield number, value, None
            else:
                yield number, None, f"line {number}: {type(value).__name__} where an object was expected"
