"""`dsi demo`: the whole pipeline on a demonstration web on the loopback interface."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from crawler.commands.common import table

if TYPE_CHECKING:
    from pymongo.database import Database

    from crawler.runner import RunSummary
    from crawler.sources import Source

__all__ = ["register", "run_demo"]

ISSUES_SHOWN = 10
NEXT = """\
Look at it:    {output}/report.html (in a browser; needs no network)
Ask it:        DSI_DATA_DIRECTORY={output} dsi items --where kind=award --where grade=core
               DSI_DATA_DIRECTORY={output} dsi runs list
"""


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

    Some sources are visited twice, so that a change and a withdrawal are seen.

    Args:
        output: folder that receives `mongodb/`, `sources/`, `exports/` and `report.html`.

    Returns:
        Exit code of the crawls: 0 ok, 1 all sources failed, 4 some failed.
    """
    from crawler.commands.crawl import exit_code
    from crawler.commands.publish import source_facts
    from crawler.demo.site import DemoSite
    from crawler.demo.sources import SECOND_VISIT, write_sources
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
        sources = load_sources([output / "sources"])
        first = crawl(list(sources.values()), db=db, trigger="demo")
        show_visit("First visit", first, ("new",), sources)
        site.visit = 2
        again = crawl([sources[name] for name in SECOND_VISIT], db=db, trigger="demo")
        show_visit("Second visit", again, ("unchanged", "changed"), sources)
        show_lifecycle(db)
        show_issues(db)
        show_signals(db)
        build(db, sources=source_facts(list(sources.values())))
        files = [*export(db, output / "exports"), report]
        write_report(db, report)
    table("Files", ["file", "bytes"], [[path, Path(path).stat().st_size] for path in files])
    sys.stdout.write(NEXT.format(output=output))
    return exit_code([*first, *again])


def show_visit(
    title: str, summaries: "list[RunSummary]", outcomes: Sequence[str], sources: "dict[str, Source]"
) -> None:
    """Print what was asked and what became of the records; a run that did not end well says so."""
    rows: list[list[Any]] = []
    for s in summaries:
        name = s.source if s.state == "done" else f"{s.source} ({s.state})"
        found = (s.outcomes.get(outcome, 0) for outcome in outcomes)
        rows.append([name, sources[s.source].protocol, s.pages, s.read, *found, s.issues])
        if s.error:
            sys.stderr.write(f"dsi: {s.source}: {s.error}\n")
    total = [sum(row[at] for row in rows) for at in range(2, len(outcomes) + 5)]
    columns = ["source", "protocol", "pages", "records", *outcomes, "issues"]
    table(title, columns, [*rows, [f"{len(rows)} sources", "", *total]])


def show_lifecycle(db: "Database[dict[str, Any]]") -> None:
    """Print the signals that were linked as copies, have changed or were withdrawn."""
    fields = dict.fromkeys(("title", "source", "cluster_reason", "removal_reason"), 1)
    rows = [
        [signal["title"], signal["source"], f"{word} ({signal.get(reason)})"]
        for word, reason, wanted in (
            ("copy", "cluster_reason", {"canonical": False}),
            ("withdrawn", "removal_reason", {"removed_at": {"$ne": None}}),
        )
        for signal in db.signals.find(wanted, fields)
    ]
    for change in db.observations.find({"outcome": "changed"}, {"signal": 1, "source": 1, "changes": 1}):
        signal = db.signals.find_one({"_id": change["signal"]}, {"title": 1, "source": 1}) or {}
        names = ", ".join(sorted(change.get("changes") or {}))
        rows.append([signal.get("title"), signal.get("source"), f"changed ({names})"])
    table("Copies, changes and withdrawals", ["title", "source", "what"], sorted(rows))


def show_issues(db: "Database[dict[str, Any]]") -> None:
    """Print the problems that the runs met: they are recorded and lose no other record."""
    found = db.issues.find({}, {"code": 1, "message": 1, "url": 1}).sort("at", 1)
    lines = dict.fromkeys((row["code"], urlsplit(row.get("url") or "").path, row["message"]) for row in found)
    table("Problems met, recorded and survived", ["code", "address", "what"], list(lines)[:ISSUES_SHOWN])


def show_signals(db: "Database[dict[str, Any]]") -> None:
    """Print how many stored signals there are by kind, country and language, and how many of each are DSI."""
    for title, path in (("kind", "kind"), ("country", "place.country"), ("language", "language")):
        rows = counts(db, path)
        total = ["all", *(sum(row[at] for row in rows) for at in (1, 2, 3))]
        table(f"Signals by {title}, copies once", [title, "signals", "core", "adjacent"], [*rows, total])


def counts(db: "Database[dict[str, Any]]", path: str) -> list[list[Any]]:
    """Count canonical signals, and those graded core and adjacent, by the value at a field path."""
    tally: dict[str, list[int]] = {}
    fields = {"kind": 1, "language": 1, "place.country": 1, "dsi.grade": 1}
    for document in db.signals.find({"canonical": True}, fields):
        value: Any = document
        for key in path.split("."):
            value = (value or {}).get(key)
        row = tally.setdefault(value or "unknown", [0, 0, 0])
        grade = (document.get("dsi") or {}).get("grade")
        row[0] += 1
        row[1] += grade == "core"
        row[2] += grade == "adjacent"
    return [[name, *row] for name, row in sorted(tally.items())]
