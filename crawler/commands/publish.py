"""`dsi indicators`, `dsi export`, `dsi report`: from evidence to tables and a page."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.commands.common import (
    ConfigOption,
    JsonOption,
    day,
    emit,
    open_configured_database,
    open_migrated_database,
    registry,
    settings,
    table,
)
from crawler.errors import UsageError

indicators_app = typer.Typer(help="Compute and look at the indicators.", no_args_is_help=True)

PLACES = frozenset({"EU", "EU27", "WORLD", "ZZ", "XK"})
"""Codes of indicators beside those of ISO 3166-1; XK stands for Kosovo in CLDR."""
FINER = re.compile(r"[A-Z]{2}(?:[A-Z0-9]{1,2}|-.+)")
"""NUTS codes and cities (`DE-Berlin`)."""
SHOWN = (
    "period", "geo", "kind", "dimension", "member", "grades", "counting", "value", "ci_low", "ci_high",
    "corrected", "per_million", "status",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the verbs to the command tree."""
    app.add_typer(indicators_app, name="indicators")
    app.command()(export)
    app.command()(report)


@indicators_app.command()
def build(
    vintage: Annotated[str | None, typer.Option(help="Day of the vintage; default today.")] = None,
    since: Annotated[
        str | None, typer.Option(help="First month, as 2026-03; default the first with data.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last month; default that of the vintage.")] = None,
    period: Annotated[
        list[str] | None,
        typer.Option(help="Compute only this month and carry the others over; may be repeated."),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compute the indicators of a new vintage from what is stored."""
    from indicators.build import build as build_indicators

    moment = day(vintage, "--vintage")
    configured = settings(config)
    facts = source_facts(registry(configured).values())
    with open_migrated_database(configured) as db:
        summary = build_indicators(
            db,
            vintage=moment.date() if moment else None,
            since=since,
            until=until,
            periods=period,
            sources=facts,
        )
    if as_json:
        emit({name: getattr(summary, name) for name in ("vintage", "rows", "created", "revisions")})
    elif summary.created:
        typer.echo(f"vintage {summary.vintage}: {summary.rows} rows, {len(summary.revisions)} cells revised")
    else:
        typer.echo(f"vintage {summary.vintage} already holds these numbers: nothing was written")


def source_facts(sources: Any) -> list[dict[str, Any]]:
    """Describe sources of the registry as rows of the exported table of sources."""
    return [
        {
            "id": source.id, "title": source.title, "family": source.family, "protocol": source.protocol,
            "url": source.url, "country": source.country, "languages": " ".join(source.languages),
            "publisher": source.publisher.name if source.publisher else None,
            "licence": source.licence.id if source.licence else None,
            "licence_url": source.licence.url if source.licence else None,
            "terms_url": source.terms.url if source.terms else None,
            "cadence_hours": source.cadence_hours, "status": source.status,
        }
        for source in sources
    ]  # fmt: skip


@indicators_app.command()
def show(
    indicator: Annotated[str, typer.Option(help="Name of the indicator.")] = "signals",
    period: Annotated[str | None, typer.Option(help="Month, as 2026-03.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO code; also EU27, WORLD, ZZ.")] = None,
    vintage: Annotated[str | None, typer.Option(help="Vintage to show; default the latest.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many rows.")] = 50,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show rows of a vintage."""
    from itertools import islice

    from indicators import vintages
    from indicators.declarations import declarations

    if indicator not in declarations():
        raise UsageError(f"--indicator: there is no {indicator!r}; known are: {', '.join(declarations())}")
    check_place(country)
    conditions = {"indicator": indicator, "period": period, "geo": country}
    query = {name: value for name, value in conditions.items() if value}
    with open_configured_database(settings(config)) as db:
        document = vintages.resolve(db, vintage)
        if period and period not in document["blocks"]:
            raise UsageError(
                f"--period {period}: the vintage {document['_id']} has no such month; it holds "
                f"{document['first']} to {document['last']}"
            )
        rows = list(islice(vintages.rows(db, document, query), limit))
    if as_json:
        emit(rows)
    else:
        table(
            f"{indicator}, vintage {document['_id']}",
            SHOWN,
            [[row.get(name) for name in SHOWN] for row in rows],
        )


@indicators_app.command()
def audit(
    size: Annotated[int, typer.Option(min=1, help="Signals to draw.")] = 300,
    seed: Annotated[int, typer.Option(help="Makes the draw repeatable.")] = 0,
    config: ConfigOption = None,
) -> None:
    """Draw signals whose labels correct the indicators, as JSON lines for `dsi label read`."""
    from datetime import UTC, datetime

    from indicators.audit import draw_audit

    fields = ("title", "text", "kind", "language", "source", "url")
    with open_migrated_database(settings(config)) as db:
        drawn = draw_audit(db, size, seed, datetime.now(UTC))
        if not drawn:
            raise UsageError("every classified signal was drawn before: label those, or crawl first")
        found = db.signals.find({"_id": {"$in": [row["_id"] for row in drawn]}}, dict.fromkeys(fields, 1))
        texts = {signal["_id"]: signal for signal in found}
    for row in drawn:
        shown = {key: texts[row["_id"]].get(key) for key in fields}
        blank: dict[str, Any] = {"annotator": None, "grade": None, "areas": [], "trends": []}
        emit({"id": row["_id"], "reason": "audit", **shown, **blank}, lines=True)


def check_place(code: str | None) -> None:
    """Refuse a place that cannot be meant.

    Raises:
        UsageError: no country has the code.

    """
    if code is None or code in PLACES or FINER.fullmatch(code):
        return
    import pycountry

    if len(code) != 2 or pycountry.countries.get(alpha_2=code) is None or not code.isupper():
        raise UsageError(
            f"--country: no country has the code {code!r}; give ISO 3166-1 alpha-2, as DE, GR or GB"
        )


def export(
    directory: Annotated[Path, typer.Argument(help="Folder to write: missing, empty, or an earlier export.")],
    vintage: Annotated[str | None, typer.Option(help="Vintage to export; default the latest.")] = None,
    sqlite: Annotated[bool, typer.Option("--sqlite", help="Write a SQLite database too.")] = False,
    sdmx: Annotated[bool, typer.Option("--sdmx", help="Write SDMX-CSV 2.0 too.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write the indicators as CSV, Parquet and Data Package, with coverage, sources, method and revisions."""
    from indicators.export import export as write_export

    with open_configured_database(settings(config)) as db:
        for path in write_export(db, directory, vintage=vintage, sqlite=sqlite, sdmx=sdmx):
            typer.echo(path)


def report(
    file: Annotated[Path, typer.Argument(help="HTML file to write.")],
    vintage: Annotated[str | None, typer.Option(help="Vintage to show; default the latest.")] = None,
    config: ConfigOption = None,
) -> None:
    """Write the report: one page that opens offline."""
    from indicators.report import write_report

    with open_configured_database(settings(config)) as db:
        write_report(db, file, vintage=vintage)
    typer.echo(file)
