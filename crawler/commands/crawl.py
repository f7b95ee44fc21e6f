"""`dsi crawl`: run sources, tell what became of every record."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands.common import (
    ConfigOption,
    JsonOption,
    SourcesOption,
    day,
    emit,
    open_configured_database,
    open_migrated_database,
    registry,
    settings,
    table,
)  # fmt: skip
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.runner import RunSummary
    from crawler.sources import Source

EXIT_OK, EXIT_ALL_FAILED, EXIT_PARTIAL, EXIT_NOTHING_DUE, EXIT_LOCKED = 0, 1, 4, 5, 6


def register(app: typer.Typer) -> None:
    """Add the verb to the command tree."""
    app.command()(crawl)


def crawl(
    source: Annotated[
        list[str] | None, typer.Argument(help="Identifiers of sources; default: all active ones.")
    ] = None,
    family: Annotated[str | None, typer.Option(help="Only sources of this family.")] = None,
    country: Annotated[str | None, typer.Option(help="Only sources of this country (ISO code).")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only sources whose cadence has passed.")] = False,
    since: Annotated[
        str | None, typer.Option(help="Only what changed since this day, where the source can tell.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Stop each source after this many records.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; print the items as JSON lines.")
    ] = False,
    parallel: Annotated[
        int | None, typer.Option("--workers", min=1, help="Host groups crawled at the same time.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler whose workers crawl (needs MONGODB_URI).")
    ] = None,
    sources: SourcesOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Crawl sources; an interrupted run is resumed by the same command."""
    from crawler.commands.dryrun import dry_run as run_dry
    from crawler.runner import crawl as run_crawl
    from crawler.selection import select_sources
    from storage.evidence import sweep

    if dry_run and cluster:
        raise UsageError("--dry-run prints the items of this machine: leave --cluster out")
    values = settings(config, sources=sources, parallel=parallel)
    chosen = select_sources(registry(values), source or (), family, country)
    options: dict[str, Any] = {
        "since": day(since, "--since"), "limit": limit, "settings": crawl_settings(values),
    }  # fmt: skip
    if dry_run:
        if due:
            with open_configured_database(values) as db:
                chosen = due_sources(chosen, db)
        stop_without_sources(chosen, due)
        raise typer.Exit(exit_code(run_dry(chosen, parallel=values.parallel, **options)))
    with open_migrated_database(values) as db:
        sweep(db)
        if due:
            chosen = due_sources(chosen, db)
        stop_without_sources(chosen, due)
        if cluster:
            from crawler.cluster import crawl_on_cluster

            summaries = crawl_on_cluster(
                chosen, scheduler=cluster, uri=values.mongodb_uri, database=values.database, **options
            )
        else:
            trigger = "due" if due else "manual"
            summaries = run_crawl(chosen, db=db, trigger=trigger, parallel=values.parallel, **options)
    if as_json:
        emit([summary_row(summary) for summary in summaries])
    else:
        show(summaries)
    raise typer.Exit(exit_code(summaries))


def crawl_settings(config: "Config") -> dict[str, Any]:
    """Scrapy settings that follow from the configuration.

    Raises:
        ModelError: the configured model cannot be read; here once, and not in every item.
    """
    from crawler.pipelines.classify import shared_classifier
    from crawler.settings import USER_AGENT

    if config.model:
        shared_classifier(str(config.model))
    return {
        "DSI_MODEL": str(config.model) if config.model else None,
        "DSI_EVIDENCE_DAYS": config.evidence_days,
        "USER_AGENT": f"{USER_AGENT} (+{config.contact})" if config.contact else USER_AGENT,
    }


def stop_without_sources(chosen: "list[Source]", due: bool) -> None:
    """End the command with 5 where there is nothing to crawl."""
    if not chosen:
        sys.stderr.write("dsi: no source is due\n" if due else "dsi: no active source matches\n")
        raise typer.Exit(EXIT_NOTHING_DUE)


def due_sources(sources: "list[Source]", db: Any) -> "list[Source]":
    """Keep the sources whose cadence has passed since the start of their last run."""
    from datetime import UTC, datetime, timedelta

    from storage.sources import state

    now = datetime.now(UTC)

    def is_due(source: "Source") -> bool:
        last = state(db, source.id).get("last_run_at")
        return last is None or last + timedelta(hours=source.cadence_hours) <= now

    return [source for source in sources if is_due(source)]


def summary_row(summary: "RunSummary") -> dict[str, Any]:
    """Stable keys of one run for `--json`."""
    outcomes = dict(summary.outcomes)
    return {
        "source": summary.source,
        "run_id": summary.run_id,
        "state": summary.state,
        "read": summary.read,
        "outcomes": outcomes,
        "accounted": sum(outcomes.values()),
        "issues": summary.issues,
        "pages": summary.pages,
        "bytes": summary.bytes,
        "seconds": round(summary.seconds, 1),
        "error": summary.error,
    }


def show(summaries: "list[RunSummary]") -> None:
    """Print the runs as a table; every record read is in one of the outcome columns, empty ones are left out."""
    from crawler.context import OUTCOMES

    names = [name for name in OUTCOMES if any(s.outcomes.get(name) for s in summaries)] or ["new"]
    rows = [
        [
            s.source,
            s.state,
            s.pages,
            s.read,
            *(s.outcomes.get(name, 0) for name in names),
            s.issues,
            f"{s.seconds:.1f}",
        ]
        for s in summaries
    ]
    table("Runs", ["source", "state", "pages", "read", *names, "issues", "seconds"], rows)
    for summary in summaries:
        if summary.error:
            sys.stderr.write(f"dsi: {summary.source}: {summary.error}\n")


def exit_code(summaries: "list[RunSummary]") -> int:
    """Exit code from the runs' own states: 0 ok, 1 all failed, 4 some failed, 6 all locked."""
    states = {summary.state for summary in summaries}
    if not states or states <= {"done"}:
        return EXIT_OK
    if states == {"locked"}:
        return EXIT_LOCKED
    return EXIT_ALL_FAILED if states == {"failed"} else EXIT_PARTIAL
