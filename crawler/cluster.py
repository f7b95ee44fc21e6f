"""Hand host groups to a Dask scheduler: one task is all sources of one host, so politeness holds across machines.

Each task crawls in a process of its own (`python -m crawler.cluster`), because Twisted's reactor belongs to one
thread for the life of a process while a worker gives tasks to any of its threads. The scheduler repeats a task
whose worker was lost (`distributed.scheduler.allowed-failures`, 3 times by default); writes are upserts and runs
resume, so that does no harm. Whatever else goes wrong with a group fails the runs of its sources and of no other.
"""

import json
import subprocess
import sys
from collections import Counter
from datetime import datetime
from importlib import import_module
from typing import Any

from crawler.errors import ConfigurationError, UsageError
from crawler.runner import RunSummary, crawl
from crawler.sources import Source

__all__ = ["crawl_group", "crawl_on_cluster"]


def crawl_on_cluster(
    sources: list[Source],
    *,
    scheduler: str,
    uri: str | None,
    database: str,
    since: datetime | None = None,
    limit: int | None = None,
    settings: dict[str, Any] | None = None,
) -> list[RunSummary]:
    """Crawl sources on the workers of a Dask scheduler; the runs in the order of the sources.

    Args:
        sources: what to crawl; sources of one host stay together.
        scheduler: address of the scheduler, as `tcp://10.0.0.5:8786`.
        uri: MongoDB that every worker reaches.
        database: name of the database.
        since: ask only for what changed after this moment.
        limit: stop each source after this many records.
        settings: Scrapy settings that replace those of `crawler.settings`; a file that they name must be there
            on every worker.

    Raises:
        UsageError: no shared database is configured, or Dask is not installed.
        ConfigurationError: the scheduler cannot be reached.
    """
    if not uri:
        raise UsageError("--cluster needs MONGODB_URI: the workers cannot reach an embedded database")
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise UsageError("--cluster needs Dask: run pip install '.[cluster]'") from error
    groups: dict[str, list[dict[str, Any]]] = {}
    for source in sources:
        groups.setdefault(source.host, []).append(source.model_dump(mode="json"))
    work: dict[str, Any] = {
        "uri": uri, "database": database, "since": since.isoformat() if since else None, "limit": limit,
        "settings": settings,
    }  # fmt: skip
    try:
        client = distributed.Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:  # an address that does not answer, or is none
        raise ConfigurationError(f"the Dask scheduler {scheduler} cannot be reached: {error}") from error
    with client:
        tasks = {
            host: client.submit(crawl_group, {**work, "sources": group}, pure=False, key=f"crawl-{host}")
            for host, group in groups.items()
        }
        found = {row["source"]: row for host, task in tasks.items() for row in _answer(task, groups[host])}
    return [_summary(found[source.id]) for source in sources]


def crawl_group(work: dict[str, Any]) -> list[dict[str, Any]]:
    """Crawl the sources of one host in a new process; runs on a worker.

    Returns:
        the fields of one `RunSummary` per source; where the process ended without an answer they are failed, with
        its last words as the error.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "crawler.cluster"],
            input=json.dumps(work),
            capture_output=True,
            text=True,
            check=True,
        )
        rows: list[dict[str, Any]] = json.loads(done.stdout)
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or ["it said nothing"]
        return _failed(work["sources"], f"the crawl process ended with code {error.returncode}: {said[-1]}")
    except (OSError, ValueError) as error:  # it cannot be started, or what it wrote is no JSON
        return _failed(work["sources"], f"the crawl process gave no answer: {error}")
    return rows


def _answer(task: Any, sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Wait for a task; its rows, or failed ones where the scheduler gave it up."""
    try:
        rows: list[dict[str, Any]] = task.result()
    except Exception as error:  # noqa: BLE001 (one group must not take the others' runs with it)
        return _failed(sources, f"the cluster lost the task: {type(error).__name__}: {error}")
    return rows


def _failed(sources: list[dict[str, Any]], error: str) -> list[dict[str, Any]]:
    """Rows of runs that nobody can tell more about; the ledger may hold them under a number of their own."""
    return [
        {"run_id": "", "source": source["id"], "state": "failed", "outcomes": {}, "error": error}
        for source in sources
    ]


def _summary(row: dict[str, Any]) -> RunSummary:
    return RunSummary(**{**row, "outcomes": Counter(row["outcomes"])})


def _main() -> None:
    """Read the work from standard input, crawl, write the runs to standard output."""
    from dataclasses import fields

    from crawler.schema import signals_schema
    from storage.collections import migrate
    from storage.connection import open_database

    work = json.load(sys.stdin)
    sources = [Source.model_validate(row) for row in work["sources"]]
    since = datetime.fromisoformat(work["since"]) if work["since"] else None
    with open_database(work["uri"], name=work["database"]) as db:
        migrate(db, signals_schema())
        runs = crawl(
            sources, db=db, since=since, limit=work["limit"], settings=work["settings"], trigger="cluster"
        )
    # not `asdict`: it rebuilds a Counter from its pairs and counts those
    json.dump([{part.name: getattr(run, part.name) for part in fields(run)} for run in runs], sys.stdout)


if __name__ == "__main__":
    _main()
