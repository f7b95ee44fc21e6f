"""`dsi runs`, `dsi status`: the ledger of what ran, what failed and why."""

from typing import Annotated, Any

import typer

from crawler.commands.common import ConfigOption, JsonOption, emit, open_configured_database, settings, table
from crawler.errors import UsageError

runs_app = typer.Typer(help="The ledger of runs.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the verbs to the command tree."""
    app.add_typer(runs_app, name="runs")
    app.command()(status)


@runs_app.command("list")
def list_runs(
    source: Annotated[str | None, typer.Option(help="Only runs of this source.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many, newest first.")] = 20,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """List runs, newest first."""
    from storage.runs import recent

    with open_configured_database(settings(config)) as db:
        runs = list(recent(db, source=source, limit=limit))
    if as_json:
        emit(runs)
    else:
        rows = [
            [r["_id"], r.get("source"), r.get("state"), r.get("started_at"), r.get("read"), r.get("counts")]
            for r in runs
        ]
        table("Runs", ["run", "source", "state", "started", "read", "counts"], rows)


@runs_app.command()
def show(
    run: Annotated[str, typer.Argument(help="Identifier of the run.")],
    config: ConfigOption = None,
) -> None:
    """Show one run with its issues as JSON."""
    with open_configured_database(settings(config)) as db:
        document = db.runs.find_one({"_id": run})
        if document is None:
            raise UsageError(f"no run {run!r}; see `dsi runs list`")
        emit({**document, "issues": list(db.issues.find({"run_id": run}).sort("_id"))})


def status(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Tell what the store holds: signals by kind and grade, last runs."""
    grade = {"$ifNull": ["$dsi.grade", "unclassified"]}
    with open_configured_database(settings(config)) as db:
        counts: list[dict[str, Any]] = list(
            db.signals.aggregate([
                {"$group": {"_id": {"$concat": ["$kind", " ", grade]}, "n": {"$sum": 1}}},
                {"$sort": {"_id": 1}},
            ])
        )  # fmt: skip
        states = list(
            db.runs.aggregate([{"$group": {"_id": "$state", "n": {"$sum": 1}}}, {"$sort": {"_id": 1}}])
        )
    if as_json:
        emit(
            {
                "signals": {row["_id"]: row["n"] for row in counts},
                "runs": {row["_id"]: row["n"] for row in states},
            }
        )
    else:
        table("Signals", ["kind and grade", "number"], [[row["_id"], row["n"]] for row in counts])
        table("Runs", ["state", "number"], [[row["_id"], row["n"]] for row in states])
