"""`dsi items`: query what is stored without knowing MongoDB."""

import csv
import sys
from typing import Annotated, Any

import typer

from crawler.commands.common import ConfigOption, day, emit, open_configured_database, settings
from crawler.errors import UsageError

COLUMNS = (
    "_id", "kind", "source", "url", "title", "language", "published_at", "closes_at", "organisation.name",
    "organisation.sector", "place.country", "place.city", "money.eur", "dsi.grade", "dsi.score",
    "dsi.areas", "dsi.trends",
    "cluster_id", "canonical", "first_seen", "last_seen", "removed_at",
)  # fmt: skip
"""Columns of the CSV form."""

FIELDS = {
    "kind": "kind", "source": "source", "family": "family", "language": "language", "country": "place.country",
    "city": "place.city", "grade": "dsi.grade", "area": "dsi.areas.name", "trend": "dsi.trends.name",
    "technology": "dsi.technologies.name", "theme": "dsi.themes.name", "sector": "organisation.sector",
    "organisation": "organisation.name",
}  # fmt: skip
"""Names that `--where` knows, and the stored field behind each."""


def register(app: typer.Typer) -> None:
    """Add the verb to the command tree."""
    app.command()(items)


def items(
    where: Annotated[
        list[str] | None, typer.Option(help=f"NAME=VALUE; may be repeated. Names: {', '.join(FIELDS)}.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Published on or after this day.")] = None,
    until: Annotated[str | None, typer.Option(help="Published before this day.")] = None,
    all_copies: Annotated[
        bool, typer.Option("--all-copies", help="Also copies of what was published elsewhere.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many.")] = None,
    output: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
    config: ConfigOption = None,
) -> None:
    """Print stored signals."""
    if output not in {"jsonl", "csv"}:
        raise UsageError(f"--format: {output!r} is neither jsonl nor csv")
    query = build_query(where or [], day(since, "--since"), day(until, "--until"), all_copies)
    with open_configured_database(settings(config)) as db:
        cursor = db.signals.find(query).sort("_id").limit(limit or 0)
        if output == "jsonl":
            for document in cursor:
                emit(document, lines=True)
            return
        from indicators.tables import no_formula

        writer = csv.writer(sys.stdout)
        writer.writerow(COLUMNS)
        for document in cursor:
            writer.writerow([no_formula(_cell(document, column)) for column in COLUMNS])


def build_query(where: list[str], since: Any, until: Any, all_copies: bool) -> dict[str, Any]:
    """Turn conditions into a MongoDB filter.

    Raises:
        UsageError: a condition is not NAME=VALUE or its name is unknown.
    """
    query: dict[str, Any] = {} if all_copies else {"canonical": {"$ne": False}}
    for condition in where:
        name, equals, value = condition.partition("=")
        if not equals or name not in FIELDS:
            raise UsageError(f"--where: {condition!r} is not NAME=VALUE with a name of {', '.join(FIELDS)}")
        query[FIELDS[name]] = value
    if since or until:
        query["published_at"] = {key: moment for key, moment in (("$gte", since), ("$lt", until)) if moment}
    return query


def _cell(document: dict[str, Any], column: str) -> Any:
    value: Any = document
    for part in column.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, list):
        return "; ".join(
            str(entry.get("name", entry) if isinstance(entry, dict) else entry) for entry in value
        )
    return value.isoformat() if hasattr(value, "isoformat") else value
