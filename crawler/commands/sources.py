"""`dsi sources`: the registry of what is crawled."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands.common import (
    ConfigOption,
    JsonOption,
    SourcesOption,
    emit,
    open_configured_database,
    registry,
    settings,
    table,
)  # fmt: skip
from crawler.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from pymongo.database import Database

    from crawler.sources import Source

sources_app = typer.Typer(help="The registry of sources.", no_args_is_help=True)

TEMPLATE = """\
# {title}
title = "{title}"
protocol = "{protocol}"
url = "{url}"
{country}languages = []
cadence_hours = 24

[terms]
# Why may this source be crawled? (open licence, public API, robots.txt, agreement)
basis = ""
"""


def register(app: typer.Typer) -> None:
    """Add the verbs to the command tree."""
    app.add_typer(sources_app, name="sources")


@sources_app.command("list")
def list_sources(
    family: Annotated[str | None, typer.Option(help="Only this family.")] = None,
    country: Annotated[str | None, typer.Option(help="Only this country (ISO code).")] = None,
    sources: SourcesOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """List sources with protocol, country and status."""
    chosen = [
        source
        for source in registry(settings(config, sources=sources)).values()
        if family in (None, source.family) and country in (None, source.country)
    ]
    if as_json:
        emit([source.model_dump(mode="json", exclude_none=True) for source in chosen])
    else:
        rows = [[s.id, s.family, s.protocol, s.country, s.status, s.title] for s in chosen]
        table(f"{len(chosen)} sources", ["id", "family", "protocol", "country", "status", "title"], rows)


@sources_app.command()
def show(
    source: Annotated[str, typer.Argument(help="Identifier of the source.")],
    sources: SourcesOption = None,
    config: ConfigOption = None,
) -> None:
    """Show one source with all its values as JSON."""
    from crawler.selection import STATUSES, select_sources

    known = registry(settings(config, sources=sources))
    emit(select_sources(known, [source], statuses=STATUSES)[0].model_dump(mode="json"))


@sources_app.command()
def check(
    file: Annotated[list[Path] | None, typer.Argument(help="Source files; default: all sources.")] = None,
    sources: SourcesOption = None,
    config: ConfigOption = None,
) -> None:
    """Check source files: keys, values, protocol and its parameters. All problems are listed."""
    from crawler.loader import protocols
    from crawler.sources import SOURCES_DIRECTORY, load_source, read_sources

    known = protocols()
    problems: list[ConfigurationError] = []
    chosen = []
    if file:
        for path in file:
            try:
                chosen.append(load_source(path))
            except ConfigurationError as error:
                problems.append(error)
    else:
        folders = [SOURCES_DIRECTORY, *settings(config, sources=sources).sources]
        found, problems = read_sources(folders)
        chosen = list(found.values())
    for source in chosen:
        try:
            check_protocol(source, known)
        except ConfigurationError as error:
            problems.append(error)
    if problems:
        raise ConfigurationError("\n     ".join(map(str, problems)))
    typer.echo(f"{len(chosen)} sources are valid")


def check_protocol(source: "Source", known: dict[str, Any]) -> None:
    """Check the protocol of a source and its parameters.

    Raises:
        ConfigurationError: nothing speaks that protocol, or a parameter is wrong.
    """
    if source.protocol not in known:
        names = ", ".join(sorted(known))
        raise ConfigurationError(
            f"source {source.id}: protocol: {source.protocol!r} is unknown; known are {names}"
        )
    known[source.protocol].check_params(source)


@sources_app.command()
def new(
    path: Annotated[Path, typer.Argument(help="File to write: <family>/<cc>-<name>.toml.")],
    protocol: Annotated[str, typer.Option(help="How the source speaks.")],
    url: Annotated[str, typer.Option(help="Address the protocol starts from.")],
    title: Annotated[str | None, typer.Option(help="Name for people.")] = None,
) -> None:
    """Write a source file to fill in."""
    from crawler.loader import protocols
    from crawler.sources import FAMILIES, load_source

    if path.parent.name not in FAMILIES:
        raise UsageError(f"{path}: the folder must be a family ({', '.join(FAMILIES)})")
    if protocol not in protocols():
        raise UsageError(f"unknown protocol {protocol!r}; known are {', '.join(sorted(protocols()))}")
    if path.exists():
        raise UsageError(f"{path}: exists already")
    prefix = path.stem.split("-")[0].upper()
    country = f'country = "{prefix}"\n' if len(prefix) == 2 and prefix.isalpha() else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        TEMPLATE.format(title=title or path.stem, protocol=protocol, url=url, country=country),
        encoding="utf-8",
    )
    try:
        load_source(path)
    except ConfigurationError:
        path.unlink()
        raise
    typer.echo(
        f"{path} written; next: fill it in, then `dsi sources check {path}` and `dsi sources probe {path.stem}`"
    )


@sources_app.command()
def probe(
    source: Annotated[str, typer.Argument(help="Identifier of the source.")],
    limit: Annotated[int, typer.Option(min=1, help="Records to read.")] = 3,
    sources: SourcesOption = None,
    config: ConfigOption = None,
) -> None:
    """Read a few records of a source and print them; nothing is stored."""
    from crawler.commands.crawl import crawl_settings, exit_code
    from crawler.commands.dryrun import dry_run
    from crawler.selection import select_sources

    values = settings(config, sources=sources)
    chosen = select_sources(registry(values), [source], statuses=("active", "paused"))
    raise typer.Exit(exit_code(dry_run(chosen, limit=limit, settings=crawl_settings(values))))


@sources_app.command()
def health(sources: SourcesOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Tell which sources are overdue, silent or failing, from the recorded runs."""
    from datetime import UTC, datetime

    from storage.runs import recent, stopped

    values = settings(config, sources=sources)
    now = datetime.now(UTC)
    rows = []
    with open_configured_database(values) as db:
        for source in registry(values).values():
            if source.status != "active":
                continue
            runs = recent(db, source=source.id, limit=5)
            ended = [run for run in runs if run["state"] != "running" or stopped(run, now)]
            done = [run for run in ended if run["state"] == "done"]
            hours = (now - done[0]["started_at"]).total_seconds() / 3600 if done else None
            if not ended:
                verdict = "first run" if runs else "never run"
            elif hours is None:
                verdict = "failing"
            elif hours > 2 * source.cadence_hours:
                verdict = "overdue"
            elif ended[0]["state"] != "done":
                verdict = "last run failed"
            else:
                verdict = "silent" if is_silent(db, source.id) else "ok"
            rows.append(
                {"source": source.id, "health": verdict, "runs": len(runs), "hours_since_success": hours}
            )
    if as_json:
        emit(rows)
    else:
        cells = [
            [
                r["source"],
                r["health"],
                r["runs"],
                r["hours_since_success"] and f"{r['hours_since_success']:.1f}",
            ]
            for r in rows
        ]
        table("Health", ["source", "health", "runs kept", "hours since success"], cells)


def is_silent(db: "Database[dict[str, Any]]", source: str) -> bool:
    """Whether a source that once gave records gave none when it last said what it has.

    An answer 304 does not say that, nor does a run that asked for changes only (`--since`, a change stream).
    """
    partial = {f"extra.{name}": {"$ne": True} for name in ("not_modified", "changes_only")}
    said = {"source": source, "state": "done", "since": None, **partial}
    last = db.runs.find_one(said, sort=[("started_at", -1)])
    if last is None or last.get("read"):
        return False
    earlier = {"source": source, "read": {"$gt": 0}, "started_at": {"$lt": last["started_at"]}}
    return db.runs.find_one(earlier) is not None
