"""`dsi indicators`, `dsi export`, `dsi report`: from evidence to tables and a page."""

from pathlib import Path
from typing import Annotated

import typer

from crawler.commands.common import (
    ConfigOption,
    JsonOption,
    day,
    emit,
    open_configured_database,
    settings,
    table,
)

indicators_app = typer.Typer(help="Compute and look at the indicators.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the verbs to the command tree."""
    app.add_typer(indicators_app, name="indicators")
    app.command()(export)
    app.command()(report)


@indicators_app.command()
def build(
    vintage: Annotated[str | None, typer.Option(help="Day of the vintage; default today.")] = None,
    config: ConfigOption = None,
) -> None:
    """Compute the indicators of a new vintage from what is stored."""
    from indicators.build import build as build_indicators

    moment = day(vintage, "--vintage")
    with open_configured_database(settings(config)) as db:
        typer.echo(build_indicators(db, vintage=moment.date() if moment else None))


@indicators_app.command()
def show(
    indicator: Annotated[str, typer.Option(help="Name of the indicator.")] = "signals",
    period: Annotated[str | None, typer.Option(help="Month, as 2026-03.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO code.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many rows.")] = 50,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show rows of the latest vintage."""
    conditions = {"indicator": indicator, "period": period, "geo": country}
    query = {name: value for name, value in conditions.items() if value}
    with open_configured_database(settings(config)) as db:
        latest = db.indicators.find_one({}, {"vintage": 1}, sort=[("vintage", -1)])
        rows = (
            list(db.indicators.find({**query, "vintage": latest["vintage"]}).sort("_id").limit(limit))
            if latest
            else []
        )
    if as_json:
        emit(rows)
    else:
        names = (
            "period",
            "geo",
            "kind",
            "dimension",
            "member",
            "grades",
            "counting",
            "value",
            "ci_low",
            "ci_high",
            "status",
        )
        table(indicator, names, [[row.get(name) for name in names] for row in rows])


def export(
    directory: Annotated[Path, typer.Argument(help="Folder to write; a vintage's files are never changed.")],
    vintage: Annotated[str | None, typer.Option(help="Vintage to export; default the latest.")] = None,
    config: ConfigOption = None,
) -> None:
    """Write the indicators as CSV, Parquet and Data Package."""
    from indicators.export import export as write_export

    with open_configured_database(settings(config)) as db:
        for path in write_export(db, directory, vintage=vintage):
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
