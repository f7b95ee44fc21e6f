"""`dsi demo`: the whole pipeline on a demonstration web on the loopback interface."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands.common import table

if TYPE_CHECKING:
    from pymongo.database import Database

__all__ = ["register", "run_demo"]


def register(app: typer.Typer) -> None:
    """Add the verb to the command tree."""
    app.command()(demo)


def demo(
    output: Annotated[
        Path, typer.Option("--output", help="Folder for database, sources, exports and report.")
    ] = Path("demo-output"),
) -> None:
    """Run everything on a demonstration web: crawl, classify, store, export, report; no network."""
    raise typer.Exit(run_demo(output))


def run_demo(output: Path) -> int:
    """Crawl the demonstration web into an embedded database and publish what was found.

    Args:
        output: folder that receives `mongodb/`, `sources/`, `exports/` and `report.html`.

    Returns:
        Exit code of the crawl: 0 ok, 1 all sources failed, 4 some failed.
    """
    from crawler.commands.crawl import exit_code, show
    from crawler.commands.publish import source_facts
    from crawler.demo.site import DemoSite
    from crawler.demo.sources import write_sources
    from crawler.runner import crawl
    from crawler.schema import signals_schema
    from crawler.sources import load_sources
    from indicators.build import build
    from indicators.export import export
    from indicators.report import write_report
    from storage.collections import migrate
    from storage.connection import open_database

    output.mkdir(parents=True, exist_ok=True)
    report = output / "report.html"
    with DemoSite() as site, open_database(data_directory=output) as db:
        write_sources(output / "sources", site.port)
        migrate(db, signals_schema())
        sources = list(load_sources([output / "sources"]).values())
        summaries = crawl(sources, db=db)
        show(summaries)
        show_signals(db)
        build(db, sources=source_facts(sources))
        files = [*export(db, output / "exports"), report]
        write_report(db, report)
    table("Files", ["file", "bytes"], [[path, Path(path).stat().st_size] for path in files])
    return exit_code(summaries)


def show_signals(db: "Database[dict[str, Any]]") -> None:
    """Print how many stored signals there are by kind and country, and how many of each are DSI."""
    for title, path in (("kind", "$kind"), ("country", "$place.country")):
        table(f"Signals by {title}", [title, "signals", "core", "adjacent"], counts(db, path))


def counts(db: "Database[dict[str, Any]]", path: str) -> Sequence[Sequence[Any]]:
    """Count canonical signals, and those graded core and adjacent, by the value at a field path."""
    tally: dict[str, list[int]] = {}
    keys = path.removeprefix("$").split(".")
    for document in db.signals.find({"canonical": True}, {"kind": 1, "place.country": 1, "dsi.grade": 1}):
        value: Any = document
        for key in keys:
            value = (value or {}).get(key)
        row = tally.setdefault(value or "unknown", [0, 0, 0])
        grade = (document.get("dsi") or {}).get("grade")
        row[0] += 1
        row[1] += grade == "core"
        row[2] += grade == "adjacent"
    return [[name, *row] for name, row in sorted(tally.items())]
