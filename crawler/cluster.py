"""Hand host groups to a Dask scheduler: one task is all sources of one host, so politeness holds across machines.

Each task crawls in a process of its own (`python -m crawler.cluster`), because Twisted's reactor belongs to one
thread for the life of a process while a worker gives tasks to any of its threads. Writes are upserts and runs
resume, so a task that the scheduler repeats after losing a worker does no harm.
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

REPEATS = 2
"""How often a task is repeated whose worker was lost."""


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
        tasks = [
            client.submit(
                crawl_group, {**work, "sources": group}, pure=False, retries=REPEATS, key=f"crawl-{host}"
            )
            for host, group in groups.items()
        ]
        found = {row["source"]: row for rows in client.gather(tasks) for row in rows}
    return [_summary(found[source.id]) for source in sources]


def crawl_group(work: dict[str, Any]) -> list[dict[str, Any]]:
    """Crawl the sources of one host in a new process; runs on a worker.

    Raises:
        RuntimeError: the process ended without an answer; carries its last words.
    """
    done = subprocess.run(
        [sys.executable, "-m", "crawler.cluster"],
        input=json.dumps(work),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the crawl process ended with code {done.returncode}: {done.stderr[-1000:]}")
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


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
